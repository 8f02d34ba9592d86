package io.plumbline.drift;

import java.util.Locale;

/** What the values of a column are, and so how a profile counts them. */
public enum ColumnKind {
  /** Numbers, counted into bins. */
  NUMERIC,
  /** Whole numbers, counted into bins; values that occur often have bins of their own. */
  INTEGER,
  /** False and true, counted as two categories. */
  BOOLEAN,
  /** Texts of which many rows share few, counted by value. */
  CATEGORY,
  /** Free texts; their lengths, in UTF-16 units, are counted into bins. */
  TEXT,
  /** Texts that name a row; only whether they are there is counted. */
  ID;

  /** Whether values are counted into bins of numbers; a text's number is its length. */
  public boolean binned() {
    return this == NUMERIC || this == INTEGER || this == TEXT;
  }

  /** Whether values are counted by category. */
  public boolean categorical() {
    return this == BOOLEAN || this == CATEGORY;
  }

  /** The name in a profile's JSON, such as {@code numeric}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
