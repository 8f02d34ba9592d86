package io.plumbline.drift.internal.profile;

/** What a category's text may be, whatever a caller sends. */
public final class Texts {
  /** Longer texts are told apart by this many UTF-16 units only. */
  public static final int LONGEST = 512;

  private Texts() {}

  /** Returns the text as it is kept: cut to {@link #LONGEST} units, with no lone surrogate. */
  public static String normal(CharSequence text) {
    int length = Math.min(text.length(), LONGEST);
    StringBuilder out = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (!Character.isSurrogate(c)) {
        out.append(c);
      } else if (Character.isHighSurrogate(c)
          && i + 1 < length
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        out.append(c).append(text.charAt(++i));
      } else {
        out.append('\uFFFD');
      }
    }
    return out.toString();
  }

  /** Returns whether {@link #normal} would change a text. */
  static boolean odd(CharSequence text) {
    if (text.length() > LONGEST) {
      return true;
    }
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return true; // perhaps a pair: normal() finds out
      }
    }
    return false;
  }

  /** Returns a number as the text of a category: 3 for 3.0. */
  public static String ofNumber(double value) {
    return value == Math.rint(value) && Math.abs(value) < 0x1p53
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
