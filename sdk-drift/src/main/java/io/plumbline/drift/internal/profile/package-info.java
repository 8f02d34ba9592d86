/** Bins, counters and sketches behind profiles. Nothing here is API. */
@NullMarked
package io.plumbline.drift.internal.profile;

import org.jspecify.annotations.NullMarked;
