package io.plumbline.internal.search;

import io.plumbline.internal.Printable;
import io.plumbline.model.MetricSummary;
import io.plumbline.model.Run;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The order of runs, in MLflow's search grammar: entries such as {@code metrics.auc DESC}, {@code
 * params.depth}, {@code start_time ASC}; the first weighs most, and without a direction the order
 * is ascending.
 *
 * <p>Texts are ordered by their code points, as SQLite does. In either direction runs whose metric
 * is NaN come after all numbers, and runs without the metric, param, tag or time at the end. Equal
 * runs are ordered by start time, newest first, then by id, so the order is total. The fields are
 * those of {@link RunFilter}, except datasets, of which a run may have many.
 *
 * <p>The results are those of MLflow 3.17's SQL store; blanks around an entry and the name {@code
 * `Run name`}, which are errors there, are accepted here, and the exceptions of {@link RunFilter}
 * for keys, tags, infinities and {@code artifact_uri} hold here too.
 */
public final class RunOrder {
  private static final Comparator<Run> NATURAL =
      Comparator.<Run>comparingLong(run -> Field.epochMillis(run.startTime()))
          .reversed()
          .thenComparing(Run::id, RunOrder::byCodePoint);

  private RunOrder() {}

  /**
   * Parses an order.
   *
   * @param orderBy the entries; empty for the newest run first
   * @throws IllegalArgumentException if an entry is not in the grammar or names a field a second
   *     time; the message shows the entry, points to the place and says what is accepted there
   */
  public static Comparator<Run> parse(List<String> orderBy) {
    Comparator<Run> order = null;
    Set<Field> seen = new HashSet<>();
    for (int i = 0; i < orderBy.size(); i++) {
      Comparator<Run> next = entry(new Cursor("order, entry " + (i + 1), orderBy.get(i)), seen);
      order = order == null ? next : order.thenComparing(next);
    }
    return order == null ? NATURAL : order.thenComparing(NATURAL);
  }

  private static Comparator<Run> entry(Cursor cursor, Set<Field> seen) {
    cursor.skipSpace();
    int start = cursor.at();
    Field field = FieldParser.read(cursor);
    if (field.kind() == Field.Kind.DATASET) {
      cursor.goTo(start);
      throw cursor.mistake("a run may have many datasets: they order nothing");
    }
    if (!seen.add(field)) {
      cursor.goTo(start);
      throw cursor.mistake(Printable.quote(field.toString()) + " is named twice");
    }
    boolean descending = descending(cursor);
    cursor.skipSpace();
    if (!cursor.atEnd()) {
      throw cursor.mistake(
          "the end of the entry is expected, not "
              + cursor.here()
              + "; each entry of the list has one field and at most one of ASC and DESC");
    }
    if (field.kind() == Field.Kind.METRIC) {
      return byMetric(field.key(), descending);
    }
    return field.time() ? byTime(field, descending) : byText(field, descending);
  }

  private static boolean descending(Cursor cursor) {
    cursor.skipSpace();
    int start = cursor.at();
    String word = cursor.word(false);
    switch (word.toUpperCase(Locale.ROOT)) {
      case "", "ASC" -> {
        return false;
      }
      case "DESC" -> {
        return true;
      }
      default -> {
        cursor.goTo(start);
        throw cursor.mistake("ASC or DESC is expected, not " + Printable.quote(word));
      }
    }
  }

  private static Comparator<Run> byMetric(String key, boolean descending) {
    return (a, b) -> {
      MetricSummary left = a.metrics().get(key);
      MetricSummary right = b.metrics().get(key);
      int byRank = Integer.compare(rank(left), rank(right));
      if (byRank != 0 || left == null || right == null) {
        return byRank;
      }
      // Not Double.compare, for which -0.0 is less than 0.0; two NaN are equal here.
      double x = left.last();
      double y = right.last();
      int sign = x < y ? -1 : x > y ? 1 : 0;
      return descending ? -sign : sign;
    };
  }

  private static int rank(@Nullable MetricSummary summary) {
    if (summary == null) {
      return 2;
    }
    return Double.isNaN(summary.last()) ? 1 : 0;
  }

  private static Comparator<Run> byTime(Field field, boolean descending) {
    return (a, b) -> {
      Instant left = field.instant(a);
      Instant right = field.instant(b);
      if (left == null || right == null) {
        return Boolean.compare(left == null, right == null);
      }
      int sign = Long.compare(Field.epochMillis(left), Field.epochMillis(right));
      return descending ? -sign : sign;
    };
  }

  private static Comparator<Run> byText(Field field, boolean descending) {
    return (a, b) -> {
      String left = field.text(a);
      String right = field.text(b);
      if (left == null || right == null) {
        return Boolean.compare(left == null, right == null);
      }
      int sign = byCodePoint(left, right);
      return descending ? -sign : sign;
    };
  }

  /** Compares as UTF-8 bytes do; {@code String.compareTo} puts U+FFFD after all emoji. */
  static int byCodePoint(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        boolean high = Character.isSurrogate(x);
        return high == Character.isSurrogate(y) ? (x < y ? -1 : 1) : (high ? 1 : -1);
      }
    }
    return Integer.compare(a.length(), b.length());
  }
}
