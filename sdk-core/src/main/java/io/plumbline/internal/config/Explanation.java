package io.plumbline.internal.config;

import io.plumbline.Config;
import io.plumbline.ConfigException;
import io.plumbline.internal.Printable;
import java.util.List;

/** Writes a configuration down for people: one line for each key, in three columns. */
public final class Explanation {

  /** A longer value moves only its own line, not the column of all. */
  private static final int MAX_WIDTH = 48;

  private Explanation() {}

  /**
   * Returns the lines.
   *
   * @param entries what to show
   * @param warnings sentences that follow
   */
  public static String text(List<Config.Entry> entries, List<String> warnings) {
    return text(new Explained(entries, warnings, List.of()));
  }

  /** The same, with what cannot be used at the end. */
  public static String text(Explained explained) {
    List<Config.Entry> entries = explained.entries();
    int keyWidth = 0;
    int valueWidth = 0;
    for (Config.Entry entry : entries) {
      keyWidth = Math.max(keyWidth, entry.key().length());
      valueWidth = Math.max(valueWidth, Math.min(MAX_WIDTH, shown(entry).length()));
    }
    StringBuilder text = new StringBuilder();
    for (Config.Entry entry : entries) {
      pad(text, entry.key(), keyWidth);
      pad(text, shown(entry), valueWidth);
      text.append(Printable.escape(entry.source())).append('\n');
    }
    for (String warning : explained.warnings()) {
      text.append("warning: ").append(Printable.escape(warning)).append('\n');
    }
    for (ConfigException problem : explained.problems()) {
      String why = String.valueOf(problem.getMessage());
      text.append("error: ").append(Printable.escape(why)).append('\n');
    }
    return text.toString();
  }

  private static String shown(Config.Entry entry) {
    return entry.value().isEmpty() ? "-" : Printable.escape(entry.value());
  }

  private static void pad(StringBuilder text, String cell, int width) {
    text.append(cell).append(" ".repeat(Math.max(0, width - cell.length()) + 2));
  }
}
