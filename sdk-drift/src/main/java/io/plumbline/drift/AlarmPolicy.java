package io.plumbline.drift;

import java.util.function.Consumer;

/**
 * When drift is an alarm. The standard policy asks for three things at once: that chance does not
 * explain the difference, that it is large enough to matter, and that it lasts.
 *
 * <ol>
 *   <li>A column with fewer than {@code leastRows} rows, in the window or the reference, is {@link
 *       Verdict#INSUFFICIENT}.
 *   <li>The p-value of the chi-square test of homogeneity, adjusted over all columns of the window
 *       by {@code correction}, must be at most {@code significance}.
 *   <li>The effect must be at least {@code warn}, or {@code alert}.
 *   <li>Both must hold in {@code persistence} of the last {@code windows} windows. {@link
 *       DriftMonitor} remembers them; a single comparison has one window, which then decides alone.
 * </ol>
 *
 * <p>Apart from that, a rate (missing, out of range, new category, mistyped) warns when the low end
 * of the window's Wilson interval is above the high end of the reference's by more than {@code
 * rateMargin}, and alerts at {@code rateAlert}; it must persist, too.
 *
 * @param leastRows rows without which nothing is said
 * @param correction how p-values are adjusted over the columns
 * @param significance the share of false alarms among alarms, or the chance of any, as {@code
 *     correction} means it
 * @param effect how far is measured
 * @param warn the effect from which on it warns
 * @param alert the effect from which on it alerts; not below {@code warn}
 * @param persistence in how many windows a column must have been flagged
 * @param windows of how many last ones
 * @param rateLevel the confidence level of the rates' intervals
 * @param rateMargin by how much a rate must rise beyond chance to warn; 0.01 is one percentage
 *     point
 * @param rateAlert by how much to alert
 * @param smoothing what is added to each cell's count before shares are compared
 */
public record AlarmPolicy(
    long leastRows,
    Correction correction,
    double significance,
    Effect effect,
    double warn,
    double alert,
    int persistence,
    int windows,
    double rateLevel,
    double rateMargin,
    double rateAlert,
    double smoothing) {
  static final int LEAST_ROWS = 200;

  /** How p-values are adjusted over the columns of a window. */
  public enum Correction {
    /** Benjamini and Hochberg: few of the alarms are false. */
    BENJAMINI_HOCHBERG,
    /** Benjamini and Yekutieli: the same whatever the columns have to do with each other. */
    BENJAMINI_YEKUTIELI,
    /** Bonferroni: hardly ever any false alarm. */
    BONFERRONI,
    /** Each column by itself; with many columns, most windows have a false alarm. */
    NONE
  }

  /** How far a distribution moved. */
  public enum Effect {
    /** The population stability index less what chance gives it on average. */
    PSI_CORRECTED("psi_corrected", "corrected PSI"),
    /** The Jensen-Shannon distance to base 2; usual thresholds are 0.1 and 0.2. */
    JS("js", "JS distance"),
    /** The Kolmogorov-Smirnov statistic; for columns without numbers, corrected PSI. */
    KS("ks", "KS statistic"),
    /**
     * Wasserstein's distance in standard deviations; for columns without numbers, corrected PSI.
     */
    WASSERSTEIN("wasserstein", "Wasserstein distance");

    private final String method;
    private final String words;

    Effect(String method, String words) {
      this.method = method;
      this.words = words;
    }

    /** The name of its figure. */
    public String method() {
      return method;
    }

    /** Its name in a sentence. */
    String words() {
      return words;
    }
  }

  /** Checks the ranges. */
  public AlarmPolicy {
    check(leastRows >= 1, "leastRows must be at least 1");
    check(significance > 0 && significance < 1, "significance must lie between 0 and 1");
    check(warn >= 0 && alert >= warn, "warn must be at least 0 and alert at least warn");
    check(persistence >= 1 && windows >= persistence, "persistence must be 1 to windows");
    check(windows <= 1_000, "at most 1,000 windows are remembered");
    check(rateMargin >= 0 && rateAlert >= rateMargin, "rateAlert must be at least rateMargin");
    check(smoothing > 0 && smoothing <= 100, "smoothing must be above 0 and at most 100");
    Interval.checkLevel(rateLevel);
  }

  /**
   * The standard policy: 200 rows; Benjamini-Hochberg at 1 %; corrected PSI of 0.05 and 0.2; 2 of 3
   * windows; rates at 99 %, one percentage point beyond chance to warn and ten to alert; 0.5 added
   * to each cell.
   */
  public static AlarmPolicy standard() {
    return new AlarmPolicy(
        LEAST_ROWS,
        Correction.BENJAMINI_HOCHBERG,
        0.01,
        Effect.PSI_CORRECTED,
        0.05,
        0.2,
        2,
        3,
        0.99,
        0.01,
        0.1,
        0.5);
  }

  /** The whole policy, to be changed in one place: what a copy needs is said once. */
  private static final class Draft {
    private long leastRows;
    private Correction correction;
    private double significance;
    private Effect effect;
    private double warn;
    private double alert;
    private int persistence;
    private int windows;
    private double rateLevel;
    private double rateMargin;
    private double rateAlert;
    private double smoothing;

    Draft(AlarmPolicy from) {
      leastRows = from.leastRows;
      correction = from.correction;
      significance = from.significance;
      effect = from.effect;
      warn = from.warn;
      alert = from.alert;
      persistence = from.persistence;
      windows = from.windows;
      rateLevel = from.rateLevel;
      rateMargin = from.rateMargin;
      rateAlert = from.rateAlert;
      smoothing = from.smoothing;
    }
  }

  private AlarmPolicy with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return new AlarmPolicy(
        draft.leastRows,
        draft.correction,
        draft.significance,
        draft.effect,
        draft.warn,
        draft.alert,
        draft.persistence,
        draft.windows,
        draft.rateLevel,
        draft.rateMargin,
        draft.rateAlert,
        draft.smoothing);
  }

  /** The same with another least number of rows. */
  public AlarmPolicy withLeastRows(long rows) {
    return with(draft -> draft.leastRows = rows);
  }

  /** The same with another test over the columns. */
  public AlarmPolicy withTest(Correction adjusted, double level) {
    return with(
        draft -> {
          draft.correction = adjusted;
          draft.significance = level;
        });
  }

  /** The same with another effect and its two thresholds. */
  public AlarmPolicy withEffect(Effect measure, double warnFrom, double alertFrom) {
    return with(
        draft -> {
          draft.effect = measure;
          draft.warn = warnFrom;
          draft.alert = alertFrom;
        });
  }

  /** The same, where {@code count} of the last {@code last} windows must agree. */
  public AlarmPolicy withPersistence(int count, int last) {
    return with(
        draft -> {
          draft.persistence = count;
          draft.windows = last;
        });
  }

  /** The same with other limits of rates. */
  public AlarmPolicy withRates(double level, double margin, double alertFrom) {
    return with(
        draft -> {
          draft.rateLevel = level;
          draft.rateMargin = margin;
          draft.rateAlert = alertFrom;
        });
  }

  private static void check(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(rule);
    }
  }
}
