package io.plumbline.internal.journal;

import io.plumbline.internal.config.FsyncPolicy;
import io.plumbline.internal.config.RingKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A program that logs until it is killed: four threads log points through three keys each, and one
 * logs params and tags. After each call that has returned it says so in a mapped file, which
 * outlives it.
 */
final class AttackChild {
  static final int THREADS = 4;
  static final int KEYS = 3;

  /** Where the mapped file has the number of params and tags that are accepted. */
  static final int PARAMS = THREADS * 64;

  /** Where it says that the program is under way. */
  static final int READY = (THREADS + 1) * 64;

  /** Where it says how many calls were dropped. */
  static final int DROPPED = (THREADS + 2) * 64;

  static final int BYTES = 4096;

  private AttackChild() {}

  /** Returns the options that a seed stands for. */
  static JournalOptions options(long seed, RingKind ring) {
    Random random = new Random(seed);
    return JournalOptions.DEFAULT
        .withRing(ring, 1 << (12 + random.nextInt(10)))
        .withFsync(
            List.of(FsyncPolicy.values()).get(random.nextInt(3)),
            1_000_000L * (1 + random.nextInt(200)))
        .withSizes(1 << (14 + random.nextInt(13)), 0, 1 << 20);
  }

  /**
   * Logs.
   *
   * @param args the store, the run's id, the mapped file, the seed, the ring, and for how many
   *     milliseconds; 0 for ever
   */
  public static void main(String[] args) throws Exception {
    Path store = Path.of(args[0]);
    String runId = args[1];
    ByteBuffer told = map(Path.of(args[2]));
    long seed = Long.parseLong(args[3]);
    RingKind ring = RingKind.valueOf(args[4]);
    long millis = Long.parseLong(args[5]);
    Journal journal = Journal.open(store, options(seed, ring));
    Journal.RunWriterRef run = journal.openRun(runId, 0);
    Map<String, @Nullable Object> start = new TreeMap<>();
    start.put("start", Map.of("time", System.currentTimeMillis()));
    run.event(start, true).await(60_000_000_000L);
    String prefix = journal.writer();
    long end = millis == 0 ? Long.MAX_VALUE : System.nanoTime() + millis * 1_000_000;
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      int thread = t;
      threads.add(
          new Thread(() -> points(journal, run, told, new SplittableRandom(seed), thread, end)));
    }
    threads.add(new Thread(() -> params(run, told, prefix, end)));
    threads.forEach(Thread::start);
    told.putInt(READY, 1);
    for (Thread thread : threads) {
      thread.join();
    }
    run.close();
    System.exit(journal.close(java.time.Duration.ofSeconds(30)) ? 0 : 3);
  }

  static ByteBuffer map(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES);
    }
  }

  private static void points(
      Journal journal,
      Journal.RunWriterRef run,
      ByteBuffer told,
      SplittableRandom random,
      int thread,
      long end) {
    KeySlot[] keys = new KeySlot[KEYS];
    for (int k = 0; k < KEYS; k++) {
      keys[k] = run.key("t" + thread + "k" + k, null, null);
    }
    long n = 0;
    long dropped = 0;
    while (n == 0 || System.nanoTime() < end) {
      for (int burst = random.nextInt(100); burst > 0; burst--) {
        if (journal.log(keys[(int) (n % KEYS)], value(thread, n), n)) {
          n++;
          told.putLong(thread * 64, n);
        } else {
          told.putLong(DROPPED + thread * 8, ++dropped);
        }
      }
      LockSupport.parkNanos(random.nextInt(400_000));
    }
  }

  static double value(int thread, long n) {
    return thread * 1e12 + n;
  }

  private static void params(Journal.RunWriterRef run, ByteBuffer told, String prefix, long end) {
    for (long n = 0; System.nanoTime() < end; n++) {
      Map<String, @Nullable Object> event = new TreeMap<>();
      event.put(n % 2 == 0 ? "params" : "tags", Map.of(prefix + n, "v" + n));
      Receipt receipt = run.event(event, n % 16 == 0);
      while (!receipt.await(60_000_000_000L)) {
        Thread.onSpinWait();
      }
      told.putLong(PARAMS, n + 1);
      LockSupport.parkNanos(500_000);
    }
  }
}
