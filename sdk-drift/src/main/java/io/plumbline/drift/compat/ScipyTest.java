package io.plumbline.drift.compat;

/** scipy's tests and distances of two samples, with scipy's defaults. */
public enum ScipyTest {
  /** {@code scipy.stats.ks_2samp}: exact up to 10,000 rows on each side. */
  KS_2SAMP("ks_2samp", true),
  /** {@code scipy.stats.wasserstein_distance}. */
  WASSERSTEIN_DISTANCE("wasserstein_distance", true),
  /** {@code scipy.stats.energy_distance}. */
  ENERGY_DISTANCE("energy_distance", true),
  /** {@code scipy.stats.anderson_ksamp} with midranks. */
  ANDERSON_KSAMP("anderson_ksamp", true),
  /** {@code scipy.stats.cramervonmises_2samp}: exact up to 20 rows on each side. */
  CRAMERVONMISES_2SAMP("cramervonmises_2samp", true),
  /** {@code scipy.stats.mannwhitneyu}, two-sided. */
  MANNWHITNEYU("mannwhitneyu", true),
  /** {@code scipy.stats.ttest_ind} with one variance. */
  TTEST_IND("ttest_ind", true),
  /** {@code scipy.stats.ttest_ind(equal_var=False)}. */
  TTEST_IND_WELCH("ttest_ind", true),
  /** {@code scipy.stats.epps_singleton_2samp}. */
  EPPS_SINGLETON_2SAMP("epps_singleton_2samp", true),
  /** {@code scipy.stats.chi2_contingency}. */
  CHI2_CONTINGENCY("chi2_contingency", false),
  /** {@code scipy.stats.chi2_contingency(lambda_="log-likelihood")}. */
  G_CONTINGENCY("chi2_contingency", false);

  private final String function;
  private final boolean forNumbers;

  ScipyTest(String function, boolean forNumbers) {
    this.function = function;
    this.forNumbers = forNumbers;
  }

  /** The name of scipy's function. */
  public String function() {
    return function;
  }

  boolean fits(boolean numbers) {
    return forNumbers == numbers;
  }
}
