/** Tests of bins, counters and sketches. */
@NullMarked
package io.plumbline.drift.internal.profile;

import org.jspecify.annotations.NullMarked;
