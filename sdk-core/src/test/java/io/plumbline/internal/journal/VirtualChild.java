package io.plumbline.internal.journal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A program in which ten thousand virtual threads log at once; for JDK 21 and later. */
final class VirtualChild {
  static final int THREADS = 10_000;
  static final int EACH = 20;

  private VirtualChild() {}

  /** Logs; the argument is the store. */
  public static void main(String[] args) throws Exception {
    Journal journal = Journal.open(Path.of(args[0]), JournalOptions.DEFAULT);
    Journal.RunWriterRef run = journal.openRun(Runs.RUN, 0);
    KeySlot key = run.key("a", null, null);
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(THREADS);
    // This source is compiled for JDK 17, which has no such method.
    ExecutorService threads =
        (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    for (int t = 0; t < THREADS; t++) {
      int thread = t;
      threads.execute(
          () -> {
            await(go);
            for (int i = 0; i < EACH; i++) {
              long step = thread * (long) EACH + i;
              while (!journal.log(key, (double) step, step)) {
                LockSupport.parkNanos(100_000);
              }
            }
            if (thread % 100 == 0) {
              Map<String, @Nullable Object> event = new TreeMap<>();
              event.put("params", Map.of("p" + thread, "v"));
              run.event(event, true).await(60_000_000_000L);
            }
            done.countDown();
          });
    }
    go.countDown();
    done.await();
    threads.shutdown();
    run.close();
    System.exit(journal.close(Duration.ofSeconds(60)) ? 0 : 3);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
