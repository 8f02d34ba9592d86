package io.plumbline.serving.internal.capture;

import java.util.Arrays;

/** A text of a slot, in place: the same object is moved from text to text. For one thread. */
final class SlotText implements CharSequence {
  private char[] chars = {};
  private int from;
  private int length;

  /**
   * Moves to one of a row's texts.
   *
   * @param at the place among the longs of a slot that says where the text stands
   */
  SlotText move(Ring ring, int slot, int at) {
    int longs = slot * ring.longWidth;
    long range = ring.longs[longs + at];
    boolean spilled = (ring.longs[longs + RowLayout.FLAGS] & RowLayout.SPILLED) != 0;
    chars = spilled ? ring.spilled(slot) : ring.chars;
    from = RowLayout.from(range) + (spilled ? 0 : slot * ring.charWidth);
    length = RowLayout.length(range);
    return this;
  }

  /** Where its characters are, from {@link #from} on. */
  char[] array() {
    return chars;
  }

  int from() {
    return from;
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public char charAt(int index) {
    return chars[from + index];
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return toString().subSequence(start, end);
  }

  @Override
  public String toString() {
    return new String(chars, from, length);
  }

  /** Whether it has these characters. */
  boolean is(char[] others, int start, int end) {
    return Arrays.equals(chars, from, from + length, others, start, end);
  }

  /**
   * A hash that nobody can foresee who does not know the seed.
   *
   * @param seed odd
   */
  int hash(long seed) {
    long hash = seed;
    for (int i = from, end = from + length; i < end; i++) {
      hash = (hash ^ chars[i]) * seed;
      hash ^= hash >>> 32;
    }
    return (int) (hash ^ hash >>> 15);
  }
}
