package io.plumbline.drift.internal.compat;

import io.plumbline.drift.internal.stat.ChiSquare;

/** Tests of counts by category; the same place in both arrays is the same category. */
final class Tables {
  private static final double UNEQUAL = Math.sqrt(0x1p-52);

  private Tables() {}

  /** A term of a statistic, for an observed and an expected count. */
  private interface Term {
    double of(double observed, double expected);
  }

  private static double pearson(double observed, double expected) {
    return (observed - expected) * (observed - expected) / expected;
  }

  private static double likelihood(double observed, double expected) {
    return observed == 0 ? 0 : 2 * observed * Math.log(observed / expected);
  }

  /** {@code chisquare(current, reference * m / n)}: the reference is taken as free of noise. */
  static TestResult goodnessOfFit(long[] reference, long[] current) {
    double factor = (double) total(current) / total(reference);
    double sum = 0;
    for (int i = 0; i < current.length; i++) {
      sum += pearson((double) current[i], reference[i] * factor);
    }
    return new TestResult("goodness of fit", sum, tail(sum, current.length - 1));
  }

  /**
   * {@code power_divergence(current, reference, lambda_="log-likelihood")}.
   *
   * @throws IllegalArgumentException if the samples are not of one size, which scipy asks for
   */
  static TestResult likelihoodOfFit(long[] reference, long[] current) {
    double n = total(reference);
    double m = total(current);
    if (Math.abs(n - m) / Math.min(n, m) > UNEQUAL) {
      throw new IllegalArgumentException(
          "Evidently's g_test takes samples of one size, but there are "
              + (long) n
              + " reference and "
              + (long) m
              + " current rows; use chisquare");
    }
    double sum = 0;
    for (int i = 0; i < current.length; i++) {
      sum += likelihood((double) current[i], (double) reference[i]);
    }
    return new TestResult("goodness of fit", sum, tail(sum, current.length - 1));
  }

  /** {@code chi2_contingency}: Pearson's statistic, with Yates' correction at one degree. */
  static TestResult contingency(long[] reference, long[] current, boolean correct) {
    return contingency(reference, current, correct, Tables::pearson);
  }

  /** {@code chi2_contingency(lambda_="log-likelihood")}: the G statistic of homogeneity. */
  static TestResult likelihoodContingency(long[] reference, long[] current) {
    return contingency(reference, current, true, Tables::likelihood);
  }

  private static TestResult contingency(
      long[] reference, long[] current, boolean correct, Term term) {
    double n = total(reference);
    double m = total(current);
    int dof = reference.length - 1;
    boolean yates = correct && dof == 1;
    String variant = yates ? "homogeneity, Yates' correction" : "homogeneity";
    if (dof == 0) {
      return new TestResult(variant, 0, 1);
    }
    double sum = 0;
    for (int i = 0; i < reference.length; i++) {
      double both = (double) reference[i] + current[i];
      if (both == 0) {
        throw new IllegalArgumentException("a category without a row has no expected count");
      }
      sum += cell((double) reference[i], both * n / (n + m), yates, term);
      sum += cell((double) current[i], both * m / (n + m), yates, term);
    }
    return new TestResult(variant, sum, tail(sum, dof));
  }

  private static double cell(double observed, double expected, boolean yates, Term term) {
    double difference = expected - observed;
    double shift = yates ? Math.copySign(Math.min(0.5, Math.abs(difference)), difference) : 0;
    return term.of(observed + shift, expected);
  }

  private static double tail(double statistic, int dof) {
    return dof < 1 ? Double.NaN : ChiSquare.sf(statistic, dof);
  }

  /**
   * Evidently's z-test of the share of rows that are not the first key, 2 (1 - Φ(|z|)).
   *
   * @param base where the first key is, in its order
   */
  static TestResult proportions(long[] reference, long[] current, int base) {
    long n = total(reference);
    long m = total(current);
    if (reference.length == 1) {
      return new TestResult("pooled", 0, 1);
    }
    double p = (double) (n - reference[base]) / n;
    double q = (double) (m - current[base]) / m;
    double both = (p * n + q * m) / (n + m);
    double z = (p - q) / Math.sqrt(both * (1 - both) * (1.0 / n + 1.0 / m));
    return new TestResult("pooled", z, 2 * (1 - Normal.cdf(Math.abs(z))));
  }

  /**
   * {@code fisher_exact}, two-sided: the probability of all tables with these margins that are not
   * more likely than [[a, b], [c, d]]. The statistic is the odds ratio.
   */
  static TestResult fisher(long a, long b, long c, long d) {
    long marked = a + c;
    long other = b + d;
    long drawn = a + b;
    double odds =
        b * c == 0
            ? (a * d == 0 ? Double.NaN : Double.POSITIVE_INFINITY)
            : (double) a * d / ((double) b * c);
    if (marked == 0 || other == 0 || drawn == 0 || c + d == 0) {
      return new TestResult("two-sided", Double.NaN, 1);
    }
    double limit = Binomial.hypergeometric(a, marked, other, drawn) * (1 + 1e-11);
    double p = 0;
    for (long k = Math.max(0, drawn - other); k <= Math.min(drawn, marked); k++) {
      double probability = Binomial.hypergeometric(k, marked, other, drawn);
      p += probability <= limit ? probability : 0;
    }
    return new TestResult("two-sided", odds, Math.min(1, p));
  }

  static long total(long[] counts) {
    long total = 0;
    for (long count : counts) {
      total += count;
    }
    return total;
  }
}
