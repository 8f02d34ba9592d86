/** The benchmarks: each measures figures that the project promises. */
@NullMarked
package io.plumbline.benchmarks;

import org.jspecify.annotations.NullMarked;
