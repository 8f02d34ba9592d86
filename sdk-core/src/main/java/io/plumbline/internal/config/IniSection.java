package io.plumbline.internal.config;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one section of an INI text as Python's {@code configparser} does: keys in any letters, an
 * equals sign or a colon behind them, comments on lines of their own, and deeper lines that go on
 * with a value. The section {@code DEFAULT} has what the section itself has not.
 */
final class IniSection {

  private static final String DEFAULT = "DEFAULT";

  private final String wanted;
  private final Map<String, String> values = new HashMap<>();
  private final Map<String, String> defaults = new HashMap<>();
  private @Nullable String section;
  private @Nullable String key;
  private int indent;

  private IniSection(String wanted) {
    this.wanted = wanted;
  }

  /**
   * Reads a text.
   *
   * @return the values by their keys in small letters; empty if there is no such section
   * @throws BadValueException when the text is not in the format; the message has the number of the
   *     line, and nothing of its content
   */
  static Map<String, String> read(String text, String section) throws BadValueException {
    IniSection reader = new IniSection(section);
    boolean there = false;
    int number = 0;
    for (String line : text.split("\r\n|\r|\n", -1)) {
      reader.line(line, ++number);
      there |= section.equals(reader.section);
    }
    if (!there) {
      return Map.of();
    }
    Map<String, String> found = new HashMap<>(reader.defaults);
    found.putAll(reader.values);
    found.replaceAll((key, value) -> value.stripTrailing());
    return found;
  }

  private void line(String line, int number) throws BadValueException {
    String content = line.strip();
    if (content.isEmpty() || content.startsWith("#") || content.startsWith(";")) {
      return;
    }
    int depth = line.indexOf(content.charAt(0));
    if (section != null && key != null && depth > indent) {
      current().merge(key, content, (before, more) -> before + "\n" + more);
      return;
    }
    indent = depth;
    int end = content.lastIndexOf(']');
    if (content.startsWith("[") && end > 1) {
      section = content.substring(1, end);
      key = null;
    } else if (section == null) {
      throw new BadValueException("line " + number + " stands before the first [section]");
    } else {
      option(content, number);
    }
  }

  private void option(String content, int number) throws BadValueException {
    int sign = 0;
    while (sign < content.length() && content.charAt(sign) != '=' && content.charAt(sign) != ':') {
      sign++;
    }
    if (sign == 0 || sign == content.length()) {
      throw new BadValueException("line " + number + " is not of the form key = value");
    }
    key = content.substring(0, sign).strip().toLowerCase(Locale.ROOT);
    String value = content.substring(sign + 1).strip();
    if (current().putIfAbsent(key, value) != null && relevant()) {
      throw new BadValueException("line " + number + " sets a key for the second time");
    }
  }

  private boolean relevant() {
    return wanted.equals(section) || DEFAULT.equals(section);
  }

  private Map<String, String> current() {
    if (wanted.equals(section)) {
      return values;
    }
    return DEFAULT.equals(section) ? defaults : new HashMap<>();
  }
}
