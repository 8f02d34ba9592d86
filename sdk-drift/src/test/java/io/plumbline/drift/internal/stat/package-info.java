/** Tests of the distributions and distances. */
@NullMarked
package io.plumbline.drift.internal.stat;

import org.jspecify.annotations.NullMarked;
