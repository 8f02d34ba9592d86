package io.plumbline.serving;

/** A live model that takes and gives records. */
public interface TypedModel<I extends Record, O extends Record> {
  /** Predicts one row. */
  O predict(I input);
}
