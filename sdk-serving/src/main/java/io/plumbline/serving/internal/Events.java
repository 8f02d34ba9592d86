package io.plumbline.serving.internal;

import io.plumbline.internal.OncePerMinute;
import io.plumbline.internal.Threads;
import io.plumbline.internal.Time;
import io.plumbline.model.ModelRef;
import io.plumbline.model.ModelVersion;
import io.plumbline.serving.LiveEvent;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells listeners what has happened, one after the other, on a thread that nobody waits for. */
final class Events implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("io.plumbline.serving");

  private final ModelRef ref;
  private final List<LiveEvent.Listener> listeners;
  private final Time time;
  private final OncePerMinute warnings;
  private final ThreadPoolExecutor thread;

  Events(ModelRef ref, List<LiveEvent.Listener> listeners, Time time) {
    this.ref = ref;
    this.listeners = listeners;
    this.time = time;
    this.warnings = new OncePerMinute(LOG, time);
    this.thread =
        new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Threads.factory("live-events"));
    thread.allowCoreThreadTimeOut(true);
    thread.setRejectedExecutionHandler((task, executor) -> {});
  }

  void tell(
      LiveEvent.Kind kind,
      @Nullable ModelVersion version,
      @Nullable ModelVersion previous,
      String reason) {
    log(kind, version, previous, reason);
    if (!listeners.isEmpty()) {
      LiveEvent event =
          new LiveEvent(kind, version, previous, reason, Instant.ofEpochMilli(time.millis()));
      thread.execute(() -> listeners.forEach(listener -> tell(listener, event)));
    }
  }

  private void log(
      LiveEvent.Kind kind,
      @Nullable ModelVersion version,
      @Nullable ModelVersion previous,
      String reason) {
    switch (kind) {
      case REJECTED, LEASE_ALARM, TRANSFORM_DIFFERS, SKEW ->
          warnings.warn(kind.name(), () -> ref + ": " + kind + " " + version + ": " + reason);
      default ->
          LOG.info(
              "{}: {}{}{}{}",
              ref,
              kind,
              version == null ? "" : " " + version,
              previous == null ? "" : " after " + previous,
              reason.isEmpty() ? "" : ": " + reason);
    }
  }

  private static void tell(LiveEvent.Listener listener, LiveEvent event) {
    try {
      listener.on(event);
    } catch (RuntimeException e) {
      LOG.warn("a listener of {} has failed: {}", event.kind(), e.toString());
    }
  }

  /** Tells what is left, and stops. */
  @Override
  public void close() {
    thread.shutdown();
  }
}
