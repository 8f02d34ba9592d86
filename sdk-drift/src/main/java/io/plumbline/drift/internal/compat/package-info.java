/** The formulas of Evidently, NannyML and scipy, quirk by quirk. */
@NullMarked
package io.plumbline.drift.internal.compat;

import org.jspecify.annotations.NullMarked;
