package io.plumbline.tracking.internal;

import io.plumbline.NotFoundException;
import io.plumbline.internal.Engine;
import io.plumbline.internal.store.EmbeddedStore;
import io.plumbline.model.Artifact;
import io.plumbline.model.Experiment;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.Metric;
import io.plumbline.model.MetricHistory;
import io.plumbline.model.MetricSummary;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.Page;
import io.plumbline.model.Run;
import io.plumbline.model.RunQuery;
import io.plumbline.model.RunStatus;
import io.plumbline.tracking.Resume;
import io.plumbline.tracking.RunOptions;
import io.plumbline.tracking.Tracker;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The client of the disabled mode: programs run as ever, and nothing is kept. */
final class DisabledClient extends AbstractClient {
  DisabledClient(Engine engine, boolean owned) {
    super(engine, owned);
  }

  static Tracker tracker(String experiment, RunOptions options) {
    return new DisabledTracker(
        EmbeddedStore.newId(), options.name().orElseGet(RunNames::next), experiment);
  }

  @Override
  boolean isOpen(Tracker tracker) {
    return true;
  }

  @Override
  public <X extends Exception> Run run(String experiment, RunOptions options, Body<X> body)
      throws X {
    Instant start = Instant.now();
    Tracker tracker = tracker(experiment, options);
    body.accept(tracker);
    return Run.builder(tracker.id())
        .experiment("0", experiment)
        .name(tracker.name())
        .status(RunStatus.FINISHED)
        .startTime(start)
        .endTime(Instant.now())
        .warning("tracking is disabled: nothing of this run was kept")
        .build();
  }

  @Override
  public Tracker start(String experiment, RunOptions options) {
    return tracker(experiment, options);
  }

  @Override
  public Tracker resume(String runId, Resume mode) {
    return new DisabledTracker(runId, runId, engine.config().experiment());
  }

  @Override
  public Tracker join(String runId) {
    return new DisabledTracker(runId, runId, engine.config().experiment());
  }

  private static NotFoundException nothing(String what) {
    return new NotFoundException(
        what + " can't be found: tracking is disabled (plumbline.enabled), so nothing is kept");
  }

  @Override
  public Run get(String runId) {
    throw nothing("run " + runId);
  }

  @Override
  public Optional<Run> find(String runId) {
    return Optional.empty();
  }

  @Override
  public Optional<String> remoteId(String runId) {
    return Optional.empty();
  }

  @Override
  public Page<Run> search(RunQuery query) {
    return new Page<>(List.of(), null);
  }

  @Override
  public MetricHistory metricHistory(String runId, String key) {
    return new MetricHistory() {
      @Override
      public String key() {
        return key;
      }

      @Override
      public void forEach(PointConsumer consumer) {}

      @Override
      public MetricSummary summary() {
        return new MetricSummary(key, Double.NaN, 0, 0, Double.NaN, Double.NaN, 0);
      }

      @Override
      public Stream<Metric> stream() {
        return Stream.empty();
      }

      @Override
      public List<Metric> sample(int points) {
        return List.of();
      }
    };
  }

  @Override
  public void delete(String runId) {}

  @Override
  public void restore(String runId) {}

  @Override
  public void erase(String runId) {}

  @Override
  public void setTag(String runId, String key, String value) {}

  @Override
  public void deleteTag(String runId, String key) {}

  @Override
  public void rename(String runId, String name) {}

  @Override
  public List<Artifact> artifacts(String runId, String path) {
    return List.of();
  }

  @Override
  public InputStream openArtifact(String runId, String path) {
    throw nothing("artifact " + path);
  }

  @Override
  public Path download(String runId, String path, Path folder) {
    throw nothing("artifact " + path);
  }

  @Override
  public ModelPackage downloadModel(LoggedModel model, Path folder) {
    throw nothing("model " + model.name());
  }

  @Override
  public String location() {
    return "nowhere: tracking is disabled";
  }

  @Override
  public Experiment createExperiment(String name, Map<String, String> tags) {
    return new Experiment("0", name, Instant.now(), tags, false);
  }

  @Override
  public Optional<Experiment> findExperiment(String name) {
    return Optional.empty();
  }

  @Override
  public List<Experiment> experiments() {
    return List.of();
  }

  @Override
  public void setExperimentTag(String name, String key, String value) {}

  @Override
  public void renameExperiment(String name, String newName) {}

  @Override
  public void deleteExperiment(String name) {}

  @Override
  public void restoreExperiment(String name) {}
}
