package io.plumbline.drift.internal.stat;

import java.util.Comparator;
import java.util.stream.IntStream;

/** P-values that say something about many tests at once. */
public final class MultipleTests {
  private MultipleTests() {}

  /**
   * Adjusts p-values so that those at or below q are discoveries of which a share of q at most is
   * false, on average; NaN stays NaN and counts as no test.
   *
   * <p>Source: Y. Benjamini and Y. Hochberg, Controlling the False Discovery Rate, JRSS B 57
   * (1995).
   *
   * @param penalty multiplies all; 1 for the procedure itself, the harmonic number of the tests for
   *     that of Benjamini and Yekutieli, which holds whatever the dependence
   */
  public static double[] falseDiscovery(double[] p, double penalty) {
    int[] order =
        IntStream.range(0, p.length)
            .filter(i -> !Double.isNaN(p[i]))
            .boxed()
            .sorted(Comparator.comparingDouble(i -> p[i]))
            .mapToInt(i -> i)
            .toArray();
    double[] adjusted = p.clone();
    double least = 1;
    for (int rank = order.length; rank >= 1; rank--) {
      int i = order[rank - 1];
      least = Math.min(least, p[i] * order.length * penalty / rank);
      adjusted[i] = least;
    }
    return adjusted;
  }

  /** Multiplies each p-value by the number of tests, at most to 1. */
  public static double[] bonferroni(double[] p) {
    long tests = IntStream.range(0, p.length).filter(i -> !Double.isNaN(p[i])).count();
    double[] adjusted = p.clone();
    for (int i = 0; i < p.length; i++) {
      adjusted[i] = Math.min(1, p[i] * tests);
    }
    return adjusted;
  }

  /** 1 + 1/2 + ... + 1/tests. */
  public static double harmonic(long tests) {
    double sum = 0;
    for (long i = tests; i >= 1; i--) {
      sum += 1.0 / i;
    }
    return sum;
  }
}
