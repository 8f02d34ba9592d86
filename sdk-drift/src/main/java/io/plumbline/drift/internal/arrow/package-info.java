/**
 * Arrow's IPC format from and into plain arrays, with nothing of Arrow but its message classes.
 * Nothing here is API.
 */
@NullMarked
package io.plumbline.drift.internal.arrow;

import org.jspecify.annotations.NullMarked;
