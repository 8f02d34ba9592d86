package io.plumbline.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A prediction logger, when something is wrong or too much,")
class LoggerUnderStressTest extends LoggedFlights {
  @Test
  @DisplayName("goes on when a listener fails, with an Error too")
  void failingListener() {
    try (LiveModel model = live();
        PredictionLogger log =
            PredictionLogger.builder(model)
                .mustLog()
                .onWindow(
                    LONG,
                    (version, slice, counts) -> {
                      throw new NoClassDefFoundError("of a listener");
                    })
                .open();
        Lease lease = model.lease()) {
      Instant past = Instant.parse("2013-04-01T00:00:00Z");
      for (int i = 0; i < 600; i++) {
        log.row(lease, "r" + i).prediction(i).at(past.plusSeconds(60L * i)).commit();
      }
      assertThat(log.flush(LONG)).isTrue();
      log.row(lease, "last").prediction(1).commit();
      assertThat(log.flush(LONG)).isTrue();
      assertThat(log.status().logged()).isEqualTo(601);
    }
  }

  @Test
  @DisplayName("loses no accepted row when it is closed under load")
  void closedUnderLoad() throws Exception {
    for (int round = 0; round < 20; round++) {
      try (LiveModel model = live()) {
        PredictionLogger log = PredictionLogger.open(model);
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 3; t++) {
          Thread thread =
              new Thread(
                  () -> {
                    try (Lease lease = model.lease()) {
                      double[] out = new double[1];
                      while (log.log(lease, "r", new double[] {1, 2}, out)
                          || log.status().droppedFull() == 0) {
                        Thread.onSpinWait();
                      }
                    }
                  });
          threads.add(thread);
          thread.start();
        }
        Thread.sleep(round);
        log.close();
        for (Thread thread : threads) {
          thread.join();
        }
        LogStatus status = log.status();
        assertThat(status.logged() + status.lost()).isEqualTo(status.accepted());
      }
    }
  }

  @Test
  @DisplayName("lets a row wait in must-log mode although its thread was interrupted")
  void interrupted() throws Exception {
    try (LiveModel model = live();
        PredictionLogger log = PredictionLogger.builder(model).mustLog().memory(1 << 17).open()) {
      Thread thread =
          new Thread(
              () -> {
                Thread.currentThread().interrupt();
                try (Lease lease = model.lease()) {
                  for (int i = 0; i < 50_000; i++) {
                    log.log(lease, "r", new double[] {1, 2}, new double[1]);
                  }
                }
                assertThat(Thread.interrupted()).isTrue();
              });
      thread.start();
      thread.join();
      assertThat(log.flush(LONG)).isTrue();
      assertThat(log.status().logged()).isEqualTo(50_000);
    }
  }

  @Test
  @DisplayName("never throws for what it is given, and counts what it can't take")
  void refuses() {
    String longText = "x".repeat(3_000);
    try (LiveModel model = live();
        PredictionLogger log = PredictionLogger.open(model)) {
      try (Lease lease = model.lease()) {
        assertThat(log.row(lease, "r").features(new double[3]).commit()).isFalse();
        assertThat(log.log(lease, "r", new double[1], new double[1])).isFalse();
        assertThat(log.log(lease, "r", new double[2], new double[0])).isFalse();
        assertThat(log.row(lease, "r").at(Instant.MAX).commit()).isFalse();
        assertThat(log.row(lease, longText).commit()).isFalse();
        LogRow twice = log.row(lease, "once").set("origin", longText).set("origin", 3.0);
        assertThat(twice.commit()).isTrue();
        assertThat(twice.commit()).isFalse();
      }
      assertThat(log.flush(LONG)).isTrue();
      LogStatus status = log.status();
      assertThat(status.invalid()).isEqualTo(5);
      assertThat(status.droppedOversize()).isEqualTo(1);
      assertThat(status.accepted()).isEqualTo(1);
      assertThat(status.cutValues()).isEqualTo(1);
      assertThat(status.unknownValues()).isEqualTo(1);
      assertThat(status.offered()).isEqualTo(7);
    }
    assertThat(String.valueOf(rows().get(0).get("origin"))).hasSize(1_000);
  }

  @Test
  @DisplayName("says how much memory it needs when it was given too little")
  void memory() {
    try (LiveModel model = live()) {
      assertThatThrownBy(() -> PredictionLogger.builder(model).memory(1_000).open())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("give the logger");
      try (PredictionLogger log = PredictionLogger.builder(model).memory(1 << 20).open()) {
        assertThat(log.status().memory()).isPositive().isLessThanOrEqualTo(1 << 20);
      }
    }
  }
}
