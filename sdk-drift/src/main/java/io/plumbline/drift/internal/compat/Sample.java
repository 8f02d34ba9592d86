package io.plumbline.drift.internal.compat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A column of raw values as pandas would hold it: numbers with NaN for missing ones, or texts coded
 * by a dictionary. Immutable; arrays are handed over, not copied.
 */
public final class Sample {
  private static final int MISSING = -1;
  private static final String[] NO_TEXTS = {};

  /** What pandas would call the column's type. */
  public enum Kind {
    FLOAT,
    INTEGER,
    BOOLEAN,
    TEXT
  }

  private final Kind kind;
  private final double[] values;
  private final int[] codes;
  private final String[] dictionary;

  private Sample(Kind kind, double[] values, int[] codes, String[] dictionary) {
    this.kind = kind;
    this.values = values;
    this.codes = codes;
    this.dictionary = dictionary;
  }

  /** Makes a column of numbers, or of booleans as 0 and 1. */
  public static Sample numbers(Kind kind, double[] values) {
    return new Sample(kind, values, new int[0], NO_TEXTS);
  }

  /** Makes a column of texts; null is a missing value. */
  public static Sample texts(List<? extends @Nullable String> texts) {
    Map<String, Integer> seen = new HashMap<>();
    List<String> dictionary = new ArrayList<>();
    int[] codes = new int[texts.size()];
    int row = 0;
    for (String text : texts) {
      Integer code = text == null ? Integer.valueOf(MISSING) : seen.get(text);
      if (code == null) {
        code = dictionary.size();
        seen.put(text, code);
        dictionary.add(text);
      }
      codes[row++] = code;
    }
    return new Sample(Kind.TEXT, new double[0], codes, dictionary.toArray(NO_TEXTS));
  }

  public Kind kind() {
    return kind;
  }

  /** All rows, missing ones included. */
  public int rows() {
    return kind == Kind.TEXT ? codes.length : values.length;
  }

  /** The numbers; for another kind than TEXT. */
  double[] values() {
    return values;
  }

  /** The numbers in ascending order, in an array of the caller's own. */
  double[] sorted() {
    return RadixSort.sorted(values);
  }

  int[] codes() {
    return codes;
  }

  String[] dictionary() {
    return dictionary;
  }

  /** The rows from one to another. */
  public Sample slice(int from, int to) {
    return kind == Kind.TEXT
        ? new Sample(kind, values, Arrays.copyOfRange(codes, from, to), dictionary)
        : numbers(kind, Arrays.copyOfRange(values, from, to));
  }

  /** The rows that have a value. */
  public Sample present() {
    return kind == Kind.TEXT ? presentTexts() : kept(false);
  }

  /** The rows that have a finite value. */
  public Sample finite() {
    return kind == Kind.TEXT ? presentTexts() : kept(true);
  }

  private Sample presentTexts() {
    int kept = 0;
    for (int code : codes) {
      kept += code == MISSING ? 0 : 1;
    }
    return kept == codes.length
        ? this
        : new Sample(
            kind, values, Arrays.stream(codes).filter(c -> c != MISSING).toArray(), dictionary);
  }

  /** Copies only when a row is gone; most columns are whole. */
  private Sample kept(boolean finite) {
    double most = finite ? Double.MAX_VALUE : Double.POSITIVE_INFINITY;
    int gone = 0;
    for (double value : values) {
      if (!(Math.abs(value) <= most)) { // NaN is not
        gone++;
      }
    }
    if (gone == 0) {
      return this;
    }
    double[] kept = new double[values.length - gone];
    int count = 0;
    for (double value : values) {
      if (Math.abs(value) <= most) {
        kept[count++] = value;
      }
    }
    return numbers(kind, kept);
  }

  /**
   * How many different values there are, missing ones not counted; stops counting above a limit.
   */
  public int distinct(int limit) {
    if (kind == Kind.TEXT) {
      return distinctTexts();
    }
    NumberSet seen = new NumberSet();
    for (double value : values) {
      if (!Double.isNaN(value) && seen.add(value) && seen.size() > limit) {
        break;
      }
    }
    return seen.size();
  }

  private int distinctTexts() {
    boolean[] seen = new boolean[dictionary.length];
    int distinct = 0;
    for (int code : codes) {
      if (code != MISSING && !seen[code]) {
        seen[code] = true;
        distinct++;
      }
    }
    return distinct;
  }

  /** Both columns' rows in one, as {@code pandas.concat} puts them. */
  static Sample both(Sample a, Sample b) {
    if (a.kind == Kind.TEXT || b.kind == Kind.TEXT) {
      List<@Nullable String> texts = new ArrayList<>(a.rows() + b.rows());
      a.addTexts(texts);
      b.addTexts(texts);
      return texts(texts);
    }
    double[] all = Arrays.copyOf(a.values, a.values.length + b.values.length);
    System.arraycopy(b.values, 0, all, a.values.length, b.values.length);
    return numbers(a.kind == b.kind ? a.kind : Kind.FLOAT, all);
  }

  private void addTexts(List<@Nullable String> texts) {
    for (int code : codes) {
      texts.add(code == MISSING ? null : dictionary[code]);
    }
  }
}
