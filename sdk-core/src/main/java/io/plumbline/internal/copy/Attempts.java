package io.plumbline.internal.copy;

import io.plumbline.internal.Retrying;
import io.plumbline.internal.Sleeper;
import io.plumbline.spi.Backend;
import io.plumbline.spi.ModelStore;
import io.plumbline.spi.RunStore;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Repeats what breaks off in the middle, for as long as it gets on. After several in a row that did
 * not get on at all, the next ones are tried once: where none can be read, ten thousand are not
 * waited for.
 */
final class Attempts {
  private static final int MOST = 3;
  private static final int HOPELESS = 3;

  private final Backend backend;
  private final RunStore runs;
  private final int retries;
  private int failed;

  /**
   * Makes them.
   *
   * @param retries how often a call is repeated while the other side is away
   */
  Attempts(Backend backend, int retries) {
    this.backend = backend;
    this.retries = retries;
    this.runs = Retrying.of(RunStore.class, backend.runs(), retries, Sleeper.SYSTEM);
  }

  /** Returns the store of runs, for what is repeated. */
  RunStore runs() {
    return isHopeless() ? backend.runs() : runs;
  }

  /** Returns the store of models, for what is repeated. */
  ModelStore models() {
    return isHopeless()
        ? backend.models()
        : Retrying.of(ModelStore.class, backend.models(), retries, Sleeper.SYSTEM);
  }

  private boolean isHopeless() {
    return failed >= HOPELESS;
  }

  /**
   * Does something until it is done.
   *
   * @param progress grows with what has arrived
   * @param action goes on where it was
   * @throws RuntimeException what it has failed with, when it gets on no longer
   */
  <T> T repeat(LongSupplier progress, Supplier<T> action) {
    long first = progress.getAsLong();
    long most = first;
    int left = isHopeless() ? 1 : MOST;
    while (true) {
      try {
        T done = action.get();
        failed = progress.getAsLong() > first ? 0 : failed;
        return done;
      } catch (RuntimeException e) {
        if (!Retrying.mayPass(e)) {
          throw e;
        }
        long now = progress.getAsLong();
        left = now > most ? MOST : left - 1;
        most = Math.max(most, now);
        if (left == 0) {
          failed++;
          throw e;
        }
      }
    }
  }
}
