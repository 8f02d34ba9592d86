package io.plumbline.drift.internal.arrow;

/** A number of 32 bits as 8 lower-case hex digits. */
record HexDigits(int value) implements CharSequence {
  @Override
  public int length() {
    return 8;
  }

  @Override
  public char charAt(int index) {
    return Character.forDigit(value >>> 28 - 4 * index & 0xf, 16);
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return toString().substring(start, end);
  }

  @Override
  public String toString() {
    return new StringBuilder(8).append(this, 0, 8).toString();
  }
}
