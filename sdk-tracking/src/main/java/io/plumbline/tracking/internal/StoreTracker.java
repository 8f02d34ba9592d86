package io.plumbline.tracking.internal;

import io.plumbline.MetricHandle;
import io.plumbline.StoreException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.journal.KeySlot;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.store.Blobs;
import io.plumbline.internal.store.EmbeddedStore;
import io.plumbline.internal.store.Names;
import io.plumbline.internal.store.OpenRun;
import io.plumbline.model.Dataset;
import io.plumbline.model.DatasetInput;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.RunStatus;
import io.plumbline.model.RunTags;
import io.plumbline.tracking.RunOptions;
import io.plumbline.tracking.Tracker;
import io.plumbline.tracking.TrackingClient;
import java.awt.image.RenderedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A tracker on the embedded store. */
final class StoreTracker implements Tracker {
  /** Who has ended the run decides what later calls do. */
  private enum End {
    OPEN,
    BY_CALLER,
    /** The JVM ends: its other threads may still log, and must not meet an exception for that. */
    BY_SHUTDOWN
  }

  private static final Logger LOG = LoggerFactory.getLogger("io.plumbline.tracking");

  private record Linked(String key, String to) {}

  private final StoreClient client;
  private final EmbeddedStore store;
  private final OpenRun run;
  private final String experiment;
  private final String name;
  private final boolean owner;
  private final Map<String, Long> firstSteps;
  private final Runnable closer = this::closeFromOutside;
  private final ConcurrentHashMap<String, Handle> handles = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Linked, Handle> linked = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private volatile End end = End.OPEN;

  StoreTracker(
      StoreClient client,
      EmbeddedStore store,
      OpenRun run,
      String experiment,
      String name,
      boolean owner,
      Map<String, Long> firstSteps) {
    this.client = client;
    this.store = store;
    this.run = run;
    this.experiment = experiment;
    this.name = name;
    this.owner = owner;
    this.firstSteps = firstSteps;
    client.engine.beforeClose(closer);
  }

  @Override
  public String id() {
    return run.id();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String experiment() {
    return experiment;
  }

  /** Returns whether a call may log; throws if the caller itself has ended the run. */
  private boolean open() {
    if (end == End.BY_CALLER) {
      throw new IllegalStateException(
          "run " + run.id() + " has ended; resume it to log more into it");
    }
    return end == End.OPEN;
  }

  // ---- params

  @Override
  public void logParam(String key, String value) {
    Names.key("param", key);
    Names.value("param " + key, value);
    if (open()) {
      run.params(Collections.singletonMap(key, value));
    }
  }

  @Override
  public void logParam(String key, char value) {
    logParam(key, String.valueOf(value));
  }

  @Override
  public void logParam(String key, long value) {
    logParam(key, Long.toString(value));
  }

  @Override
  public void logParam(String key, double value) {
    logParam(key, Double.toString(value));
  }

  @Override
  public void logParam(String key, float value) {
    logParam(key, Float.toString(value));
  }

  @Override
  public void logParam(String key, boolean value) {
    logParam(key, Boolean.toString(value));
  }

  @Override
  public void logParam(String key, Enum<?> value) {
    logParam(key, value.name());
  }

  @Override
  public void logParams(Map<String, ?> params) {
    Map<String, String> texts = new LinkedHashMap<>();
    params.forEach(
        (key, value) -> {
          Objects.requireNonNull(value, () -> "the value of param " + Printable.quote(key));
          String text = value instanceof Enum<?> constant ? constant.name() : value.toString();
          texts.put(Names.key("param", key), Names.value("param " + key, text));
        });
    if (open()) {
      run.params(texts);
    }
  }

  // ---- metrics

  /** A metric's slot and its step counter. */
  private final class Handle implements MetricHandle {
    private final KeySlot slot;
    private final AtomicLong nextStep;

    Handle(KeySlot slot, AtomicLong nextStep) {
      this.slot = slot;
      this.nextStep = nextStep;
    }

    @Override
    public String key() {
      return slot.key();
    }

    @Override
    public void log(double value, long step) {
      if (end == End.OPEN) {
        run.log(slot, value, step);
        // Racing callers may leave the counter behind the highest step for a moment: no lock for
        // that.
        if (step >= nextStep.getPlain()) {
          nextStep.setPlain(step + 1);
        }
      } else {
        open();
      }
    }

    @Override
    public void log(double value) {
      if (open()) {
        run.log(slot, value, nextStep.getAndIncrement());
      }
    }
  }

  @Override
  public MetricHandle metric(String key) {
    return handle(key);
  }

  private Handle handle(String key) {
    Handle known = handles.get(Objects.requireNonNull(key, "key"));
    return known == null ? newHandle(key) : known;
  }

  private Handle newHandle(String key) {
    Names.key("metric", key);
    lock.lock();
    try {
      Handle known = handles.get(key);
      if (known == null) {
        known =
            new Handle(run.key(key, null, null), new AtomicLong(firstSteps.getOrDefault(key, 0L)));
        handles.put(key, known);
      }
      return known;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public MetricHandle metric(String key, DatasetInput input) {
    String to = input.dataset().name() + '\n' + input.dataset().digest() + '\n' + input.context();
    return linkedHandle(new Linked(key, "input\n" + to), input, null);
  }

  @Override
  public MetricHandle metric(String key, LoggedModel model) {
    return linkedHandle(new Linked(key, "model\n" + model.id()), null, model.id());
  }

  private Handle linkedHandle(Linked which, @Nullable DatasetInput input, @Nullable String model) {
    Handle known = linked.get(which);
    if (known != null) {
      return known;
    }
    Handle plain = handle(which.key());
    lock.lock();
    try {
      known = linked.get(which);
      if (known == null) {
        known = new Handle(run.key(which.key(), input, model), plain.nextStep);
        linked.put(which, known);
      }
      return known;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void logMetric(String key, double value, long step) {
    handle(key).log(value, step);
  }

  @Override
  public void logMetric(String key, double value) {
    handle(key).log(value);
  }

  @Override
  public void logMetrics(Map<String, ? extends Number> metrics) {
    metrics.forEach((key, value) -> logMetric(key, number(key, value)));
  }

  @Override
  public void logMetrics(Map<String, ? extends Number> metrics, long step) {
    metrics.forEach((key, value) -> logMetric(key, number(key, value), step));
  }

  private static double number(String key, @Nullable Number value) {
    return Objects.requireNonNull(value, () -> "the value of metric " + Printable.quote(key))
        .doubleValue();
  }

  // ---- tags and inputs

  @Override
  public void setTag(String key, String value) {
    setTags(Collections.singletonMap(key, value));
  }

  @Override
  public void setTags(Map<String, String> tags) {
    Map<String, String> checked = new LinkedHashMap<>();
    tags.forEach(
        (key, value) -> checked.put(Names.key("tag", key), Names.value("tag " + key, value)));
    if (open()) {
      run.tags(checked);
    }
  }

  @Override
  public void deleteTag(String key) {
    Map<String, @Nullable Object> gone = new HashMap<>();
    gone.put(Names.key("tag", key), null);
    if (open()) {
      run.tags(gone);
    }
  }

  @Override
  public void note(String text) {
    setTag(RunTags.NOTE, text);
  }

  @Override
  public DatasetInput logInput(Dataset dataset, String context) {
    DatasetInput input = new DatasetInput(dataset, Names.value("context", context), Map.of());
    if (open()) {
      run.input(input);
    }
    return input;
  }

  // ---- artifacts and models

  @Override
  public void logArtifact(Path file) {
    Path fileName = file.toAbsolutePath().normalize().getFileName();
    if (fileName == null) {
      throw new IllegalArgumentException(file + " has no name; say where it goes in the run");
    }
    logArtifact(file, fileName.toString());
  }

  @Override
  public void logArtifact(Path file, String path) {
    if (open()) {
      keep(path, () -> run.artifacts(store.artifacts().capture(file, path)));
    }
  }

  /**
   * A disk that is full, or a file that goes while it is read, must not end a training: it is told.
   */
  private void keep(String what, Runnable action) {
    try {
      action.run();
    } catch (Blobs.NotKeptException | StoreException e) {
      LOG.warn("run {} goes on without {}: {}", run.id(), what, e.getMessage());
      run.warning(what + " could not be kept: " + e.getMessage());
    }
  }

  private void logBytes(byte[] content, String path) {
    if (open()) {
      keep(path, () -> run.artifacts(store.artifacts().capture(content, path)));
    }
  }

  @Override
  public void logText(String text, String path) {
    logBytes(Names.value("text", text).getBytes(StandardCharsets.UTF_8), path);
  }

  @Override
  public void logJson(Object document, String path) {
    logBytes(Json.pretty(document).getBytes(StandardCharsets.UTF_8), path);
  }

  @Override
  public void logImage(RenderedImage image, String path) {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      // Without its cache, ImageIO needs no temporary file.
      try (var out = new javax.imageio.stream.MemoryCacheImageOutputStream(png)) {
        if (!ImageIO.write(image, "png", out)) {
          throw new IllegalArgumentException("the image for " + path + " can't be written as PNG");
        }
      }
    } catch (IOException e) {
      throw new StoreException("the image for " + path + " can't be written: " + e, e);
    }
    logBytes(png.toByteArray(), path);
  }

  @Override
  public LoggedModel logModel(String modelName, ModelPackage model) {
    LoggedModel[] logged = {Disabled.model(run.id(), modelName, model)};
    if (open()) {
      keep("model " + modelName, () -> logged[0] = store.putModel(run, modelName, model));
    }
    return logged[0];
  }

  // ---- children

  @Override
  public <X extends Exception> void child(String childName, TrackingClient.Body<X> body) throws X {
    this.<String, X>callChild(
        childName,
        tracker -> {
          body.accept(tracker);
          return tracker.id();
        });
  }

  @Override
  public <T, X extends Exception> T callChild(String childName, TrackingClient.Call<T, X> body)
      throws X {
    return client.call(experiment, RunOptions.named(childName).parent(run.id()), body);
  }

  @Override
  public Tracker startChild(RunOptions options) {
    return client.start(experiment, options.parent(run.id()));
  }

  // ---- the end

  @Override
  public void finish() {
    end(RunStatus.FINISHED);
  }

  @Override
  public void fail() {
    end(RunStatus.FAILED);
  }

  @Override
  public void fail(Throwable cause) {
    Objects.requireNonNull(cause, "cause");
    if (open()) {
      end(RunStatus.FAILED, Failure.of(cause), End.BY_CALLER, true);
    }
  }

  @Override
  public void end(RunStatus status) {
    if (!status.ended()) {
      throw new IllegalArgumentException("a run ends as FINISHED, FAILED or KILLED, not " + status);
    }
    if (open()) {
      end(status, End.BY_CALLER, true);
    }
  }

  boolean isOpen() {
    return end == End.OPEN;
  }

  private void end(RunStatus status, End by, boolean wait) {
    end(status, null, by, wait);
  }

  private void end(RunStatus status, @Nullable String failure, End by, boolean wait) {
    lock.lock();
    try {
      if (end != End.OPEN) {
        return;
      }
      end = by;
    } finally {
      lock.unlock();
    }
    client.engine.forget(closer);
    if (owner) {
      run.status(status, store.time().millis(), failure, wait);
    }
    run.close();
  }

  @Override
  public boolean flush(Duration timeout) {
    return client.flush(timeout);
  }

  @Override
  public void close() {
    end(RunStatus.FAILED, End.BY_CALLER, true);
  }

  private void closeFromOutside() {
    if (client.engine.closesWithJvm()) {
      end(RunStatus.KILLED, End.BY_SHUTDOWN, false);
    } else {
      end(RunStatus.FAILED, End.BY_CALLER, false);
    }
  }

  @Override
  public String toString() {
    return "Tracker[" + run.id() + " '" + name + "' of '" + experiment + "']";
  }
}
