/**
 * The prediction log: one row for each prediction, in columns, in files that pandas, polars,
 * pyarrow and duckdb read as they are. What writes it, what reads it, and what repairs it after a
 * crash.
 */
@NullMarked
package io.plumbline.drift.log;

import org.jspecify.annotations.NullMarked;
