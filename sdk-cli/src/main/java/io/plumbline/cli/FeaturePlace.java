package io.plumbline.cli;

import io.plumbline.drift.ColumnCounts;
import io.plumbline.drift.ColumnProfile;
import io.plumbline.drift.Profile;
import io.plumbline.drift.ProfileCounter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where one value lies among those of a reference.
 *
 * @param kind how it lies there
 * @param figure the quantile of a number, 0 to 1, or the share of the reference's rows that are as
 *     this one; NaN if there is no such figure
 * @param detail more of it in words; may be empty
 */
record FeaturePlace(Kind kind, double figure, String detail) {
  /** How a value lies in a reference. */
  enum Kind {
    /** A number in the reference's range. */
    QUANTILE,
    /** A category that the profile lists. */
    SHARE,
    /** One of the reference's categories beyond those that its profile lists. */
    OTHER,
    /** A category that the reference does not have. */
    NEW,
    /** A number below the least one of the reference, or above its greatest. */
    OUT_OF_RANGE,
    /** There is no value. */
    MISSING,
    /** A text among numbers, or the like. */
    WRONG_TYPE,
    /** A name of a row, of which only the presence is watched. */
    ID,
    /** The reference has no such column, or nothing that it could be compared with. */
    UNKNOWN;

    /** The kind's name in JSON. */
    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final FeaturePlace NOWHERE = new FeaturePlace(Kind.UNKNOWN, Double.NaN, "");

  /** Places a column's value of a logged row, by the rule that counts whole windows. */
  static FeaturePlace of(Profile profile, LoggedPrediction row, String name) {
    if (!profile.has(name)) {
      return NOWHERE;
    }
    ProfileCounter counter = profile.counter();
    int column = counter.column(name);
    Long time = row.times().get(name);
    Object value = time == null ? row.values().get(name) : time;
    if (value == null) {
      counter.countMissing(column);
    } else if (value instanceof Boolean flag) {
      counter.countBoolean(column, flag);
    } else if (value instanceof Number number) {
      counter.count(column, number.doubleValue());
    } else if (value instanceof String text) {
      counter.countText(column, text);
    } else {
      return NOWHERE;
    }
    return of(profile.column(name), counter.take().column(name));
  }

  private static FeaturePlace of(ColumnProfile reference, ColumnCounts one) {
    ColumnCounts counts = reference.counts();
    if (one.missing() + one.nan() > 0) {
      return new FeaturePlace(Kind.MISSING, share(counts.missing() + counts.nan(), counts), "");
    }
    if (one.mistyped() > 0) {
      return new FeaturePlace(Kind.WRONG_TYPE, share(counts.mistyped(), counts), "");
    }
    if (one.positiveInfinities() + one.negativeInfinities() > 0) {
      return new FeaturePlace(Kind.OUT_OF_RANGE, Double.NaN, "infinite");
    }
    if (!one.kind().binned() && !one.kind().categorical()) {
      return new FeaturePlace(Kind.ID, Double.NaN, "");
    }
    return one.kind().binned() ? number(reference, counts, one) : category(counts, one);
  }

  private static FeaturePlace category(ColumnCounts counts, ColumnCounts one) {
    if (one.unseen() > 0) {
      return new FeaturePlace(Kind.NEW, Double.NaN, "");
    }
    int cell = cell(one);
    Kind kind = one.other() > 0 ? Kind.OTHER : Kind.SHARE;
    return new FeaturePlace(kind, share(counts.cells()[cell], counts), "");
  }

  private static FeaturePlace number(
      ColumnProfile reference, ColumnCounts counts, ColumnCounts one) {
    if (one.mean().isEmpty() || counts.min().isEmpty() || counts.max().isEmpty()) {
      return NOWHERE;
    }
    double value = one.mean().getAsDouble();
    double min = counts.min().getAsDouble();
    double max = counts.max().getAsDouble();
    if (value < min || value > max) {
      String end = value < min ? "below " + Format.number(min) : "above " + Format.number(max);
      return new FeaturePlace(Kind.OUT_OF_RANGE, Double.NaN, end);
    }
    double[] edges = reference.edges();
    int cell = cell(one);
    double low = cell == 0 ? min : edges[cell - 1];
    double high = cell == edges.length ? max : edges[cell];
    // A single value has half of its rows below it, as percentile ranks are defined.
    double part = high <= Math.nextUp(low) ? 0.5 : (value - low) / (high - low);
    return new FeaturePlace(Kind.QUANTILE, quantile(counts.cells(), cell, part), "");
  }

  /** The share of the numbers below a value: the values of a bin are taken to lie evenly. */
  private static double quantile(long[] cells, int cell, double part) {
    double below = 0;
    double all = 0;
    for (int i = 0; i < cells.length; i++) {
      below += i < cell ? cells[i] : i == cell ? part * cells[i] : 0;
      all += cells[i];
    }
    return all == 0 ? Double.NaN : below / all;
  }

  private static int cell(ColumnCounts one) {
    long[] cells = one.cells();
    int cell = 0;
    while (cells[cell] == 0) {
      cell++;
    }
    return cell;
  }

  private static double share(long rows, ColumnCounts counts) {
    return counts.rows() == 0 ? Double.NaN : (double) rows / counts.rows();
  }

  /** The place as JSON. */
  Map<String, @Nullable Object> document() {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    boolean number = kind == Kind.QUANTILE;
    json.put("place", kind.label());
    json.put("quantile", number && !Double.isNaN(figure) ? figure : null);
    json.put("share", number || Double.isNaN(figure) ? null : figure);
    return json;
  }

  /** Whether it is something that the reference hardly has. */
  boolean isOdd() {
    return kind == Kind.NEW || kind == Kind.OUT_OF_RANGE || kind == Kind.WRONG_TYPE;
  }

  /** The place in words. */
  @Override
  public String toString() {
    String share = Double.isNaN(figure) ? "" : DriftText.percent(figure) + " of the reference";
    return switch (kind) {
      case QUANTILE -> String.format(Locale.ROOT, "quantile %.3f", figure);
      case SHARE -> share;
      case OTHER -> "a rare category; such are " + share;
      case NEW -> "new";
      case OUT_OF_RANGE -> "out of range: " + detail;
      case MISSING -> "missing, as " + share;
      case WRONG_TYPE -> "of a wrong type, as " + share;
      case ID -> "an id";
      case UNKNOWN -> "";
    };
  }
}
