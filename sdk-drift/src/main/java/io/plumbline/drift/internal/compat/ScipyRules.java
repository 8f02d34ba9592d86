package io.plumbline.drift.internal.compat;

import io.plumbline.drift.compat.ScipyTest;

/** scipy's functions on columns. */
public final class ScipyRules {
  private ScipyRules() {}

  /** Runs a test on rows that have a value. */
  public static TestResult run(ScipyTest test, Sample reference, Sample current) {
    return switch (test) {
      case TTEST_IND -> Student.test(reference.values(), current.values(), true);
      case TTEST_IND_WELCH -> Student.test(reference.values(), current.values(), false);
      case EPPS_SINGLETON_2SAMP -> EppsSingleton.test(reference.values(), current.values());
      case CHI2_CONTINGENCY -> {
        CategoryCounts counts = CategoryCounts.of(reference, current);
        yield Tables.contingency(counts.reference(), counts.current(), true);
      }
      case G_CONTINGENCY -> {
        CategoryCounts counts = CategoryCounts.of(reference, current);
        yield Tables.likelihoodContingency(counts.reference(), counts.current());
      }
      default -> ofOrder(test, reference.sorted(), current.sorted());
    };
  }

  private static TestResult ofOrder(ScipyTest test, double[] x, double[] y) {
    return switch (test) {
      case KS_2SAMP -> KolmogorovSmirnov.test(x, y);
      case WASSERSTEIN_DISTANCE -> TestResult.distance("distance", Transport.wasserstein(x, y));
      case ENERGY_DISTANCE -> TestResult.distance("distance", Transport.energy(x, y));
      case ANDERSON_KSAMP -> RankTests.andersonDarling(x, y);
      case CRAMERVONMISES_2SAMP -> RankTests.cramerVonMises(x, y);
      case MANNWHITNEYU -> RankTests.mannWhitney(x, y, RankTests.Alternative.TWO_SIDED);
      default -> throw new IllegalArgumentException(test + " is no test of order");
    };
  }
}
