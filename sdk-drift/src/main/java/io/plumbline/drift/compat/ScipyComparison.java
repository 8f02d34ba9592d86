package io.plumbline.drift.compat;

import io.plumbline.drift.internal.compat.NannyMlRules;
import io.plumbline.drift.internal.compat.Sample;
import io.plumbline.drift.internal.compat.ScipyRules;
import io.plumbline.drift.internal.compat.TestResult;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * scipy's tests on raw columns; made by {@link Compat#scipy}.
 *
 * <p>Missing values are dropped, as with {@code nan_policy="omit"}. scipy decides nothing: drift is
 * p below a level that is yours, without correction for the number of columns. Not safe for use by
 * several threads.
 */
public final class ScipyComparison {
  private Set<ScipyTest> tests = Set.of(ScipyTest.KS_2SAMP, ScipyTest.CHI2_CONTINGENCY);
  private List<String> columns = List.of();
  private double alpha = 0.05;

  ScipyComparison() {}

  /** Compares only these columns; all of the current ones unless set. */
  public ScipyComparison columns(String... columns) {
    this.columns = List.of(columns);
    return this;
  }

  /**
   * Sets the tests; each is run on the columns that it fits. {@code ks_2samp} for numbers and
   * {@code chi2_contingency} for texts and flags unless set.
   */
  public ScipyComparison tests(ScipyTest... tests) {
    this.tests = new LinkedHashSet<>(List.of(tests));
    return this;
  }

  /**
   * Sets the p-value below which a column has drifted; 0.05 unless set.
   *
   * @throws IllegalArgumentException if it is not between 0 and 1
   */
  public ScipyComparison alpha(double alpha) {
    if (!(alpha > 0 && alpha < 1)) {
      throw new IllegalArgumentException("alpha is " + alpha + "; it lies between 0 and 1");
    }
    this.alpha = alpha;
    return this;
  }

  /** Compares the current rows with the reference. */
  public CompatReport compare(Columns reference, Columns current) {
    return Pairs.compare(CompatMode.SCIPY, reference, current, columns, 0, this::compare);
  }

  private void compare(
      String column, Sample reference, Sample current, List<CompatResult> results) {
    boolean numbers = NannyMlRules.isContinuous(reference);
    if (numbers != NannyMlRules.isContinuous(current)) {
      throw new IllegalArgumentException("it has numbers on one side and texts on the other");
    }
    Sample before = reference.present();
    Sample after = current.present();
    if (before.rows() == 0 || after.rows() == 0) {
      throw new IllegalArgumentException("no row has a value on one side");
    }
    for (ScipyTest test : tests) {
      if (test.fits(numbers)) {
        TestResult result = ScipyRules.run(test, before, after);
        boolean decides = !Double.isNaN(result.p());
        results.add(
            new CompatResult(
                column,
                numbers ? "num" : "cat",
                test.function(),
                result.variant(),
                "",
                test == ScipyTest.G_CONTINGENCY ? "e" : "",
                "",
                before.rows(),
                after.rows(),
                result.statistic(),
                result.p(),
                decides ? result.p() : result.statistic(),
                decides ? alpha : Double.NaN,
                result.p() < alpha,
                null));
      }
    }
  }
}
