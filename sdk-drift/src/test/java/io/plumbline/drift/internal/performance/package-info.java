/** Tests of the arithmetic behind performance windows and estimates. */
@NullMarked
package io.plumbline.drift.internal.performance;

import org.jspecify.annotations.NullMarked;
