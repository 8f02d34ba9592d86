/** The arithmetic behind performance windows and estimates. Nothing here is API. */
@NullMarked
package io.plumbline.drift.internal.performance;

import org.jspecify.annotations.NullMarked;
