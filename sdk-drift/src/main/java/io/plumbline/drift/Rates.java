package io.plumbline.drift;

import io.plumbline.drift.internal.profile.ColumnFrame;
import io.plumbline.drift.internal.profile.Counts;
import java.util.ArrayList;
import java.util.List;

/** Compares how often something odd came, by intervals and not by points. */
final class Rates {
  private final AlarmPolicy policy;
  private final ColumnFrame frame;
  private final Counts reference;
  private final Counts current;
  private final long windowRows;

  /** Rates of a column that some rows of the window may not have at all. */
  Rates(AlarmPolicy policy, ColumnFrame frame, Counts reference, Counts current, long windowRows) {
    this.policy = policy;
    this.frame = frame;
    this.reference = reference;
    this.current = current;
    this.windowRows = windowRows;
  }

  /** All rates of the column; with too few rows, no rate says more than that. */
  List<RateChange> all(Verdict otherwise) {
    List<RateChange> rates = new ArrayList<>();
    if (reference.rows() == 0 || current.rows() == 0) {
      return rates;
    }
    rates.add(rate("missing", missing(reference), missing(current), otherwise));
    if (frame.kind().binned()) {
      rates.add(rate("out_of_range", outOfRange(reference), outOfRange(current), otherwise));
    }
    if (frame.tellsNew()) {
      long before = reference.cells()[frame.unseen()];
      rates.add(rate("new_category", before, current.cells()[frame.unseen()], otherwise));
    }
    rates.add(
        rate(
            "mistyped",
            reference.special(Counts.MISTYPED),
            current.special(Counts.MISTYPED),
            otherwise));
    long without = windowRows - current.rows();
    if (without > 0) {
      rates.add(rate("absent", 0, without, windowRows, otherwise));
    }
    return rates;
  }

  private static long missing(Counts counts) {
    return counts.special(Counts.MISSING) + counts.special(Counts.NAN);
  }

  private long outOfRange(Counts counts) {
    long infinite = counts.special(Counts.POSITIVE) + counts.special(Counts.NEGATIVE);
    boolean ranged = frame.edges().length > 0;
    long[] cells = counts.cells();
    return infinite + (ranged ? cells[0] + cells[cells.length - 1] : 0);
  }

  private RateChange rate(String name, long before, long now, Verdict otherwise) {
    return rate(name, before, now, current.rows(), otherwise);
  }

  private RateChange rate(String name, long before, long now, long rows, Verdict otherwise) {
    Interval low = Interval.wilson(before, reference.rows(), policy.rateLevel());
    Interval high = Interval.wilson(now, rows, policy.rateLevel());
    double risen = high.low() - low.high();
    Verdict verdict = otherwise;
    if (otherwise == Verdict.OK && risen > policy.rateMargin()) {
      verdict = risen > policy.rateAlert() ? Verdict.ALERT : Verdict.WARN;
    }
    return new RateChange(name, before, reference.rows(), now, rows, low, high, verdict);
  }

  /** A rate's name in a sentence. */
  static String words(String name) {
    return switch (name) {
      case "missing" -> "missing values";
      case "out_of_range" -> "values out of the reference's range";
      case "new_category" -> "new categories";
      case "absent" -> "rows without the column";
      default -> "values of a wrong type";
    };
  }
}
