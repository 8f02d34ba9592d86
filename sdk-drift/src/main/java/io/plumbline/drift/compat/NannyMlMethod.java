package io.plumbline.drift.compat;

/** NannyML's univariate drift methods, by its own names. */
public enum NannyMlMethod {
  /** Jensen-Shannon distance to base 2; numbers in Doane's bins of the reference and one beyond. */
  JENSEN_SHANNON("jensen_shannon", true, true),
  /** Kolmogorov-Smirnov statistic; from 10,000 reference rows on, over 10,000 bins. */
  KOLMOGOROV_SMIRNOV("kolmogorov_smirnov", true, false),
  /** Wasserstein distance, not scaled; from 10,000 reference rows on, over 10,000 bins. */
  WASSERSTEIN("wasserstein", true, false),
  /** Hellinger distance; numbers in the bins of {@link #JENSEN_SHANNON}. */
  HELLINGER("hellinger", true, true),
  /** Chi-square statistic of homogeneity; alerts by p &lt; 0.05, whatever the thresholds. */
  CHI2("chi2", false, true),
  /** The largest difference of shares. */
  L_INFINITY("l_infinity", false, true);

  private final String key;
  private final boolean forNumbers;
  private final boolean forCategories;

  NannyMlMethod(String key, boolean forNumbers, boolean forCategories) {
    this.key = key;
    this.forNumbers = forNumbers;
    this.forCategories = forCategories;
  }

  /** NannyML's name for the method. */
  public String key() {
    return key;
  }

  boolean fits(boolean continuous) {
    return continuous ? forNumbers : forCategories;
  }
}
