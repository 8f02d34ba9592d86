package io.plumbline.serving.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Leases")
class LeasesTest {
  private final AtomicInteger freed = new AtomicInteger();
  private final Leases leases = new Leases(1, freed::incrementAndGet);
  private final int place = leases.place();

  @Test
  @DisplayName("A second return of a lease does not return the next one at its place")
  void once() {
    long first = leases.take(place);
    leases.giveBack(place, first);
    long second = leases.take(place);
    leases.giveBack(place, first);
    assertThat(leases.isOut(place, first)).isFalse();
    assertThat(leases.isOut(place, second)).isTrue();
    leases.close();
    assertThat(freed).hasValue(0);
    leases.giveBack(place, second);
    assertThat(freed).hasValue(1);
  }

  @Test
  @DisplayName("More leases than places are counted, and each keeps the version open")
  void counted() {
    long placed = leases.take(place);
    assertThat(leases.take(place)).isEqualTo(Leases.COUNTED);
    assertThat(leases.take(place)).isEqualTo(Leases.COUNTED);
    assertThat(leases.active()).isEqualTo(3);
    leases.close();
    leases.giveBack(place, placed);
    leases.leave(place);
    assertThat(leases.active()).isEqualTo(1);
    assertThat(freed).hasValue(0);
    leases.leave(place);
    assertThat(freed).hasValue(1);
  }

  @Test
  @DisplayName("A call keeps the version open when its lease is returned meanwhile")
  void call() {
    long token = leases.take(place);
    leases.begin(place);
    leases.close();
    leases.giveBack(place, token);
    assertThat(freed).hasValue(0);
    assertThat(leases.active()).isEqualTo(1);
    leases.end(place);
    assertThat(freed).hasValue(1);
  }

  @Test
  @DisplayName("Once closed, no lease and no call is let in, and it is freed once")
  void closed() {
    leases.close();
    assertThat(leases.take(place)).isEqualTo(Leases.NONE);
    assertThat(leases.enter(place)).isFalse();
    leases.close();
    assertThat(freed).hasValue(1);
    assertThat(leases.active()).isZero();
  }

  @Test
  @DisplayName("Whenever it is closed under eight threads, it is freed once, and never in a call")
  void race() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      for (int round = 0; round < 300; round++) {
        new Race(threads).run(round);
      }
    } finally {
      threads.shutdownNow();
      assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  /** Threads that lease and call until they are not let in; it must not be freed in a call. */
  private static final class Race {
    private final AtomicInteger freed = new AtomicInteger();
    private final AtomicInteger harmed = new AtomicInteger();
    private final Leases leases = new Leases(2, freed::incrementAndGet);
    private final CountDownLatch started = new CountDownLatch(8);
    private final ExecutorService threads;

    Race(ExecutorService threads) {
      this.threads = threads;
    }

    void run(int round) throws Exception {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        boolean leased = i % 2 == 0;
        all.add(threads.submit(() -> work(leased)));
      }
      started.await();
      for (int spin = 0; spin < round * 50; spin++) {
        Thread.onSpinWait();
      }
      leases.close();
      for (Future<?> one : all) {
        one.get(30, TimeUnit.SECONDS);
      }
      assertThat(freed).hasValue(1);
      assertThat(harmed).hasValue(0);
      assertThat(leases.active()).isZero();
    }

    private void work(boolean leased) {
      started.countDown();
      int place = leases.place();
      while (leased ? leasedCall(place) : bareCall(place)) {
        Thread.onSpinWait();
      }
    }

    private boolean bareCall(int place) {
      if (!leases.enter(place)) {
        return false;
      }
      harmed.addAndGet(freed.get());
      leases.leave(place);
      return true;
    }

    private boolean leasedCall(int place) {
      long token = leases.take(place);
      if (token == Leases.NONE) {
        return false;
      }
      leases.begin(place);
      if (token == Leases.COUNTED) { // given back in the call, as another thread may
        leases.leave(place);
      } else {
        leases.giveBack(place, token);
        leases.giveBack(place, token);
      }
      harmed.addAndGet(freed.get());
      leases.end(place);
      return true;
    }
  }
}
