/** What every backend's metric histories have in common. */
@NullMarked
package io.plumbline.internal.history;

import org.jspecify.annotations.NullMarked;
