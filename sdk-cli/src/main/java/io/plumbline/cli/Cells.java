package io.plumbline.cli;

import io.plumbline.internal.Printable;

/** Measures and cuts text by the cells that it takes on a terminal. */
final class Cells {
  private Cells() {}

  /** Returns how many cells a printable text takes. */
  static int width(String text) {
    int width = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      width += width(c);
    }
    return width;
  }

  private static int width(int c) {
    if (c < 0x300) {
      return 1;
    }
    int type = Character.getType(c);
    if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
      return 0;
    }
    return isWide(c) ? 2 : 1;
  }

  /** The ranges that Unicode's table of East Asian widths calls wide, coarsely. */
  private static boolean isWide(int c) {
    return c >= 0x1100 && c <= 0x115f
        || c >= 0x2e80 && c <= 0xa4cf && c != 0x303f
        || c >= 0xac00 && c <= 0xd7a3
        || c >= 0xf900 && c <= 0xfaff
        || c >= 0xfe30 && c <= 0xfe6f
        || c >= 0xff00 && c <= 0xff60
        || c >= 0xffe0 && c <= 0xffe6
        || c >= 0x1f300 && c <= 0x1f64f
        || c >= 0x1f680 && c <= 0x1f6ff
        || c >= 0x1f900 && c <= 0x1faff
        || c >= 0x20000 && c <= 0x3fffd;
  }

  /** Returns the text cut to a width, with an ellipsis where something is left out. */
  static String cut(String text, int width, String ellipsis) {
    if (width(text) <= width) {
      return text;
    }
    int room = width - width(ellipsis);
    int used = 0;
    int i = 0;
    while (i < text.length()) {
      int c = text.codePointAt(i);
      if (used + width(c) > room) {
        break;
      }
      used += width(c);
      i += Character.charCount(c);
    }
    return room <= 0 ? ellipsis.substring(0, Math.max(0, width)) : text.substring(0, i) + ellipsis;
  }

  /** Returns spaces that fill a text up to a width. */
  static String fill(String text, int width) {
    return " ".repeat(Math.max(0, width - width(text)));
  }

  /** Returns a text from outside as one that may be shown, whatever its length. */
  static String show(String text) {
    return Printable.escape(text);
  }
}
