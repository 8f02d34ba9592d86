package io.plumbline.registry.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.model.ModelVersion;
import io.plumbline.registry.ModelWatch.State;
import io.plumbline.tck.FakeClock;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A watch")
class WatchStateTest {
  private static final Duration INTERVAL = Duration.ofSeconds(30);
  private static final ModelVersion ONE = ModelVersion.builder("flights", 1).build();

  private final FakeClock clock = new FakeClock(1_700_000_000_000L);
  private double random = 0.5;
  private final WatchState state =
      new WatchState(INTERVAL, Duration.ofMinutes(5), clock, () -> random);

  @Test
  @DisplayName("begins STARTING, is READY once the registry has answered, and says since when")
  void ready() {
    assertThat(state.status().state()).isEqualTo(State.STARTING);
    clock.pass(Duration.ofSeconds(1));
    state.resolved(ONE);
    assertThat(state.status().state()).isEqualTo(State.READY);
    assertThat(state.status().reason()).isEmpty();
    assertThat(state.status().since().toEpochMilli()).isEqualTo(clock.millis());
    clock.pass(Duration.ofSeconds(30));
    state.resolved(ONE);
    assertThat(state.status().since().toEpochMilli()).isEqualTo(clock.millis() - 30_000);
    assertThat(state.status().confirmed()).isNotNull();
  }

  @Test
  @DisplayName("is FAILED with the reason while there was never a version, and READY once there is")
  void failed() {
    state.failed("no route to host");
    assertThat(state.status().state()).isEqualTo(State.FAILED);
    assertThat(state.status().reason()).isEqualTo("no route to host");
    state.gone("no such alias");
    assertThat(state.status().state()).isEqualTo(State.FAILED);
    assertThat(state.status().reason()).isEqualTo("no such alias");
    state.resolved(ONE);
    assertThat(state.status().state()).isEqualTo(State.READY);
  }

  @Test
  @DisplayName("looks STALE while a question hangs, once the last answer is too old")
  void hangs() {
    state.resolved(ONE);
    clock.pass(Duration.ofMinutes(6));
    Duration overdue = Duration.ofSeconds(59);
    assertThat(state.seen(state.status(), overdue).state()).isEqualTo(State.READY);
    overdue = Duration.ofSeconds(60);
    assertThat(state.seen(state.status(), overdue).state()).isEqualTo(State.STALE);
    assertThat(state.seen(state.status(), overdue).reason()).contains("no answer since");
    assertThat(state.seen(state.status(), overdue).version()).contains(ONE);
    state.resolved(ONE);
    assertThat(state.seen(state.status(), overdue).state()).isEqualTo(State.READY);
  }

  @Test
  @DisplayName("looks FAILED when the first question hangs")
  void hangsAtFirst() {
    assertThat(state.seen(state.status(), Duration.ofSeconds(9)).state()).isEqualTo(State.STARTING);
    assertThat(state.seen(state.status(), Duration.ofSeconds(10)).state()).isEqualTo(State.FAILED);
  }

  @Test
  @DisplayName("stays READY through short outages, and is STALE after the time without an answer")
  void stale() {
    state.resolved(ONE);
    clock.pass(Duration.ofMinutes(4));
    state.failed("timeout");
    assertThat(state.status().state()).isEqualTo(State.READY);
    assertThat(state.status().failures()).isEqualTo(1);
    clock.pass(Duration.ofMinutes(1));
    state.failed("timeout");
    assertThat(state.status().state()).isEqualTo(State.STALE);
    assertThat(state.status().reason()).contains("no answer since").contains("timeout");
    assertThat(state.status().version()).hasValue(ONE);
    state.resolved(ONE);
    assertThat(state.status().state()).isEqualTo(State.READY);
    assertThat(state.status().failures()).isZero();
  }

  @Test
  @DisplayName("keeps its version when the alias has gone, and is STALE with that reason")
  void gone() {
    state.resolved(ONE);
    state.gone("model 'flights' has no alias 'champion'");
    assertThat(state.status().state()).isEqualTo(State.STALE);
    assertThat(state.status().reason()).contains("no alias 'champion'");
    assertThat(state.status().version()).hasValue(ONE);
    state.failed("timeout");
    assertThat(state.status().reason()).as("the better reason stays").contains("no alias");
  }

  @Test
  @DisplayName("asks every interval give or take a fifth, the second time anywhere within it")
  void jitter() {
    state.resolved(ONE);
    Random seeded = new Random(1);
    Duration least = Duration.ofDays(1);
    Duration most = Duration.ZERO;
    for (int i = 0; i < 1_000; i++) {
      random = seeded.nextDouble();
      Duration pause = state.pause();
      least = pause.compareTo(least) < 0 ? pause : least;
      most = pause.compareTo(most) > 0 ? pause : most;
    }
    assertThat(least).isBetween(Duration.ofSeconds(24), Duration.ofMillis(24_200));
    assertThat(most).isBetween(Duration.ofMillis(35_800), Duration.ofSeconds(36));
    random = 0.1;
    assertThat(state.firstPause()).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  @DisplayName("backs off from 1 s to 5 min with full jitter, and never spins")
  void backoff() {
    random = 1;
    Duration[] bounds = new Duration[12];
    for (int i = 0; i < bounds.length; i++) {
      state.failed("away");
      bounds[i] = state.pause();
    }
    assertThat(bounds[0]).isEqualTo(Duration.ofSeconds(1));
    assertThat(bounds[3]).isEqualTo(Duration.ofSeconds(8));
    assertThat(bounds[11]).isEqualTo(Duration.ofMinutes(5));
    random = 0;
    assertThat(state.pause()).isEqualTo(Duration.ofMillis(50));
  }
}
