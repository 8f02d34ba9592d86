package io.plumbline.drift.internal.profile;

/** Something that takes a column's values one by one. */
interface Values {
  /** Takes a number. */
  void number(double value);

  /** Takes a text. */
  void text(CharSequence text);

  /** Takes a truth value. */
  void flag(boolean value);

  /** Takes a row without a value. */
  void missing();
}
