package io.plumbline.drift.internal.stat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.plumbline.drift.Golden;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The chi-square distribution")
class ChiSquareTest {
  private static final Golden.Rows SCIPY = Golden.rows("drift/chi-square.csv");
  private static final double[] STATISTIC = SCIPY.numbers("statistic");
  private static final double[] DOF = SCIPY.numbers("dof");
  private static final double[] SF = SCIPY.numbers("sf");

  @Test
  @DisplayName("has scipy's tails to ten digits, down to 1e-300")
  void tails() {
    for (int i = 0; i < SF.length; i++) {
      assertThat(ChiSquare.sf(STATISTIC[i], (int) DOF[i]))
          .as("sf(%s, %s)", STATISTIC[i], DOF[i])
          .isCloseTo(SF[i], withinPercentage(1e-8));
    }
    assertThat(SF).hasSizeGreaterThan(500);
  }

  @Test
  @DisplayName("gives the critical value of each tail")
  void critical() {
    for (int i = 0; i < SF.length; i++) {
      if (SF[i] >= 1e-300) {
        assertThat(ChiSquare.critical(SF[i], (int) DOF[i]))
            .as("critical(%s, %s)", SF[i], DOF[i])
            .isCloseTo(STATISTIC[i], withinPercentage(SF[i] > 0.99 ? 1e-4 : 1e-8));
      }
    }
  }

  @Test
  @DisplayName("has closed forms for two degrees of freedom, and keeps digits for a million")
  void closedForms() {
    for (double x = 0.01; x < 1400; x *= 1.1) {
      assertThat(ChiSquare.sf(x, 2)).isCloseTo(Math.exp(-x / 2), withinPercentage(1e-10));
    }
    // scipy.stats.chi2.sf(x, 10**6)
    assertThat(ChiSquare.sf(1.05e6, 1_000_000))
        .isCloseTo(2.185638417489151e-265, withinPercentage(1e-6));
    assertThat(ChiSquare.sf(1.003e6, 1_000_000))
        .isCloseTo(0.017016772933266328, withinPercentage(1e-8));
    assertThat(ChiSquare.sf(0.999e6, 1_000_000))
        .isCloseTo(0.7601767314598727, withinPercentage(1e-8));
  }

  @Test
  @DisplayName("is defined at its ends, and refuses what has no meaning")
  void ends() {
    assertThat(ChiSquare.sf(0, 3)).isEqualTo(1);
    assertThat(ChiSquare.sf(-1, 3)).isEqualTo(1);
    assertThat(ChiSquare.sf(Double.MIN_VALUE, 1)).isEqualTo(1);
    assertThat(ChiSquare.sf(Double.POSITIVE_INFINITY, 3)).isZero();
    assertThat(ChiSquare.sf(Double.MAX_VALUE, 3)).isZero();
    assertThat(ChiSquare.sf(Double.NaN, 3)).isNaN();
    assertThatThrownBy(() -> ChiSquare.sf(1, 0)).hasMessageContaining("at least 1, not 0");
    assertThatThrownBy(() -> ChiSquare.critical(0, 1)).hasMessageContaining("not 0.0");
    assertThatThrownBy(() -> ChiSquare.critical(Double.NaN, 1)).hasMessageContaining("not NaN");
  }
}
