package io.plumbline.lightgbm;

import io.plumbline.spi.LoadedModel;
import io.plumbline.spi.Predictor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A model of which each predictor has a copy in native memory: a booster is locked while it
 * predicts, so that threads that share one wait for each other.
 */
final class LightGbmModel implements LoadedModel {
  /**
   * Native memory of a booster in bytes of its text. Measured with 4.3.0, besides 8 KB for each
   * booster: 0.7 to 1.1 for models of 170 KB to 5 MB, up to 1.7 for smaller ones.
   */
  private static final double NATIVE_SHARE = 1.25;

  /** What any booster takes. */
  private static final long NATIVE_LEAST = 16 << 10;

  private final int inputs;
  private final int outputs;
  private final int size;
  private final AtomicInteger boosters = new AtomicInteger();
  // Kept for the predictors that are still to be opened, the first booster for the first of them.
  private volatile @Nullable String text;
  private final AtomicReference<@Nullable NativeBooster> first;

  /**
   * Loads the first booster.
   *
   * @param text what {@link ModelCheck} has made
   * @throws IllegalArgumentException if LightGBM refuses it
   */
  LightGbmModel(String text, int inputs, int outputs) {
    this.text = text;
    this.size = text.length();
    this.inputs = inputs;
    this.outputs = outputs;
    this.first = new AtomicReference<>(load(text));
  }

  @Override
  public Concurrency concurrency() {
    return Concurrency.PER_THREAD;
  }

  @Override
  public int inputs() {
    return inputs;
  }

  @Override
  public int outputs() {
    return outputs;
  }

  @Override
  public Predictor open() {
    String open = text;
    if (open == null) {
      throw new IllegalStateException("the model is closed; load it again");
    }
    NativeBooster booster = first.getAndSet(null);
    return new LightGbmPredictor(booster == null ? load(open) : booster, inputs, outputs, boosters);
  }

  /**
   * {@inheritDoc} That is the text, and for each booster the text's size times 1.25 and 16 KB: more
   * rather than less for models of more than 100 KB.
   */
  @Override
  public long memoryBytes() {
    long each = NATIVE_LEAST + (long) (NATIVE_SHARE * size);
    return (text == null ? 0 : size) + boosters.get() * each;
  }

  /** Predictors that are still open stay so: each has its own booster. */
  @Override
  public void close() {
    text = null;
    NativeBooster unused = first.getAndSet(null);
    if (unused != null) {
      unused.close();
      boosters.decrementAndGet();
    }
  }

  private NativeBooster load(String text) {
    NativeBooster loaded = NativeBooster.load(text, inputs, outputs);
    boosters.incrementAndGet();
    return loaded;
  }
}
