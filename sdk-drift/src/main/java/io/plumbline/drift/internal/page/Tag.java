package io.plumbline.drift.internal.page;

import java.util.Locale;

/** The elements that pages are made of: one that is not here cannot be written. */
public enum Tag {
  A,
  ARTICLE,
  ASIDE,
  B,
  BDI,
  BUTTON,
  CAPTION,
  CODE,
  DD,
  DETAILS,
  DIV,
  DL,
  DT,
  FIGCAPTION,
  FIGURE,
  FOOTER,
  H1,
  H2,
  H3,
  HEADER,
  IMG(true),
  LI,
  MAIN,
  NAV,
  OL,
  P,
  SECTION,
  SMALL,
  SPAN,
  SUMMARY,
  TABLE,
  TBODY,
  TD,
  TH,
  THEAD,
  TIME,
  TR,
  UL,
  // Of pictures:
  SVG,
  TITLE,
  DESC,
  G,
  LINE,
  PATH,
  RECT,
  TEXT;

  private final boolean empty;

  Tag() {
    this(false);
  }

  Tag(boolean empty) {
    this.empty = empty;
  }

  /** Returns whether it has no content and no end. */
  boolean empty() {
    return empty;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
