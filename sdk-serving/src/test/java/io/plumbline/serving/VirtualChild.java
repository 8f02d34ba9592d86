package io.plumbline.serving;

import io.plumbline.registry.ModelRegistry;
import io.plumbline.registry.RegisterOptions;
import io.plumbline.spi.LoadedModel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A program in which ten thousand virtual threads predict at once, while versions are swapped; for
 * JDK 21 and later. Ends with 0 if every answer was right and no model was misused.
 */
final class VirtualChild {
  private static final int THREADS = 10_000;
  private static final int EACH = 50;

  private VirtualChild() {}

  /** Predicts; the argument is a folder. */
  public static void main(String[] args) throws Exception {
    Served.Linear loader = new Served.Linear();
    loader.concurrency = LoadedModel.Concurrency.PER_THREAD;
    AtomicInteger wrong = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(THREADS);
    // This source is compiled for JDK 17, which has no such method.
    ExecutorService threads =
        (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    try (ModelRegistry registry = Served.registry(Path.of(args[0]))) {
      for (int version = 1; version <= 3; version++) {
        registry.register("flights", Served.linear(version), RegisterOptions.none());
      }
      registry.setAlias("flights", "champion", 1, "");
      try (LiveModel model =
          LiveModel.builder(registry, "models:/flights@champion").loader(loader).open()) {
        for (int t = 0; t < THREADS; t++) {
          threads.execute(
              () -> {
                predict(model, wrong);
                done.countDown();
              });
        }
        for (int i = 0; done.getCount() > 0; i++) {
          registry.setAlias("flights", "champion", 1 + i % 3, "");
          model.refresh(Duration.ofSeconds(10));
        }
        if (!done.await(1, TimeUnit.MINUTES)) {
          System.exit(2);
        }
      }
    }
    threads.shutdown();
    System.out.println(wrong + " wrong, " + loader.misuses + " misuses, " + loader.open + " open");
    System.exit(wrong.get() + loader.misuses.get() + loader.open.get() == 0 ? 0 : 3);
  }

  private static void predict(LiveModel model, AtomicInteger wrong) {
    double[] in = {10, 1};
    double[] out = new double[1];
    for (int i = 0; i < EACH; i++) {
      try (Lease lease = model.lease()) {
        lease.predict(in, out);
        LockSupport.parkNanos(1); // a lease is held over a change of threads
        if (out[0] != 10 * lease.version().version() + 1) {
          wrong.incrementAndGet();
        }
      }
    }
  }
}
