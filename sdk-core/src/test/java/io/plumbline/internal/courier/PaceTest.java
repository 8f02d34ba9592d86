package io.plumbline.internal.courier;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A courier's pace")
class PaceTest {
  private static final long SECOND = 1_000_000_000L;
  private final Pace pace = new Pace(new SplittableRandom(1));

  private long fail(int times) {
    for (int i = 0; i < times; i++) {
      pace.failed(0, null);
    }
    return pace.waitFrom(0);
  }

  /** The time in which that many successes come, each as soon as it may. */
  private long succeed(int times) {
    long now = 0;
    for (int i = 0; i < times; i++) {
      now += Math.max(0, pace.waitFrom(now));
      pace.succeeded(now);
    }
    return now;
  }

  @Test
  @DisplayName("follows a server that asks for years of silence for an hour")
  void years() {
    pace.failed(0, Duration.ofDays(365 * 8_000));
    assertThat(pace.waitFrom(0))
        .isBetween(3_600 * SECOND, 3_600 * SECOND + 2 * Pace.FIRST_INTERVAL);
  }

  @Test
  @DisplayName("is as fast as it can be while all is well")
  void unhindered() {
    assertThat(pace.waitFrom(5)).isLessThanOrEqualTo(0);
    assertThat(succeed(1_000)).isZero();
  }

  @Test
  @DisplayName("doubles its waits with each failure, up to a minute and a half")
  void backsOff() {
    assertThat(fail(1)).isBetween(SECOND / 4, SECOND * 3 / 4);
    assertThat(fail(1)).isBetween(SECOND / 2, SECOND * 3 / 2);
    assertThat(fail(1)).isBetween(SECOND, SECOND * 3);
    assertThat(fail(100)).isBetween(30 * SECOND, 90 * SECOND);
  }

  @Test
  @DisplayName("keeps to what the server asks for, whatever was under way and succeeds after it")
  void retryAfterWins() {
    pace.failed(0, Duration.ofMinutes(5));
    pace.succeeded(SECOND);
    assertThat(pace.waitFrom(SECOND)).isGreaterThanOrEqualTo(299 * SECOND);
    assertThat(pace.silenceFrom(SECOND)).isEqualTo(pace.waitFrom(SECOND));
    assertThat(pace.silenceFrom(1_000 * SECOND)).isLessThanOrEqualTo(0);
  }

  @Test
  @DisplayName("keeps to what the server asks for, and comes a random while behind it")
  void retryAfter() {
    pace.failed(0, Duration.ofSeconds(20));
    assertThat(pace.waitFrom(0)).isBetween(20 * SECOND + SECOND / 4, 21 * SECOND);
  }

  @Test
  @DisplayName("comes back step by step after an absence, and is at full speed after some minutes")
  void comesBack() {
    fail(20);
    assertThat(succeed(5)).isGreaterThan(60 * SECOND);
    long rest = succeed(100);
    assertThat(rest).isLessThan(600 * SECOND);
    assertThat(pace.waitFrom(Long.MAX_VALUE / 2)).isLessThanOrEqualTo(0);
  }

  @Test
  @DisplayName("grows slowly where a server takes some requests and refuses others")
  void underLoad() {
    // The server takes two requests a second from us, at most five at once, and refuses the others.
    double tokens = 5;
    long now = 0;
    int refused = 0;
    int sent = 2_000;
    for (int i = 0; i < sent; i++) {
      long wait = Math.max(0, pace.waitFrom(now));
      now += wait;
      tokens = Math.min(5, tokens + 2.0 * wait / SECOND);
      if (tokens < 1) {
        refused++;
        pace.failed(now, null);
      } else {
        tokens--;
        pace.succeeded(now);
      }
    }
    assertThat(refused).isBetween(1, sent / 8);
    double taken = (sent - refused) / (now / (double) SECOND);
    assertThat(taken).as("requests taken in a second, of two").isBetween(1.5, 2.1);
  }

  @Test
  @DisplayName("is not that of others: they are spread over the whole wait")
  void notInStep() {
    int[] tenths = new int[10];
    for (int client = 0; client < 10_000; client++) {
      Pace one = new Pace(new SplittableRandom(client));
      one.failed(0, null);
      double share = (one.waitFrom(0) - SECOND / 4.0) / (SECOND / 2.0);
      tenths[(int) (share * 10)]++;
    }
    assertThat(Arrays.stream(tenths).boxed().toList())
        .allSatisfy(count -> assertThat(count).isBetween(800, 1_200));
  }

  @Test
  @DisplayName("waits an hour at most for a server that asks for years, or for the end of time")
  void wantedByMalice() {
    for (Duration wanted :
        new Duration[] {Duration.ofDays(3_650), Duration.ofSeconds(Long.MAX_VALUE)}) {
      Pace asked = new Pace(new SplittableRandom(1));
      asked.failed(0, wanted);
      assertThat(asked.waitFrom(0)).isBetween(3_600 * SECOND, 3_601 * SECOND);
    }
  }
}
