/**
 * The arithmetic behind evaluations: sorted tables of rows, sums, intervals and the drawing of
 * pictures. Nothing here is API.
 */
@NullMarked
package io.plumbline.drift.internal;

import org.jspecify.annotations.NullMarked;
