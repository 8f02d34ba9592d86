package io.plumbline.serving;

import io.plumbline.drift.log.LogBatch;
import io.plumbline.drift.log.LogFilter;
import io.plumbline.drift.log.LogOptions;
import io.plumbline.drift.log.PredictionLogReader;
import io.plumbline.internal.journal.JournalOptions;
import io.plumbline.internal.store.EmbeddedBackend;
import io.plumbline.model.Artifact;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.Run;
import io.plumbline.model.RunQuery;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.spi.Backend;
import io.plumbline.spi.NewRun;
import io.plumbline.spi.RunStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What has arrived where parts of prediction logs are shipped to. */
final class Shipping {
  static final String RUN = "0123456789abcdef0123456789abcdef";

  private Shipping() {}

  /** Registers a model that a run has logged, and makes it the champion. */
  static void logged(ModelRegistry registry, Path folder) {
    try (Backend backend = backend(folder)) {
      String experiment = backend.runs().createExperiment("training", Map.of()).id();
      backend.runs().createRun(new NewRun(RUN, experiment, "run", "", null, 0, Map.of()));
      LoggedModel model = backend.runs().putModel(RUN, "model", Served.linear(1));
      ModelVersion version = registry.register("flights", model);
      registry.promote(version, "champion", "test");
    }
  }

  /** Every batch of 50 rows is a part. */
  static LogOptions smallParts() {
    return LogOptions.DEFAULT.withBatchRows(50).withRoll(1, Duration.ofMinutes(5));
  }

  static Backend backend(Path folder) {
    return EmbeddedBackend.open(folder.resolve("store"), JournalOptions.DEFAULT);
  }

  /** A backend that others may close: it stays open. */
  static Backend keepOpen(Backend backend) {
    return new Backend() {
      @Override
      public Set<Capability> capabilities() {
        return backend.capabilities();
      }

      @Override
      public RunStore runs() {
        return backend.runs();
      }

      @Override
      public void close() {
        // Whoever has opened it does that.
      }
    };
  }

  /** All artifacts of all runs below {@code predictions/}, by run and path. */
  static Map<String, Artifact> artifacts(RunStore runs) {
    Map<String, Artifact> found = new TreeMap<>();
    for (Run run : runs.search(RunQuery.builder().view(RunQuery.View.ALL).build()).items()) {
      collect(runs, run.id(), "predictions", found);
    }
    return found;
  }

  private static void collect(
      RunStore runs, String run, String directory, Map<String, Artifact> found) {
    for (Artifact artifact : runs.artifacts(run, directory)) {
      if (artifact.directory()) {
        collect(runs, run, artifact.path(), found);
      } else {
        found.put(run + "/" + artifact.path(), artifact);
      }
    }
  }

  /** Brings what has arrived into a folder, and returns the request ids in it. */
  static List<String> ids(RunStore runs, Path copy) throws IOException {
    for (Map.Entry<String, Artifact> e : artifacts(runs).entrySet()) {
      String run = e.getKey().substring(0, e.getKey().indexOf('/'));
      Path to = copy.resolve(e.getKey());
      Files.createDirectories(to.resolveSibling("."));
      try (InputStream in = runs.openArtifact(run, e.getValue().path())) {
        Files.copy(in, to);
      }
    }
    List<String> ids = new ArrayList<>();
    try (var homes = Files.newDirectoryStream(copy)) {
      for (Path home : homes) {
        ids.addAll(ids(home.resolve("predictions")));
      }
    }
    return ids;
  }

  private static List<String> ids(Path log) {
    List<String> ids = new ArrayList<>();
    try (PredictionLogReader reader = PredictionLogReader.open(log, LogFilter.ALL)) {
      for (LogBatch rows = reader.next(); rows != null; rows = reader.next()) {
        ids.addAll(List.of(rows.texts("_request_id")));
      }
    }
    return ids;
  }
}
