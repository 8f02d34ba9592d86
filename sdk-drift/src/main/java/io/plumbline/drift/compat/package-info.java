/**
 * Compatibility modes: the drift figures of Evidently, NannyML and scipy, as those tools compute
 * them from raw columns. For alarms of one's own, use the drift report of the package above.
 */
@NullMarked
package io.plumbline.drift.compat;

import org.jspecify.annotations.NullMarked;
