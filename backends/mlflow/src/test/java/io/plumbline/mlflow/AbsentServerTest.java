package io.plumbline.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.Config;
import io.plumbline.Plumbline;
import io.plumbline.internal.Engine;
import io.plumbline.internal.Sleeper;
import io.plumbline.internal.Time;
import io.plumbline.internal.courier.Courier;
import io.plumbline.internal.courier.Destination;
import io.plumbline.internal.journal.Disk;
import io.plumbline.internal.store.EmbeddedStore;
import io.plumbline.tracking.TrackingClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("An MLflow server that is away from before a run until long after it")
class AbsentServerTest {
  private static final Duration ABSENCE = Duration.ofDays(1);
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** An interval of a minute, and half of it more by chance. */
  private static final long LONGEST_WAIT = Duration.ofSeconds(90).toNanos();

  /** Retries whose interval is not a minute yet: half a second, doubled. */
  private static final int FIRST_ATTEMPTS = 8;

  private static final MlflowServer SERVER = MlflowServer.shared();

  @TempDir private Path folder;

  /** Clocks that go on with those of the machine, and jump over what a courier waits for. */
  private static final class Jumping implements Time, Sleeper {
    private final AtomicLong ahead = new AtomicLong();
    private final List<Long> waits = new CopyOnWriteArrayList<>();

    @Override
    public long millis() {
      return System.currentTimeMillis() + ahead.get() / 1_000_000;
    }

    @Override
    public long nanos() {
      return System.nanoTime() + ahead.get();
    }

    @Override
    public void sleep(long nanos) throws InterruptedException {
      waits.add(nanos);
      ahead.addAndGet(nanos);
      Thread.sleep(0);
    }
  }

  @Test
  @DisplayName(
      "loses nothing by it: it is asked for about once a minute, with a warning a minute at most,"
          + " and gets everything when it is back")
  void away() throws Exception {
    double scale = Double.parseDouble(System.getProperty("test.attack.scale", "0.05"));
    Duration absence = Duration.ofSeconds((long) (ABSENCE.toSeconds() * scale));
    long seed = Long.getLong("test.attack.seed", System.nanoTime());
    System.out.println("absence attack: " + absence + ", seed " + seed);
    int port = freePort();
    String uri = "http://127.0.0.1:" + port;
    String experiment = "away " + UUID.randomUUID();
    Map<String, LoggedRun> runs = logged(uri, experiment, new Random(seed));
    PrintStream usual = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      deliver(port, uri, absence);
    } finally {
      System.setErr(usual);
    }
    long warnings =
        said.toString(StandardCharsets.UTF_8)
            .lines()
            .filter(line -> line.contains("is not delivered to " + uri))
            .count();
    assertThat(warnings).isBetween(1L, absence.toMinutes() + 2);
    new Arrived(Backends.open(SERVER.root()).runs(), folder, "seed " + seed)
        .compare(experiment, runs);
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  private Config config() {
    return Config.builder()
        .isolated()
        .store(folder)
        .set("shutdown.hook", "off")
        .set("close.timeout", "2s")
        .build();
  }

  /** What a program logs that ends before the server comes. */
  private Map<String, LoggedRun> logged(String uri, String experiment, Random random) {
    Map<String, LoggedRun> runs = new HashMap<>();
    try (Plumbline plumbline = Plumbline.open(config());
        TrackingClient tracking = TrackingClient.of(plumbline)) {
      plumbline.engine().deliverTo(new Destination("mlflow", uri, Backends.open(uri)));
      for (int i = 0; i < 5; i++) {
        LoggedRun.log(random, tracking, experiment, runs);
      }
    }
    return runs;
  }

  /** What the next program does, whose clock jumps. */
  private void deliver(int port, String uri, Duration absence) throws InterruptedException {
    Jumping time = new Jumping();
    EmbeddedStore store =
        EmbeddedStore.open(folder, Engine.journalOptions(config()).on(Disk.REAL, time));
    try (MlflowBackend backend = Backends.open(uri);
        Courier courier = new Courier(store, new Destination("mlflow", uri, backend), time)) {
      courier.resume();
      while (time.ahead.get() < absence.toNanos()) {
        assertThat(courier.await(Duration.ofMillis(50))).isFalse();
      }
      long attempts = courier.delivery().retries();
      assertThat(time.waits).allMatch(wait -> wait <= LONGEST_WAIT);
      assertThat(attempts)
          .isBetween(absence.toSeconds() / 90, absence.toSeconds() / 30 + FIRST_ATTEMPTS);
      assertThat(courier.delivery().problem()).contains(uri);
      try (FaultyProxy back = new FaultyProxy(SERVER.root(), port)) {
        assertThat(courier.await(PATIENCE)).as("%s, %s", courier.delivery(), back.done()).isTrue();
      }
      assertThat(courier.delivery().rejected()).isZero();
      assertThat(courier.delivery().runsBehind()).isZero();
    } finally {
      store.close(Duration.ofSeconds(5));
    }
  }
}
