package io.plumbline.serving;

import io.plumbline.Config;
import io.plumbline.model.GoldenRecords;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.Signature;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.registry.RegisterOptions;
import io.plumbline.spi.LoadOptions;
import io.plumbline.spi.LoadedModel;
import io.plumbline.spi.ModelLoader;
import io.plumbline.spi.Predictor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Models whose predictions say which version they are of, and that see when they are misused. */
final class Served {
  static final List<String> INPUTS = List.of("a", "b");
  static final Signature SIGNATURE = Signature.doubles(INPUTS, "score");

  private Served() {}

  static ModelRegistry registry(Path folder) {
    return ModelRegistry.create(
        Config.builder()
            .isolated()
            .store(folder.resolve("store"))
            .set("registry.poll", "20ms")
            .set("registry.metadata.age", "0s")
            .build());
  }

  /** A model that gives {@code factor * a + b}. */
  static ModelPackage linear(double factor) {
    return ModelPackage.of("linear", Map.of("factor", factor))
        .with(SIGNATURE)
        .with(
            GoldenRecords.of(
                INPUTS,
                new double[][] {{1, 2}, {3, 4}},
                List.of("score"),
                new double[][] {{factor + 2}, {3 * factor + 4}}));
  }

  static ModelVersion promote(ModelRegistry registry, ModelPackage model) {
    ModelVersion version = registry.register("flights", model, RegisterOptions.none());
    registry.promote(version, "champion", "test");
    return version;
  }

  static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("waited in vain: " + what);
      }
      Thread.onSpinWait();
    }
  }

  /** Loads linear models, and fails the test when one is used after its close. */
  static final class Linear implements ModelLoader {
    final AtomicInteger open = new AtomicInteger();
    final AtomicInteger loads = new AtomicInteger();
    final AtomicInteger misuses = new AtomicInteger();
    volatile LoadedModel.Concurrency concurrency = LoadedModel.Concurrency.SHARED;
    volatile long memory = 1_000;

    /** Called before a model is loaded. */
    volatile Runnable before = () -> {};

    /** Called in each call. */
    volatile Callable<@Nullable Void> during = () -> null;

    /** Called before a model is closed. */
    volatile Runnable beforeClose = () -> {};

    @Override
    public Set<String> flavors() {
      return Set.of("linear");
    }

    @Override
    public LoadedModel load(ModelPackage model, Path folder, LoadOptions options) {
      before.run();
      loads.incrementAndGet();
      open.incrementAndGet();
      return new Loaded(Double.parseDouble(String.valueOf(model.metadata().get("factor"))));
    }

    private final class Loaded implements LoadedModel {
      private final double factor;
      private final AtomicInteger using = new AtomicInteger();
      private volatile boolean closed;

      Loaded(double factor) {
        this.factor = factor;
      }

      @Override
      public Concurrency concurrency() {
        return concurrency;
      }

      @Override
      public int inputs() {
        return 2;
      }

      @Override
      public int outputs() {
        return 1;
      }

      @Override
      public long memoryBytes() {
        return memory;
      }

      @Override
      public Predictor open() {
        return new One();
      }

      @Override
      public void close() {
        beforeClose.run();
        if (closed || using.get() != 0) {
          misuses.incrementAndGet();
        }
        closed = true;
        open.decrementAndGet();
      }

      /** A predictor that belongs to one call at a time, unless it is shared. */
      private final class One implements Predictor {
        private final AtomicInteger calls = new AtomicInteger();

        @Override
        public void predict(double[] in, int rows, double[] out) {
          begin();
          for (int row = 0; row < rows; row++) {
            out[row] = factor * in[2 * row] + in[2 * row + 1];
          }
          end();
        }

        @Override
        public void predict(float[] in, int rows, float[] out) {
          begin();
          for (int row = 0; row < rows; row++) {
            out[row] = (float) (factor * in[2 * row] + in[2 * row + 1]);
          }
          end();
        }

        private void begin() {
          using.incrementAndGet();
          try {
            during.call();
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
          boolean alone = calls.incrementAndGet() == 1;
          if (closed || !alone && concurrency != LoadedModel.Concurrency.SHARED) {
            misuses.incrementAndGet();
          }
        }

        private void end() {
          calls.decrementAndGet();
          using.decrementAndGet();
        }

        @Override
        public void close() {
          if (calls.get() != 0) {
            misuses.incrementAndGet();
          }
        }
      }
    }
  }
}
