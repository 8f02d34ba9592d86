package io.plumbline.drift.internal.stat;

/**
 * The distribution of how many marked ones a draw without replacement has.
 *
 * <p>Source: C. Loader, Fast and Accurate Computation of Binomial Probabilities (2000), which
 * writes one term as three binomial ones.
 */
final class Hypergeometric {
  private Hypergeometric() {}

  /**
   * Returns twice the smaller tail, at most 1: Fisher's exact test of a fourfold table.
   *
   * @param found marked ones in the draw
   * @param marked marked ones in all
   * @param drawn the size of the draw
   * @param all all
   */
  static double twoSided(long found, long marked, long drawn, long all) {
    if (marked == 0 || marked == all || drawn == 0 || drawn == all) {
      return 1;
    }
    double expected = (double) marked * drawn / all;
    int step = found >= expected ? 1 : -1;
    double term = term(found, marked, drawn, all);
    double sum = term;
    long most = Math.min(marked, drawn);
    long least = Math.max(0, marked + drawn - all);
    for (long k = found; k + step >= least && k + step <= most; k += step) {
      term *= step > 0 ? ratio(k, marked, drawn, all) : 1 / ratio(k - 1, marked, drawn, all);
      sum += term;
      if (term < sum * 1e-17) {
        break;
      }
    }
    return Math.min(1, 2 * sum);
  }

  /** The probability of k + 1 over that of k. */
  private static double ratio(long k, long marked, long drawn, long all) {
    return (double) (marked - k)
        / (k + 1)
        * ((double) (drawn - k) / (all - marked - drawn + k + 1));
  }

  private static double term(long found, long marked, long drawn, long all) {
    double share = (double) drawn / all;
    return Math.exp(
        logBinomial((double) found, (double) marked, share)
            + logBinomial((double) (drawn - found), (double) (all - marked), share)
            - logBinomial((double) drawn, (double) all, share));
  }

  private static double logBinomial(double x, double n, double p) {
    if (x == 0) {
      return n * Math.log1p(-p);
    }
    if (x == n) {
      return n * Math.log(p);
    }
    double exponent =
        ChiSquare.stirlingError(n)
            - ChiSquare.stirlingError(x)
            - ChiSquare.stirlingError(n - x)
            - ChiSquare.deviance(x, n * p)
            - ChiSquare.deviance(n - x, n * (1 - p));
    return exponent + 0.5 * Math.log(n / (2 * Math.PI * x * (n - x)));
  }
}
