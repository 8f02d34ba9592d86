package io.plumbline.model;

/**
 * One input or output of a model: a column, a tensor, or a type of MLflow's that has no word here.
 */
public sealed interface FieldSpec permits ColumnSpec, TensorSpec, OtherSpec {
  /** The name; empty if it has none. */
  String name();

  /** Whether every call has it. */
  boolean required();
}
