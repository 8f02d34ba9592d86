/** Runs each sample as a user does, in a JVM of its own, and reads back what it has tracked. */
@NullMarked
package io.plumbline.samples;

import org.jspecify.annotations.NullMarked;
