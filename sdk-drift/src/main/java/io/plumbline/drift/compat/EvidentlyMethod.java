package io.plumbline.drift.compat;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Evidently's drift methods, by its own names and with its own thresholds. Methods with a p-value
 * find drift below their threshold, distances at or above it.
 *
 * <p>Not here: {@code empirical_mmd}, whose random draws Evidently does not seed, and the methods
 * for texts, which train a classifier.
 */
public enum EvidentlyMethod {
  /** Kolmogorov-Smirnov; drift at p &lt;= 0.05. */
  KS("ks", "K-S p_value", 0.05, true, true, false),
  /** Wasserstein distance over the reference's standard deviation; drift at 0.1. */
  WASSERSTEIN("wasserstein", "Wasserstein distance (normed)", 0.1, false, true, false),
  /** Population stability index; drift at 0.1. */
  PSI("psi", "PSI", 0.1, false, true, true),
  /** Kullback-Leibler divergence of the reference from the current rows, in nats; drift at 0.1. */
  KL_DIVERGENCE("kl_div", "Kullback-Leibler divergence", 0.1, false, true, true),
  /** Jensen-Shannon distance in nats; drift at 0.1. */
  JENSEN_SHANNON("jensenshannon", "Jensen-Shannon distance", 0.1, false, true, true),
  /** Hellinger distance; drift at 0.1. */
  HELLINGER("hellinger", "Hellinger distance", 0.1, false, true, true),
  /** Energy distance, not scaled; drift above 0.1. */
  ENERGY("ed", "Energy-distance", 0.1, false, true, false),
  /** Anderson-Darling; drift at p &lt; 0.1. */
  ANDERSON_DARLING("anderson", "Anderson-Darling", 0.1, true, true, false),
  /** Cramér-von Mises; drift at p &lt;= 0.1. */
  CRAMER_VON_MISES("cramer_von_mises", "Cramer-von Mises", 0.1, true, true, false),
  /** Mann-Whitney, whether the reference is smaller: one-sided; drift at p &lt; 0.05. */
  MANN_WHITNEY("mannw", "Mann-Whitney U-rank test", 0.05, true, true, false),
  /** Student's t-test; drift at p &lt; 0.05. */
  T_TEST("t_test", "t_test", 0.05, true, true, false),
  /** Epps-Singleton; drift at p &lt; 0.05. */
  EPPS_SINGLETON("es", "Epps-Singleton", 0.05, true, true, false),
  /** Chi-square against the reference's shares, taken as exact; drift at p &lt; 0.05. */
  CHI_SQUARE("chisquare", "chi-square p_value", 0.05, true, false, true),
  /** Two proportions: rows of the first value against all others; drift at p &lt; 0.05. */
  Z("z", "Z-test p_value", 0.05, true, false, true),
  /** G-test for samples of one size; drift at p &lt; 0.1. */
  G_TEST("g_test", "g_test", 0.1, true, false, true),
  /** Fisher's exact test for two values and samples of one size; drift at p &lt; 0.1. */
  FISHER_EXACT("fisher_exact", "Fisher's Exact test", 0.1, true, false, true),
  /** Total variation distance, its p-value from 1,000 permutations; drift at p &lt; 0.1. */
  TOTAL_VARIATION("TVD", "Total-Variation-Distance", 0.1, true, false, true);

  private final String key;
  private final String displayName;
  private final double threshold;
  private final boolean ofP;
  private final boolean forNumbers;
  private final boolean forCategories;

  EvidentlyMethod(
      String key,
      String displayName,
      double threshold,
      boolean ofP,
      boolean forNumbers,
      boolean forCategories) {
    this.key = key;
    this.displayName = displayName;
    this.threshold = threshold;
    this.ofP = ofP;
    this.forNumbers = forNumbers;
    this.forCategories = forCategories;
  }

  /**
   * Returns the method that Evidently calls so.
   *
   * @param key such as {@code psi}, in any case
   * @throws IllegalArgumentException if there is none; it names those that there are
   */
  public static EvidentlyMethod of(String key) {
    for (EvidentlyMethod method : values()) {
      if (method.key.toLowerCase(Locale.ROOT).equals(key.toLowerCase(Locale.ROOT))) {
        return method;
      }
    }
    List<String> known = Arrays.stream(values()).map(EvidentlyMethod::key).toList();
    throw new IllegalArgumentException(
        "no method of Evidently is called \"" + key + "\" here; there are " + known);
  }

  /** Evidently's name for the method in code, such as {@code psi}. */
  public String key() {
    return key;
  }

  /** Evidently's name for the method in reports, such as {@code K-S p_value}. */
  public String displayName() {
    return displayName;
  }

  /** Evidently's threshold. */
  public double threshold() {
    return threshold;
  }

  /** Whether the score is a p-value, so that small is drift. */
  public boolean isTest() {
    return ofP;
  }

  boolean fits(boolean numerical) {
    return numerical ? forNumbers : forCategories;
  }

  boolean drifted(double score, double limit) {
    return switch (this) {
      case KS, CRAMER_VON_MISES -> score <= limit;
      case ENERGY -> score > limit;
      default -> ofP ? score < limit : score >= limit;
    };
  }
}
