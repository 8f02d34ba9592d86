package io.plumbline.drift;

import io.plumbline.data.CsvReader;
import io.plumbline.data.CsvTable;
import io.plumbline.drift.internal.profile.Counts;
import io.plumbline.drift.internal.profile.CsvFeed;
import io.plumbline.drift.internal.profile.Frame;
import io.plumbline.drift.internal.profile.OtherColumns;
import io.plumbline.drift.internal.profile.Tally;
import io.plumbline.drift.log.LogBatch;
import io.plumbline.drift.log.LogSchema;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Counts rows into the bins and categories of a profile, in a few nanoseconds a value and without
 * allocation. One counter serves one thread; the counts of several are merged.
 *
 * <p>Columns are named by their position in the profile; {@link #column} finds it. A row that does
 * not mention a column leaves that column's counts as they are: call {@link #countMissing}.
 *
 * <pre>{@code
 * ProfileCounter counter = profile.counter();
 * int temperature = counter.column("temp");
 * counter.count(temperature, 71.6);
 * WindowCounts window = counter.take();
 * }</pre>
 */
public final class ProfileCounter {
  private static final String RATE = "_sample_rate";

  private final Frame frame;
  private final Tally[] tallies;
  private final OtherColumns others = new OtherColumns();
  private @Nullable ScoreHistogram scores; // made by the first score

  ProfileCounter(Frame frame) {
    this.frame = frame;
    this.tallies = frame.columns().stream().map(Tally::new).toArray(Tally[]::new);
  }

  /**
   * The position of a column.
   *
   * @throws IllegalArgumentException if the profile has none of that name
   */
  public int column(String name) {
    return frame.position(Objects.requireNonNull(name, "name"));
  }

  /** The number of columns. */
  public int columns() {
    return tallies.length;
  }

  /**
   * Counts a number: NaN and the infinities apart, in a column of categories by its text.
   *
   * @param column the column's position
   */
  public void count(int column, double value) {
    tallies[column].number(value);
  }

  /** Counts a truth value; in a column of numbers, as 0 or 1. */
  public void countBoolean(int column, boolean value) {
    tallies[column].flag(value);
  }

  /**
   * Counts a category by its code.
   *
   * @param code the position in {@link ColumnProfile#categories()}; that many for one of the
   *     reference's others, and anything else for a new one. {@link #categoryCode} finds it
   */
  public void countCategory(int column, int code) {
    tallies[column].code(code);
  }

  /** Counts a text: by category, by length, or as an id; in a column of numbers, as mistyped. */
  public void countText(int column, CharSequence text) {
    tallies[column].text(text);
  }

  /** Counts a row without a value. */
  public void countMissing(int column) {
    tallies[column].missing();
  }

  /**
   * The code of a category, to be counted again and again: its position, the number of categories
   * for one of the others, -1 for a new one.
   */
  public int categoryCode(int column, CharSequence text) {
    return tallies[column].codeOf(text);
  }

  /**
   * Counts the score of a row by the decision made from it, beside the columns: what {@link Cbpe}
   * estimates the window's performance from. Call it for every row of a window or for none.
   *
   * @param score the probability of the positive class; NaN for a row that got no prediction
   * @param positive whether the row is predicted positive
   */
  public void countScore(double score, boolean positive) {
    histogram().count(score, positive);
  }

  private ScoreHistogram histogram() {
    ScoreHistogram made = scores;
    if (made == null) {
      made = new ScoreHistogram();
      scores = made;
    }
    return made;
  }

  /** Counts numbers, as {@link #count(int, double)} does each. */
  public void countAll(int column, double[] values) {
    tallies[column].numbers(values, 0, values.length);
  }

  /** Counts some of the numbers of an array, from one position up to another, exclusively. */
  public void countAll(int column, double[] values, int from, int to) {
    Objects.checkFromToIndex(from, to, values.length);
    tallies[column].numbers(values, from, to);
  }

  /** Counts whole numbers; beyond 2^53 as the nearest double. */
  public void countAll(int column, long[] values) {
    Tally tally = tallies[column];
    for (long value : values) {
      tally.number((double) value);
    }
  }

  /** Counts truth values. */
  public void countAll(int column, boolean[] values) {
    for (boolean value : values) {
      tallies[column].flag(value);
    }
  }

  /** Counts texts; null is a missing value. */
  public void countAll(int column, @Nullable String[] values) {
    for (String value : values) {
      if (value == null) {
        tallies[column].missing();
      } else {
        tallies[column].text(value);
      }
    }
  }

  /** Counts codes of categories, as {@link #countCategory} does each. */
  public void countCodes(int column, int[] codes) {
    countCodes(column, codes, 0, codes.length);
  }

  /** Counts some of the codes of an array, from one position up to another, exclusively. */
  public void countCodes(int column, int[] codes, int from, int to) {
    Objects.checkFromToIndex(from, to, codes.length);
    Tally tally = tallies[column];
    for (int i = from; i < to; i++) {
      tally.code(codes[i]);
    }
  }

  /**
   * Counts all rows that a CSV file still has, by the names of its columns, and leaves it open.
   * Empty cells are missing; columns that only one side has are left alone.
   */
  public void countAll(CsvReader csv) {
    others.add(csv.columns(), frame, CsvFeed.count(csv, frame, tallies));
  }

  /**
   * Counts all rows of a table, by the names of its columns. Empty cells are missing; columns that
   * only the profile has are left alone, others are remembered by their names.
   */
  public void countAll(CsvTable table) {
    CsvFeed.count(table, frame, tallies);
    others.add(table.columns(), frame, table.rows());
  }

  /**
   * Counts rows of a prediction log, or of another file of columns, by the columns' names. Columns
   * that only the profile has are left alone, others are remembered by their names. Scores of a
   * sampled log are not counted: they are not those of all rows, and have a weight.
   */
  public void countAll(LogBatch rows) {
    others.add(
        rows.columns().stream().filter(name -> hasDistribution(rows.kind(name))).toList(),
        frame,
        rows.rows());
    countScores(rows);
    for (String name : rows.columns()) {
      int column = frame.find(name);
      if (column >= 0) {
        count(tallies[column], name, rows);
      }
    }
  }

  /** No distribution of single values says anything about an embedding. */
  private static boolean hasDistribution(LogBatch.Kind kind) {
    return kind != LogBatch.Kind.EMBEDDING && kind != LogBatch.Kind.OTHER;
  }

  private void countScores(LogBatch rows) {
    if (!isNumber(rows, LogSchema.SCORE) || !isNumber(rows, LogSchema.THRESHOLD)) {
      return;
    }
    double[] said = rows.doubles(LogSchema.SCORE);
    double[] thresholds = rows.doubles(LogSchema.THRESHOLD);
    double[] rates = isNumber(rows, RATE) ? rows.doubles(RATE) : new double[0];
    for (int row = 0; row < said.length; row++) {
      if (rates.length == 0 || rates[row] == 1) {
        countScore(said[row], said[row] >= thresholds[row]);
      }
    }
  }

  private static boolean isNumber(LogBatch rows, String name) {
    return rows.has(name) && rows.kind(name) == LogBatch.Kind.NUMBER;
  }

  private static void count(Tally tally, String name, LogBatch rows) {
    switch (rows.kind(name)) {
      case NUMBER, INTEGER, TIME, BOOLEAN -> {
        boolean truth = rows.kind(name) == LogBatch.Kind.BOOLEAN;
        double[] values = rows.doubles(name);
        for (int row = 0; row < values.length; row++) {
          if (rows.isNull(name, row)) {
            tally.missing();
          } else if (truth) {
            tally.flag(values[row] != 0);
          } else {
            tally.number(values[row]);
          }
        }
      }
      case TEXT, CATEGORY -> {
        for (String text : rows.texts(name)) {
          if (text == null) {
            tally.missing();
          } else {
            tally.text(text);
          }
        }
      }
      case NOTHING -> {
        for (int row = 0; row < rows.rows(); row++) {
          tally.missing();
        }
      }
      case EMBEDDING, OTHER -> {
        // hasDistribution says why
      }
    }
  }

  /**
   * Adds what was counted elsewhere.
   *
   * @throws IllegalArgumentException if it was counted into other bins
   */
  public void add(WindowCounts window) {
    if (!window.frame().digest().equals(frame.digest())) {
      throw new IllegalArgumentException(
          "the window was counted into the bins of another profile; it cannot be added");
    }
    for (int i = 0; i < tallies.length; i++) {
      tallies[i].add(window.counts().get(i));
    }
    others.add(window.others());
    ScoreHistogram more = window.someScores();
    if (more != null) {
      histogram().merge(more);
    }
  }

  /** What was counted so far; counting goes on. */
  public WindowCounts snapshot() {
    List<Counts> counts = Arrays.stream(tallies).map(Tally::counts).toList();
    ScoreHistogram copy = scores == null ? null : scores.copy();
    return new WindowCounts(frame, counts, others.seen(), copy, null, null);
  }

  /** What was counted so far; counting starts anew. */
  public WindowCounts take() {
    WindowCounts window = snapshot();
    for (Tally tally : tallies) {
      tally.reset();
    }
    others.reset();
    scores = null;
    return window;
  }
}
