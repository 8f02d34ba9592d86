package io.plumbline.drift.internal.page;

import java.util.List;
import java.util.Map;

/** The small parts that pages are put together from. */
public final class Blocks {
  private Blocks() {}

  /**
   * A figure that stands large at the top of a page.
   *
   * @param name what it is
   * @param value the figure
   * @param more a line below it; may be empty
   * @param state its colour; NONE for that of text
   */
  public record Fact(String name, String value, String more, State state) {
    /** A figure of no state. */
    public static Fact of(String name, String value, String more) {
      return new Fact(name, value, more, State.NONE);
    }
  }

  /** Writes figures beside each other. */
  public static void facts(Html html, List<Fact> facts) {
    html.open(Tag.DL, "facts");
    for (Fact fact : facts) {
      html.open(Tag.DIV);
      if (fact.state() != State.NONE) {
        html.attr(Attr.CLASS, fact.state().label());
      }
      html.leaf(Tag.DT, fact.name()).open(Tag.DD).text(fact.value());
      if (!fact.more().isEmpty()) {
        html.leaf(Tag.SMALL, fact.more());
      }
      html.close().close();
    }
    html.close().line();
  }

  /** Writes names with their values, one a line. */
  public static void pairs(Html html, Map<String, String> pairs) {
    html.open(Tag.DL, "pairs");
    pairs.forEach((name, value) -> html.leaf(Tag.DT, name).leaf(Tag.DD, value));
    html.close().line();
  }

  /** Writes what a reader should know before trusting the rest. */
  public static void notes(Html html, List<String> notes) {
    if (notes.isEmpty()) {
      return;
    }
    html.open(Tag.DIV, "note").attr(Attr.ROLE, "note");
    notes.forEach(note -> html.leaf(Tag.P, note));
    html.close().line();
  }

  /** Writes what the colours of two distributions mean. */
  public static void pairLegend(Html html, String reference, String current) {
    html.open(Tag.UL, "legend");
    html.open(Tag.LI).open(Tag.SPAN, "key reference").close().text(reference).close();
    html.open(Tag.LI).open(Tag.SPAN, "key current").close().text(current).close();
    html.close();
  }
}
