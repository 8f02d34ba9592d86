/** Tests of the arithmetic behind evaluations. */
@NullMarked
package io.plumbline.drift.internal;

import org.jspecify.annotations.NullMarked;
