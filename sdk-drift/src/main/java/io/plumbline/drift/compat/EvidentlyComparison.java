package io.plumbline.drift.compat;

import io.plumbline.drift.internal.compat.EvidentlyRules;
import io.plumbline.drift.internal.compat.EvidentlyRules.ColumnType;
import io.plumbline.drift.internal.compat.EvidentlyRules.Outcome;
import io.plumbline.drift.internal.compat.Sample;
import io.plumbline.drift.internal.compat.TestResult;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Evidently's data drift preset on raw columns; made by {@link Compat#evidently}.
 *
 * <p>Unless told otherwise it infers each column's type from the current rows, drops missing and
 * infinite values on both sides, and chooses the method by the number of reference rows and
 * different values: up to 1,000 rows {@code ks}, or {@code chisquare}, or {@code z} for two values;
 * above, {@code wasserstein}, or {@code jensenshannon} for categories and numbers of five values at
 * most. Text columns, those with more different texts than half of their rows, are skipped:
 * Evidently trains a classifier on them.
 *
 * <p>What it finds is Evidently's truth, not the project's: there is no control of false alarms,
 * and one outlier moves the bins of {@code psi}. Not safe for use by several threads.
 */
public final class EvidentlyComparison {
  private @Nullable EvidentlyMethod method;
  private @Nullable Double threshold;
  private final Map<String, EvidentlyMethod> methods = new HashMap<>();
  private final Map<String, Double> thresholds = new HashMap<>();
  private final Map<String, ColumnType> types = new HashMap<>();
  private List<String> columns = List.of();
  private double driftShare = 0.5;

  EvidentlyComparison() {}

  /** Compares only these columns; all of the current ones unless set. */
  public EvidentlyComparison columns(String... columns) {
    this.columns = List.of(columns);
    return this;
  }

  /** Takes columns for numbers, whatever would be inferred. */
  public EvidentlyComparison numerical(String... columns) {
    Arrays.stream(columns).forEach(column -> types.put(column, ColumnType.NUMERICAL));
    return this;
  }

  /** Takes columns for categories, whatever would be inferred. */
  public EvidentlyComparison categorical(String... columns) {
    Arrays.stream(columns).forEach(column -> types.put(column, ColumnType.CATEGORICAL));
    return this;
  }

  /** Uses one method for all columns that have none of their own. */
  public EvidentlyComparison method(EvidentlyMethod method) {
    this.method = Objects.requireNonNull(method, "method");
    return this;
  }

  /** Uses a method for one column. */
  public EvidentlyComparison method(String column, EvidentlyMethod method) {
    methods.put(column, Objects.requireNonNull(method, "method"));
    return this;
  }

  /** Sets the threshold of all columns that have none of their own. */
  public EvidentlyComparison threshold(double threshold) {
    this.threshold = checked(threshold);
    return this;
  }

  /** Sets the threshold of one column. */
  public EvidentlyComparison threshold(String column, double threshold) {
    thresholds.put(column, checked(threshold));
    return this;
  }

  /**
   * Sets the share of drifted columns from which on the data set has drifted; 0.5 unless set.
   *
   * @throws IllegalArgumentException if it is not between 0 and 1
   */
  public EvidentlyComparison driftShare(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("the drift share is " + share + "; it lies in [0, 1]");
    }
    this.driftShare = share;
    return this;
  }

  private static double checked(double threshold) {
    if (Double.isNaN(threshold)) {
      throw new IllegalArgumentException("threshold is NaN; it must be a number, such as 0.1");
    }
    return threshold;
  }

  /** Compares the current rows with the reference; no argument is changed. */
  public CompatReport compare(Columns reference, Columns current) {
    return Pairs.compare(
        CompatMode.EVIDENTLY, reference, current, columns, driftShare, this::compare);
  }

  private void compare(
      String column, Sample reference, Sample current, List<CompatResult> results) {
    ColumnType type = types.getOrDefault(column, EvidentlyRules.type(current));
    if (type == ColumnType.TEXT) {
      throw new IllegalArgumentException(
          "Evidently takes it for free text and trains a classifier on it, which is not reproduced;"
              + " call categorical(\""
              + column
              + "\") if it is none");
    }
    boolean numerical = type == ColumnType.NUMERICAL;
    if (numerical && (reference.kind() == Sample.Kind.TEXT || current.kind() == Sample.Kind.TEXT)) {
      throw new IllegalArgumentException("it has texts where Evidently needs numbers");
    }
    Sample before = present("reference", reference.finite());
    Sample after = present("current", current.finite());
    EvidentlyMethod chosen = methods.getOrDefault(column, method);
    if (chosen == null) {
      chosen = EvidentlyRules.method(type, before, after);
    }
    if (!chosen.fits(numerical)) {
      throw new IllegalArgumentException(
          "Evidently's " + chosen.key() + " is not for " + (numerical ? "numbers" : "categories"));
    }
    results.add(result(column, type, chosen, before, after));
  }

  private static Sample present(String side, Sample sample) {
    if (sample.rows() == 0) {
      throw new IllegalArgumentException("no " + side + " row has a finite value");
    }
    return sample;
  }

  private CompatResult result(
      String column, ColumnType type, EvidentlyMethod chosen, Sample reference, Sample current) {
    Outcome outcome = EvidentlyRules.compute(chosen, type, reference, current);
    TestResult result = outcome.result();
    double score = chosen.isTest() ? result.p() : result.statistic();
    Double own = thresholds.getOrDefault(column, threshold);
    double limit = own == null ? chosen.threshold() : own;
    boolean logarithmic =
        switch (chosen) {
          case PSI, KL_DIVERGENCE, JENSEN_SHANNON -> true;
          default -> false;
        };
    return new CompatResult(
        column,
        type == ColumnType.NUMERICAL ? "num" : "cat",
        chosen.displayName(),
        result.variant(),
        outcome.binning(),
        logarithmic ? "e" : "",
        outcome.smoothing(),
        reference.rows(),
        current.rows(),
        result.statistic(),
        result.p(),
        score,
        limit,
        chosen.drifted(score, limit),
        null);
  }
}
