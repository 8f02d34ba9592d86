package io.plumbline.drift.internal.compat;

/**
 * What a test found.
 *
 * @param variant how it was computed, such as {@code exact}
 * @param statistic the test's statistic
 * @param p the p-value; NaN where the tool gives none
 */
public record TestResult(String variant, double statistic, double p) {
  static TestResult distance(String variant, double statistic) {
    return new TestResult(variant, statistic, Double.NaN);
  }
}
