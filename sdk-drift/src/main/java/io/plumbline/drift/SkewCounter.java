package io.plumbline.drift;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** Counts how one feature's pairs compare. */
final class SkewCounter {
  private static final int EXAMPLES = 5;

  private final String name;
  private final double tolerance;
  private final List<String> requestIds = new ArrayList<>();
  private long rows;
  private long equal;
  private long differs;
  private long missing;
  private long unexpected;
  private double maxError;
  private double standIn;
  private boolean standsIn = true;

  SkewCounter(String name, double tolerance) {
    this.name = name;
    this.tolerance = tolerance;
  }

  void add(String requestId, double training, double served) {
    rows++;
    double error = FeatureSkew.error(training, served);
    maxError = Math.max(maxError, Double.isNaN(error) ? 0 : error);
    if (error <= tolerance) {
      equal++;
      return;
    }
    if (Double.isNaN(served)) {
      missing++;
    } else if (Double.isNaN(training)) {
      standsIn &= unexpected == 0 || served == standIn;
      standIn = served;
      unexpected++;
    } else {
      differs++;
    }
    if (requestIds.size() < EXAMPLES) {
      requestIds.add(requestId);
    }
  }

  FeatureSkew skew() {
    return new FeatureSkew(
        name,
        rows,
        equal,
        differs,
        missing,
        unexpected,
        maxError,
        unexpected > 0 && standsIn ? OptionalDouble.of(standIn) : OptionalDouble.empty(),
        requestIds);
  }
}
