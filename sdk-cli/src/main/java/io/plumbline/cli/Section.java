package io.plumbline.cli;

import java.util.Map;

/** What the pages of runs, models and versions are made of. */
final class Section {
  private Section() {}

  static void heading(Console console, String text, int count) {
    console.line();
    console.line(console.styled(text, Style.BOLD) + " (" + Format.count(count) + ")");
  }

  /** Prints keys and values. */
  static void texts(Console console, Map<String, String> texts, String indent) {
    Table table =
        new Table(console, indent)
            .column("", Table.Kind.TEXT)
            .column("", Table.Kind.YIELDING)
            .keep(2);
    texts.forEach((key, value) -> table.row().cell(key).cell(value));
    table.print();
  }
}
