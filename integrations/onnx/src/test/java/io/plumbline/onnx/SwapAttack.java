package io.plumbline.onnx;

import io.plumbline.Config;
import io.plumbline.model.GoldenRecords;
import io.plumbline.model.ModelPart;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.registry.RegisterOptions;
import io.plumbline.serving.LiveModel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A program that swaps sessions of ONNX Runtime while eight threads predict with them, and ends
 * with 1 if an answer is wrong. If a session is closed too early, it does not end but crashes.
 */
final class SwapAttack {
  private static final int VERSIONS = 5;

  private SwapAttack() {}

  /** Swaps; the arguments are a folder and how often. */
  public static void main(String[] args) throws Exception {
    int swaps = Integer.parseInt(args[1]);
    GoldenRecords golden = Models.golden("logistic");
    AtomicReference<Throwable> wrong = new AtomicReference<>();
    AtomicBoolean stop = new AtomicBoolean();
    AtomicLong predictions = new AtomicLong();
    Config config =
        Config.builder()
            .isolated()
            .store(Path.of(args[0], "store"))
            .set("registry.metadata.age", "0s")
            .build();
    try (ModelRegistry registry = ModelRegistry.create(config)) {
      for (int version = 1; version <= VERSIONS; version++) {
        byte[] note = ("version " + version).getBytes(StandardCharsets.UTF_8);
        registry.register(
            "flights",
            Onnx.pack(Models.file("logistic"))
                .with(golden)
                .with(ModelPart.of("note.txt", "text/plain", note)),
            RegisterOptions.none());
      }
      registry.setAlias("flights", "champion", 1, "");
      try (LiveModel model =
          LiveModel.builder(registry, "models:/flights@champion").keepWarm(0).warmUp(2).open()) {
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          int record = i;
          callers.add(new Thread(() -> call(model, golden, record, stop, predictions, wrong)));
        }
        callers.forEach(Thread::start);
        long early = 0;
        for (int i = 0; i < swaps && wrong.get() == null; i++) {
          registry.setAlias("flights", "champion", 1 + (i + 1) % VERSIONS, "swap " + i);
          if (!model.refresh(Duration.ofMinutes(1))) {
            throw new IllegalStateException("swap " + i + " has not happened: " + model.status());
          }
          early = i == Math.min(100, swaps / 2) ? residentKib() : early;
        }
        stop.set(true);
        for (Thread caller : callers) {
          caller.join();
        }
        System.out.printf(
            "%d swaps, %d predictions, grown by %d MiB%n",
            swaps, predictions.get(), (residentKib() - early) / 1024);
      }
    }
    if (wrong.get() != null) {
      wrong.get().printStackTrace();
      System.exit(1);
    }
  }

  private static void call(
      LiveModel model,
      GoldenRecords golden,
      int record,
      AtomicBoolean stop,
      AtomicLong predictions,
      AtomicReference<Throwable> wrong) {
    double[] row = golden.inputDoubles()[record];
    double[] out = new double[golden.outputColumns().size()];
    try {
      while (!stop.get() && wrong.get() == null) {
        model.predict(row, out);
        if (!golden.matches(record, out)) {
          throw new AssertionError("record " + record + " has given " + List.of(out[0], out[1]));
        }
        predictions.incrementAndGet();
      }
    } catch (RuntimeException | Error e) {
      wrong.compareAndSet(null, e);
    }
  }

  private static long residentKib() throws Exception {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElse(0);
  }
}
