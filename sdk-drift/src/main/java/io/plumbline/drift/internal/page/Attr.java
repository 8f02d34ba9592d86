package io.plumbline.drift.internal.page;

/**
 * The attributes that any text may be written into. Those whose value a browser follows or runs
 * ({@code href}, {@code src}, {@code style}, {@code on...}) are not among them.
 */
public enum Attr {
  CLASS("class"),
  ID("id"),
  TITLE("title"),
  ALT("alt"),
  LANG("lang"),
  ROLE("role"),
  SCOPE("scope"),
  HIDDEN("hidden"),
  OPEN("open"),
  TABINDEX("tabindex"),
  DATETIME("datetime"),
  COLSPAN("colspan"),
  TYPE("type"),
  LOADING("loading"),
  ARIA_LABEL("aria-label"),
  ARIA_LABELLEDBY("aria-labelledby"),
  ARIA_HIDDEN("aria-hidden"),
  /** What a cell is sorted by. */
  DATA_V("data-v"),
  /** What a filter is for. */
  DATA_FILTER("data-filter"),
  /** The number of an entry in the page's data. */
  DATA_I("data-i"),
  /** The verdict of an entry. */
  DATA_STATE("data-state"),
  // Of pictures:
  X("x"),
  Y("y"),
  X1("x1"),
  X2("x2"),
  Y1("y1"),
  Y2("y2"),
  D("d"),
  WIDTH("width"),
  HEIGHT("height"),
  VIEW_BOX("viewBox"),
  PRESERVE_ASPECT_RATIO("preserveAspectRatio"),
  TEXT_ANCHOR("text-anchor");

  private final String label;

  Attr(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }
}
