package io.plumbline.drift.internal.page;

import java.util.Locale;

/** How a thing is, as a colour: always beside a word or a sign, never alone. */
public enum State {
  /** As it should be. */
  GOOD("✓"),
  /** To be looked at. */
  WARN("!"),
  /** Wrong. */
  BAD("✕"),
  /** Going on. */
  BUSY("…"),
  /** Nothing can be said. */
  NONE("–");

  private final String sign;

  State(String sign) {
    this.sign = sign;
  }

  /** Returns the name by which the style sheet and the filters know it. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Writes a word in this state's colour, with its sign before it. */
  public void badge(Html html, String word) {
    html.open(Tag.SPAN, "badge " + label());
    html.open(Tag.SPAN).attr(Attr.ARIA_HIDDEN, "true").text(sign).close().text(" " + word).close();
  }
}
