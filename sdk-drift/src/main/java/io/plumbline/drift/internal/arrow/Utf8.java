package io.plumbline.drift.internal.arrow;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.CharBuffer;

/** UTF-8 from text, without a byte array in between. */
final class Utf8 {
  private static final int REPLACEMENT = '?';

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long NOT_ASCII = 0x8080808080808080L;

  private Utf8() {}

  /** The most bytes that a text may need. */
  static int bound(CharSequence text) {
    return Math.multiplyExact(3, text.length());
  }

  /**
   * Writes a text; half a surrogate pair becomes a question mark, as the JDK does it.
   *
   * @param to has room for {@link #bound} bytes from there on
   * @return the place behind the last byte
   */
  static int encode(CharSequence text, byte[] to, int at) {
    int length = text.length();
    int i = 0;
    for (; i < length; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        break;
      }
      to[at++] = (byte) c;
    }
    return i == length ? at : encodeFrom(text, i, to, at);
  }

  /** Writes some characters in the same way. */
  static int encode(char[] chars, int from, int length, byte[] to, int at) {
    for (int i = from, end = from + length; i < end; i++) {
      char c = chars[i];
      if (c >= 0x80) {
        return encodeFrom(CharBuffer.wrap(chars, i, end - i), 0, to, at);
      }
      to[at++] = (byte) c;
    }
    return at;
  }

  private static int encodeFrom(CharSequence text, int i, byte[] to, int at) {
    for (int length = text.length(); i < length; i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        to[at++] = (byte) c;
      } else if (c < 0x800) {
        to[at++] = (byte) (0xc0 | c >> 6);
        to[at++] = (byte) (0x80 | c & 0x3f);
      } else if (!Character.isSurrogate(c)) {
        to[at++] = (byte) (0xe0 | c >> 12);
        to[at++] = (byte) (0x80 | c >> 6 & 0x3f);
        to[at++] = (byte) (0x80 | c & 0x3f);
      } else if (Character.isHighSurrogate(c)
          && i + 1 < length
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        int point = Character.toCodePoint(c, text.charAt(++i));
        to[at++] = (byte) (0xf0 | point >> 18);
        to[at++] = (byte) (0x80 | point >> 12 & 0x3f);
        to[at++] = (byte) (0x80 | point >> 6 & 0x3f);
        to[at++] = (byte) (0x80 | point & 0x3f);
      } else {
        to[at++] = REPLACEMENT;
      }
    }
    return at;
  }

  /**
   * Whether some bytes are well-formed UTF-8, as every reader of the files expects: neither
   * overlong forms, nor surrogates, nor anything beyond U+10FFFF.
   */
  static boolean isValid(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to) {
      if (i + Long.BYTES <= to && ((long) LONGS.get(bytes, i) & NOT_ASCII) == 0) {
        i += Long.BYTES;
        continue;
      }
      int b = bytes[i];
      if (b >= 0) {
        i++;
        continue;
      }
      int n = lengthOf(b & 0xff, i + 1 < to ? bytes[i + 1] & 0xff : 0);
      if (n == 0 || i + n > to) {
        return false;
      }
      for (int k = 2; k < n; k++) {
        if ((bytes[i + k] & 0xc0) != 0x80) {
          return false;
        }
      }
      i += n;
    }
    return true;
  }

  /** The length of a sequence by its first two bytes; 0 if no sequence begins so. */
  private static int lengthOf(int first, int second) {
    boolean continues = (second & 0xc0) == 0x80;
    if (!continues || first < 0xc2 || first > 0xf4) {
      return 0;
    }
    if (first < 0xe0) {
      return 2;
    }
    if (first < 0xf0) {
      boolean wrong = first == 0xe0 && second < 0xa0 || first == 0xed && second > 0x9f;
      return wrong ? 0 : 3;
    }
    boolean wrong = first == 0xf0 && second < 0x90 || first == 0xf4 && second > 0x8f;
    return wrong ? 0 : 4;
  }
}
