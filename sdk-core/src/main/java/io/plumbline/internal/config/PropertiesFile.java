package io.plumbline.internal.config;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads the text of a {@code .properties} file as {@link java.util.Properties} does, and keeps the
 * number of each line.
 */
final class PropertiesFile {

  /**
   * One setting of the file.
   *
   * @param key the key, unescaped
   * @param value the value, unescaped
   * @param number the number of the line on which the key stands, from 1
   */
  record Line(String key, String value, int number) {}

  private final String text;
  private int next;
  private int number;

  private PropertiesFile(String text) {
    this.text = text;
  }

  /**
   * Reads a text.
   *
   * @throws BadValueException when a {@code \}{@code u} is not followed by four hexadecimal digits;
   *     the message has the number of the line, and nothing of its content
   */
  static List<Line> parse(String text) throws BadValueException {
    return new PropertiesFile(text).lines();
  }

  private List<Line> lines() throws BadValueException {
    List<Line> lines = new ArrayList<>();
    while (next < text.length()) {
      String first = naturalLine();
      int start = number;
      if (hasContent(first)) {
        lines.add(split(logicalLine(first), start));
      }
    }
    return lines;
  }

  /** Returns whether a setting begins here; a lone backslash is as good as an empty line. */
  private static boolean hasContent(String line) {
    return !line.isEmpty() && line.charAt(0) != '#' && line.charAt(0) != '!' && !line.equals("\\");
  }

  /** Takes the next line of the text, without the white space that it begins with. */
  private String naturalLine() {
    int start = next;
    while (next < text.length() && text.charAt(next) != '\n' && text.charAt(next) != '\r') {
      next++;
    }
    int end = next;
    if (next < text.length()) {
      boolean two = text.startsWith("\r\n", next);
      next += two ? 2 : 1;
    }
    number++;
    while (start < end && isWhite(text.charAt(start))) {
      start++;
    }
    return text.substring(start, end);
  }

  /** Adds the lines that continue a line which ends with a backslash. */
  private String logicalLine(String first) {
    StringBuilder line = new StringBuilder(first);
    while (endsWithEscape(line)) {
      line.setLength(line.length() - 1);
      if (next < text.length()) {
        line.append(naturalLine());
      } else {
        break;
      }
    }
    return line.toString();
  }

  private static boolean endsWithEscape(CharSequence line) {
    int backslashes = 0;
    for (int i = line.length() - 1; i >= 0 && line.charAt(i) == '\\'; i--) {
      backslashes++;
    }
    return backslashes % 2 == 1;
  }

  private static Line split(String line, int number) throws BadValueException {
    int keyEnd = 0;
    while (keyEnd < line.length()
        && !isWhite(line.charAt(keyEnd))
        && !isSign(line.charAt(keyEnd))) {
      keyEnd += line.charAt(keyEnd) == '\\' ? 2 : 1;
    }
    keyEnd = Math.min(keyEnd, line.length());
    int valueStart = skipWhite(line, keyEnd);
    if (valueStart < line.length() && isSign(line.charAt(valueStart))) {
      valueStart = skipWhite(line, valueStart + 1);
    }
    return new Line(
        unescape(line.substring(0, keyEnd), number),
        unescape(line.substring(valueStart), number),
        number);
  }

  private static int skipWhite(String line, int from) {
    int i = from;
    while (i < line.length() && isWhite(line.charAt(i))) {
      i++;
    }
    return i;
  }

  private static String unescape(String escaped, int number) throws BadValueException {
    if (escaped.indexOf('\\') < 0) {
      return escaped;
    }
    StringBuilder out = new StringBuilder(escaped.length());
    int i = 0;
    while (i < escaped.length()) {
      char c = escaped.charAt(i++);
      if (c != '\\' || i == escaped.length()) {
        out.append(c);
        continue;
      }
      char escape = escaped.charAt(i++);
      if (escape == 'u') {
        out.append(hex(escaped, i, number));
        i += 4;
      } else {
        int control = "tnrf".indexOf(escape);
        out.append(control < 0 ? escape : "\t\n\r\f".charAt(control));
      }
    }
    return out.toString();
  }

  private static char hex(String escaped, int from, int number) throws BadValueException {
    int code = 0;
    for (int i = from; i < from + 4; i++) {
      int digit = i < escaped.length() ? hexDigit(escaped.charAt(i)) : -1;
      if (digit < 0) {
        throw new BadValueException(
            "line " + number + " has a \\u that is not followed by four hexadecimal digits");
      }
      code = code * 16 + digit;
    }
    return (char) code;
  }

  private static int hexDigit(char c) {
    return c < 128 ? Character.digit(c, 16) : -1;
  }

  private static boolean isWhite(char c) {
    return c == ' ' || c == '\t' || c == '\f';
  }

  private static boolean isSign(char c) {
    return c == '=' || c == ':';
  }
}
