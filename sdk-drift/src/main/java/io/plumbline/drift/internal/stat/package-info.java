/** Distributions and distances of counts. Nothing here is API. */
@NullMarked
package io.plumbline.drift.internal.stat;

import org.jspecify.annotations.NullMarked;
