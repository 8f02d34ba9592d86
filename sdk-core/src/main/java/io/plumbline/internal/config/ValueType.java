package io.plumbline.internal.config;

/**
 * What the value of a key may be: how it is read from text, and how it is shown.
 *
 * @param <T> the type of the value
 */
interface ValueType<T> {

  /** Returns what is accepted, for an error message: {@code a duration from 1ms to 1h, ...}. */
  String accepted();

  /**
   * Reads a value.
   *
   * @throws BadValueException when the text is not one; its message quotes the text, unless it may
   *     be a secret
   */
  T parse(String text) throws BadValueException;

  /** Returns the value as text that {@link #parse} reads back, or {@code [hidden]} for a secret. */
  String format(T value);
}
