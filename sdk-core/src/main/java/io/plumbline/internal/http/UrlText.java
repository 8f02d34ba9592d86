package io.plumbline.internal.http;

import java.nio.charset.StandardCharsets;

/** Encodes what goes into an address: RFC 3986, section 2. */
public final class UrlText {
  private static final String UNRESERVED =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  private UrlText() {}

  /** Encodes one part: all but letters, digits and {@code -._~} of ASCII becomes percent signs. */
  public static String encode(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    append(out, text);
    return out.toString();
  }

  /** Encodes a path of several parts, whose slashes stay. */
  public static String encodePath(String path) {
    StringBuilder out = new StringBuilder(path.length() + 16);
    int from = 0;
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', from)) {
      append(out, path.substring(from, slash));
      out.append('/');
      from = slash + 1;
    }
    append(out, path.substring(from));
    return out.toString();
  }

  private static void append(StringBuilder out, String text) {
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (b > 0 && UNRESERVED.indexOf(b) >= 0) {
        out.append((char) b);
      } else {
        out.append('%').append(HEX[(b >> 4) & 15]).append(HEX[b & 15]);
      }
    }
  }
}
