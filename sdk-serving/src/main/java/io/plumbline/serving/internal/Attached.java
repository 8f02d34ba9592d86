package io.plumbline.serving.internal;

import io.plumbline.serving.PredictionLogger;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The logger that is attached to a live model, if there is one. */
final class Attached {
  private static final Logger LOG = LoggerFactory.getLogger("io.plumbline.serving");

  private record Log(PredictionLogger logger, Consumer<VersionFacts> prepare) {}

  private final AtomicReference<@Nullable Log> log = new AtomicReference<>();

  void attach(PredictionLogger logger, Consumer<VersionFacts> prepare) {
    Log fresh = new Log(Objects.requireNonNull(logger), Objects.requireNonNull(prepare));
    if (!log.compareAndSet(null, fresh)) {
      throw new IllegalStateException(
          "the live model has a prediction logger already; close that one first");
    }
  }

  void detach(PredictionLogger logger) {
    Log now = log.get();
    if (now != null && now.logger() == logger) {
      log.compareAndSet(now, null);
    }
  }

  @Nullable PredictionLogger logger() {
    Log now = log.get();
    return now == null ? null : now.logger();
  }

  /** Has the logger made ready for a version, so that the first request need not wait for that. */
  void prepare(VersionFacts version) {
    Log now = log.get();
    if (now == null) {
      return;
    }
    try {
      now.prepare().accept(version);
    } catch (RuntimeException e) { // to serve comes first
      LOG.warn("{} can't be logged: {}", version.version(), e.toString());
    }
  }
}
