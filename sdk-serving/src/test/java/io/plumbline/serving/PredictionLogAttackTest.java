package io.plumbline.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.drift.log.BufferCompression;
import io.plumbline.drift.log.LogBatch;
import io.plumbline.drift.log.LogFilter;
import io.plumbline.drift.log.LogOptions;
import io.plumbline.drift.log.PredictionLogReader;
import io.plumbline.drift.log.PredictionLogWriter;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.tck.ChildJvm;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A prediction log")
class PredictionLogAttackTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  @TempDir private Path folder;

  /** The numbers of the rows in a log; each must be there once, and right. */
  private static BitSet rows(Path log) {
    BitSet seen = new BitSet();
    try (PredictionLogReader reader = PredictionLogReader.open(log, LogFilter.ALL)) {
      for (LogBatch batch = reader.next(); batch != null; batch = reader.next()) {
        String[] ids = batch.texts("_request_id");
        double[] a = batch.doubles("a");
        double[] said = batch.doubles("prediction");
        for (int row = 0; row < ids.length; row++) {
          int number = Integer.parseInt(ids[row].substring(1));
          assertThat(seen.get(number)).as("twice: %s", ids[row]).isFalse();
          assertThat(a[row]).isEqualTo(number);
          assertThat(said[row]).isEqualTo(number + 1);
          seen.set(number);
        }
      }
    }
    return seen;
  }

  @Test
  @DisplayName(
      "in which every row must be, has every row that was flushed, after kill -9 at any moment")
  void killed() throws Exception {
    long seed = Long.getLong("test.attack.seed", new Random().nextLong() >>> 16);
    Random random = new Random(seed);
    double scale = Double.parseDouble(System.getProperty("test.attack.scale", "0.05"));
    int kills = Math.max(3, (int) Math.round(200 * scale));
    long rows = 0;
    for (int kill = 0; kill < kills; kill++) {
      Path store = folder.resolve("kill-" + kill);
      try (ModelRegistry registry = Served.registry(store)) {
        Served.promote(registry, Served.linear(1));
      }
      rows += kill(store, random, "seed " + seed + ", kill " + kill);
    }
    System.out.printf(
        "kill attack, logged predictions: %d kills, seed %d: %d rows, none that was flushed lost%n",
        kills, seed, rows);
  }

  @Test
  @DisplayName("is captured on JDK 25 with memory access by Unsafe denied, without a warning")
  void denied() throws Exception {
    Path jdk = ChildJvm.jdkOrSkip(25, System.out::println);
    try (ModelRegistry registry = Served.registry(folder)) {
      Served.promote(registry, Served.linear(1));
    }
    List<String> deny = List.of("--sun-misc-unsafe-memory-access=deny");
    String said = ChildJvm.run(jdk, deny, CaptureChild.class, folder);
    assertThat(said.strip()).endsWith("logged 3000").doesNotContain("WARNING", "Unsafe");
    assertThat(rows(folder.resolve("store/predictions")).cardinality()).isEqualTo(3_000);
  }

  /** Predicts and logs 3,000 rows, and says how many the log has taken. */
  static final class CaptureChild {
    private CaptureChild() {}

    public static void main(String[] arguments) {
      try (ModelRegistry registry = Served.registry(Path.of(arguments[0]));
          LiveModel model =
              LiveModel.builder(registry, "models:/flights@champion")
                  .loader(new Served.Linear())
                  .open();
          PredictionLogger log = PredictionLogger.builder(model).mustLog().open()) {
        for (int i = 0; i < 3_000; i++) {
          double[] unused = model.predict("r" + i, new double[] {i, 1});
        }
        boolean flushed = log.flush(LONG);
        System.out.println(flushed ? "logged " + log.status().logged() : "not flushed");
      }
    }
  }

  private static long kill(Path store, Random random, String which) throws Exception {
    Path told = store.resolve("told");
    Process child =
        ChildJvm.builder(
                ChildJvm.home(),
                List.of(),
                LoggerChild.class,
                store,
                told,
                20 + random.nextInt(2_000))
            .redirectOutput(store.resolve("output").toFile())
            .start();
    while (child.isAlive() && (!Files.exists(told) || Files.size(told) < 8)) {
      Thread.sleep(1);
    }
    Thread.sleep(random.nextInt(500));
    assertThat(child.isAlive()).as(Files.readString(store.resolve("output"))).isTrue();
    child.destroyForcibly();
    assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
    long flushed = ByteBuffer.wrap(Files.readAllBytes(told)).getLong();
    Path log = store.resolve("store/predictions");
    PredictionLogWriter.open(log, LogOptions.DEFAULT).close(); // repairs
    BitSet rows = rows(log);
    assertThat(rows.nextClearBit(0)).as(which).isEqualTo(rows.length());
    assertThat((long) rows.length()).as(which).isGreaterThanOrEqualTo(flushed);
    return rows.length();
  }

  /** Every batch goes into a part of its own, so that the next one meets the disk as it is then. */
  private static PredictionLogger.Builder logger(LiveModel model, Path log) {
    return PredictionLogger.builder(model)
        .folder(log)
        .files(LogOptions.DEFAULT.withBatchRows(50).withRoll(1, Duration.ofMinutes(5)));
  }

  private LiveModel live(ModelRegistry registry) {
    Served.promote(registry, Served.linear(1));
    return LiveModel.builder(registry, "models:/flights@champion")
        .loader(new Served.Linear())
        .open();
  }

  private static void predict(LiveModel model, int from, int to) {
    for (int i = from; i < to; i++) {
      assertThat(model.predict("r" + i, new double[] {i, 1})).containsExactly(i + 1);
    }
  }

  @Test
  @DisplayName(
      "on a disk that dies holds up no request, counts what is lost, and goes on when it is back")
  void deadDisk() throws Exception {
    Path log = folder.resolve("log");
    Path away = folder.resolve("away");
    try (ModelRegistry registry = Served.registry(folder);
        LiveModel model = live(registry);
        PredictionLogger logger = logger(model, log).open()) {
      predict(model, 0, 100);
      assertThat(logger.flush(LONG)).isTrue();
      Files.move(log, away);
      Files.writeString(log, "a file in the way");
      predict(model, 100, 300);
      Served.await("the loss", () -> logger.status().lost() == 200);
      assertThat(logger.status().failure()).contains("can't be written to");
      assertThat(logger.flush(Duration.ofMillis(50))).isFalse();
      Files.delete(log);
      Files.move(away, log);
      Served.await("the disk's return", () -> logger.flush(Duration.ofSeconds(1)));
      predict(model, 300, 400);
      assertThat(logger.flush(LONG)).isTrue();
      LogStatus status = logger.status();
      assertThat(status.failure()).isEmpty();
      assertThat(status.accepted()).isEqualTo(400);
      assertThat(status.logged() + status.lost()).isEqualTo(400);
    }
    assertThat(rows(log).cardinality()).isEqualTo(200);
  }

  /** Compresses nothing, and makes each batch take as long as a slow disk would. */
  private static final class SlowWrites implements BufferCompression {
    private static final long NANOS = 2_000_000; // for each of some 30 buffers of a batch

    private final CountDownLatch hanging = new CountDownLatch(1);
    private final AtomicLong buffers = new AtomicLong();

    @Override
    public int bound(int length) {
      return length;
    }

    @Override
    public int compress(ByteBuffer plain, ByteBuffer target) {
      buffers.incrementAndGet();
      try {
        hanging.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      LockSupport.parkNanos(NANOS);
      return plain.remaining(); // no shorter, so the buffer is written as it is
    }

    @Override
    public byte[] decompress(byte[] frame, int plainLength) {
      throw new IllegalArgumentException("nothing was compressed");
    }
  }

  @Test
  @DisplayName(
      "on a disk that hangs and then takes 50 ms for each batch holds up no request, keeps to its"
          + " memory, and counts what it drops")
  void slowDisk() throws Exception {
    Path log = folder.resolve("log");
    int offered = 20_000;
    long budget = 1 << 18;
    SlowWrites disk = new SlowWrites();
    try (ModelRegistry registry = Served.registry(folder);
        LiveModel model = live(registry);
        PredictionLogger logger =
            PredictionLogger.builder(model)
                .folder(log)
                .files(LogOptions.DEFAULT.withBatchRows(50).withCompression(disk))
                .memory(budget)
                .open()) {
      predict(model, 0, 1_000);
      Served.await("the first write", () -> disk.buffers.get() > 0);
      predict(model, 1_000, offered / 2); // all of them come back, while no write does
      LogStatus hung = logger.status();
      assertThat(hung.memory()).isLessThanOrEqualTo(budget);
      assertThat(hung.offered()).isEqualTo(offered / 2);
      assertThat(hung.accepted() + hung.droppedFull()).isEqualTo(offered / 2);
      assertThat(hung.droppedFull()).isPositive();
      assertThat(hung.accepted() * 3 * Double.BYTES)
          .as("two inputs, one output")
          .isLessThan(budget);
      disk.hanging.countDown();
      predict(model, offered / 2, offered);
      assertThat(logger.flush(LONG)).isTrue();
      LogStatus status = logger.status();
      assertThat(status.failure()).isEmpty();
      assertThat(status.offered()).isEqualTo(offered);
      assertThat(status.accepted() + status.droppedFull()).isEqualTo(offered);
      assertThat(status.logged()).isEqualTo(status.accepted());
      assertThat(status.lost()).isZero();
      logger.close();
      assertThat((long) rows(log).cardinality()).isEqualTo(status.accepted());
    }
  }

  @Test
  @DisplayName(
      "in which every row must be, has requests wait for a disk that died, and then has all rows")
  void mustLog() throws Exception {
    Path log = folder.resolve("log");
    Path away = folder.resolve("away");
    try (ModelRegistry registry = Served.registry(folder);
        LiveModel model = live(registry);
        PredictionLogger logger = logger(model, log).mustLog().memory(1 << 18).open()) {
      predict(model, 0, 100);
      assertThat(logger.flush(LONG)).isTrue();
      Files.move(log, away);
      Files.writeString(log, "a file in the way");
      Thread requests = new Thread(() -> predict(model, 100, 2_000));
      requests.start();
      Served.await("the refusal", () -> !logger.status().failure().isEmpty());
      requests.join(200);
      assertThat(requests.isAlive()).as("it waits").isTrue();
      Files.delete(log);
      Files.move(away, log);
      requests.join();
      assertThat(logger.flush(LONG)).isTrue();
      assertThat(logger.status().lost()).isZero();
      assertThat(logger.status().droppedFull()).isZero();
    }
    assertThat(rows(log).cardinality()).isEqualTo(2_000);
  }
}
