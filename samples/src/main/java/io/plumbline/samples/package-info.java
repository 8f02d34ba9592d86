/** The samples: one class is one task with one main method, to be read as a tutorial. */
@NullMarked
package io.plumbline.samples;

import org.jspecify.annotations.NullMarked;
