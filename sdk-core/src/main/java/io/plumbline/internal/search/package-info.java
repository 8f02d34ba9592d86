/**
 * Answers which runs a query means: MLflow's search grammar for filters and orders, parsed once
 * into pure functions over {@link io.plumbline.model.Run}.
 */
@NullMarked
package io.plumbline.internal.search;

import org.jspecify.annotations.NullMarked;
