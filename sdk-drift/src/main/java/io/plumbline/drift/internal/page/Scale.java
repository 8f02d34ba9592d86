package io.plumbline.drift.internal.page;

import java.util.ArrayList;
import java.util.List;

/**
 * The vertical axis of a chart: what it spans, and the round values that are marked on it.
 *
 * @param low the value at the bottom
 * @param high the value at the top, above low
 */
record Scale(double low, double high) {
  private static final int MARKS = 4;

  /** Returns an axis with some room around the values; any two finite ones are fine. */
  static Scale around(double least, double most) {
    if (!(least <= most)) {
      return new Scale(0, 1);
    }
    double span = most - least;
    if (span == 0 || !Double.isFinite(span)) {
      double room = Double.isFinite(span) ? Math.max(Math.abs(least) * 0.05, 1e-9) : 0;
      return Double.isFinite(span)
          ? new Scale(least - room, most + room)
          : new Scale(least / 2, most / 2);
    }
    return new Scale(least - span * 0.06, most + span * 0.08);
  }

  /** Returns where a value lies: 0 at the bottom, 1 at the top. */
  double share(double value) {
    return Math.max(0, Math.min(1, (value - low) / (high - low)));
  }

  /** Returns three or four round values within the axis. */
  List<Double> marks() {
    double raw = (high - low) / MARKS;
    double ten = Math.pow(10, Math.floor(Math.log10(raw)));
    double step = ten * (raw / ten < 1.5 ? 1 : raw / ten < 3.5 ? 2 : raw / ten < 7.5 ? 5 : 10);
    List<Double> marks = new ArrayList<>();
    if (!(step > 0) || !Double.isFinite(step)) {
      return marks;
    }
    double first = Math.ceil(low / step);
    for (int i = 0; i < 2 * MARKS && (first + i) * step <= high; i++) {
      double mark = (first + i) * step;
      marks.add(Math.abs(mark) < step / 1e6 ? 0.0 : mark);
    }
    return marks;
  }
}
