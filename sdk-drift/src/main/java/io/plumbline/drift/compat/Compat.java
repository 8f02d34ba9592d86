package io.plumbline.drift.compat;

/**
 * Starts comparisons that give the numbers of other tools.
 *
 * <pre>{@code
 * CompatReport report =
 *     Compat.evidently().method(EvidentlyMethod.PSI).compare(reference, current);
 * double psi = report.result("temp").statistic();
 * }</pre>
 */
public final class Compat {
  private Compat() {}

  /** Compares as Evidently's data drift preset does. */
  public static EvidentlyComparison evidently() {
    return new EvidentlyComparison();
  }

  /** Compares as NannyML's univariate drift calculator does. */
  public static NannyMlComparison nannyMl() {
    return new NannyMlComparison();
  }

  /** Runs scipy's tests of two samples. */
  public static ScipyComparison scipy() {
    return new ScipyComparison();
  }
}
