/** The kit that proves a backend, and the fakes and helpers that its tests need. */
@NullMarked
package io.plumbline.tck;

import org.jspecify.annotations.NullMarked;
