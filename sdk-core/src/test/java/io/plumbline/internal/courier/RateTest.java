package io.plumbline.internal.courier;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A rate")
class RateTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  @DisplayName(
      "is that of the last ten seconds, whatever the clock's zero is, and forgets the rest")
  void window() {
    for (long zero : new long[] {0, -5 * SECOND, Long.MAX_VALUE / 2}) {
      Rate rate = new Rate();
      assertThat(rate.perSecond(zero)).isZero();
      for (int second = 0; second < 30; second++) {
        rate.add(second < 20 ? 7 : 100, zero + second * SECOND);
      }
      assertThat(rate.perSecond(zero + 29 * SECOND)).isEqualTo(100);
      assertThat(rate.perSecond(zero + 34 * SECOND)).isEqualTo(50);
      assertThat(rate.perSecond(zero + 60 * SECOND)).isZero();
      assertThat(rate.total()).isEqualTo(20 * 7 + 10 * 100);
    }
  }
}
