/** The kit that proves a backend, and the fakes that its tests need. */
@NullMarked
package io.plumbline.tck;

import org.jspecify.annotations.NullMarked;
