package io.plumbline.internal.store;

import io.plumbline.ConflictException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.Time;
import io.plumbline.internal.journal.Journal;
import io.plumbline.internal.journal.KeySlot;
import io.plumbline.internal.journal.Receipt;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.DatasetInput;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.RunStatus;
import io.plumbline.model.RunTags;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A run that is open for writing: turns calls into the journal's events. What a caller may do and
 * when is decided by those who hold it; here only the rule of params is kept, because two callers
 * may race.
 */
public final class OpenRun implements AutoCloseable {
  /** How long an event's caller waits for the disk; then the event waits in memory. */
  private static final long PATIENCE = Duration.ofMillis(100).toNanos();

  private final Journal journal;
  private final Journal.RunWriterRef writer;
  private final Time time;
  private final RunListener listener;
  private final ReentrantLock paramLock = new ReentrantLock();
  private final Map<String, String> params;
  private final ArtifactPaths paths;

  OpenRun(
      Journal journal,
      Journal.RunWriterRef writer,
      Time time,
      RunListener listener,
      Map<String, String> params,
      Set<String> artifacts) {
    this.journal = journal;
    this.writer = writer;
    this.time = time;
    this.listener = listener;
    this.params = new LinkedHashMap<>(params);
    this.paths = new ArtifactPaths(artifacts);
    listener.opened(writer.runId());
  }

  /** Returns the run's id. */
  public String id() {
    return writer.runId();
  }

  private Receipt event(String member, @Nullable Object value, boolean soon) {
    Map<String, @Nullable Object> event = new LinkedHashMap<>();
    event.put(member, value);
    return send(event, soon);
  }

  private Receipt send(Map<String, @Nullable Object> event, boolean soon) {
    Receipt receipt = writer.event(event, soon);
    receipt.await(PATIENCE);
    return receipt;
  }

  /** Writes the run's start. */
  Receipt start(
      String experimentId,
      String experiment,
      String name,
      String user,
      @Nullable String parent,
      long startTime,
      Map<String, String> tags) {
    Map<String, @Nullable Object> start = new LinkedHashMap<>();
    start.put("experiment", experimentId);
    start.put("experimentName", experiment);
    start.put("user", user);
    if (parent != null) {
      start.put("parent", parent);
    }
    start.put("time", startTime);
    Map<String, @Nullable Object> event = new LinkedHashMap<>();
    event.put("start", start);
    event.put("name", name);
    event.put("status", RunStatus.RUNNING.name());
    event.put("time", startTime);
    event.put("tags", new LinkedHashMap<String, @Nullable Object>(tags));
    return send(event, true);
  }

  /**
   * Writes that this writer goes on with the run, or helps with it.
   *
   * @param mended whether the run had failed, which it then has not any more
   */
  public void join(boolean asOwner, boolean mended) {
    Map<String, @Nullable Object> event = new LinkedHashMap<>();
    event.put("joined", true);
    if (mended) {
      Map<String, @Nullable Object> gone = new LinkedHashMap<>();
      gone.put(RunTags.FAILURE, null);
      event.put("tags", gone);
    }
    if (asOwner) {
      event.put("status", RunStatus.RUNNING.name());
      event.put("time", time.millis());
    }
    send(event, true);
  }

  /**
   * Writes params, all or none.
   *
   * @throws ConflictException if one of them has another value
   */
  public void params(Map<String, String> more) {
    Map<String, @Nullable Object> fresh = new LinkedHashMap<>();
    Receipt receipt;
    paramLock.lock();
    try {
      more.forEach(
          (key, value) -> {
            String old = params.get(key);
            if (old == null) {
              fresh.put(key, value);
            } else if (!old.equals(value)) {
              throw conflict(key, old, value);
            }
          });
      if (fresh.isEmpty()) {
        return;
      }
      Map<String, @Nullable Object> event = new LinkedHashMap<>();
      event.put("params", fresh);
      receipt = writer.event(event, true);
      fresh.forEach((key, value) -> params.put(key, String.valueOf(value)));
    } finally {
      paramLock.unlock();
    }
    receipt.await(PATIENCE);
  }

  static ConflictException conflict(String key, String old, String value) {
    return new ConflictException(
        "the param "
            + Printable.quote(key)
            + " is "
            + Printable.quote(old)
            + " and can't become "
            + Printable.quote(value)
            + ": params do not change within a run; log it as a metric or tag, or start another run");
  }

  /** Writes tags; a null value removes one. */
  public void tags(Map<String, ? extends @Nullable Object> tags) {
    event("tags", new LinkedHashMap<String, @Nullable Object>(tags), false);
  }

  /** Writes a name. */
  public void name(String name) {
    event("name", name, false);
  }

  /** Writes that the run is deleted, or not. */
  void deleted(boolean deleted) {
    event("deleted", deleted, true);
  }

  /**
   * Writes a status.
   *
   * @param failure what has ended the run, or null
   * @param wait whether to wait for the disk as other calls do; a close has a bound of its own
   */
  public void status(RunStatus status, long when, @Nullable String failure, boolean wait) {
    Map<String, @Nullable Object> event = new LinkedHashMap<>();
    if (failure != null) {
      event.put("tags", Map.of(RunTags.FAILURE, failure));
    }
    event.put("status", status.name());
    event.put("time", when);
    Receipt receipt = writer.event(event, true);
    if (wait) {
      receipt.await(PATIENCE);
    }
  }

  /** Writes a dataset input. */
  public void input(DatasetInput input) {
    event("inputs", List.of(RunJson.input(input)), false);
  }

  /**
   * Writes artifacts, by path.
   *
   * @throws IllegalArgumentException if a path would be both a file and a directory
   */
  public void artifacts(Map<String, Blobs.Blob> artifacts) {
    paths.add(artifacts.keySet());
    if (!artifacts.isEmpty()) {
      event(
          "artifacts",
          artifacts.entrySet().stream()
              .map(e -> RunJson.artifact(e.getKey(), e.getValue()))
              .toList(),
          false);
    }
  }

  /** Writes that something could not be kept. */
  public void warning(String sentence) {
    event("warnings", List.of(sentence), false);
  }

  /** Writes a model. */
  void model(LoggedModel model) {
    event("models", List.of(RunJson.model(model)), true);
  }

  /** Writes a batch; the params in it are taken as checked. */
  Receipt batch(Map<String, @Nullable Object> batch) {
    return send(batch, true);
  }

  /** Announces a metric key, linked to a dataset input or a model or to neither. */
  public KeySlot key(String key, @Nullable DatasetInput input, @Nullable String model) {
    return writer.key(
        key, input == null ? null : JsonObject.of(RunJson.input(input), "input"), model);
  }

  /** Logs a point. */
  public void log(KeySlot slot, double value, long step) {
    journal.log(slot, value, step);
  }

  @Override
  public void close() {
    listener.closed(writer.runId(), writer.close());
  }
}
