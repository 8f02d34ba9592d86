package io.plumbline.mlflow;

import io.plumbline.IntegrityException;
import io.plumbline.NotFoundException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.digest.Sha256;
import io.plumbline.internal.store.Names;
import io.plumbline.internal.store.StoreView;
import io.plumbline.model.Artifact;
import io.plumbline.model.Dataset;
import io.plumbline.model.DatasetInput;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.Run;
import io.plumbline.model.RunStatus;
import io.plumbline.model.RunTags;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes runs as MLflow's file store has them. */
final class ExportRuns {
  /** What a run was here, where MLflow has no such status. */
  private static final String STATUS_TAG = "plumbline.status";

  private static final Set<String> RESERVED = Set.of("tags", "datasets", "traces", "models");
  private static final int LONGEST_ID = 255;
  private static final int LONGEST_TAG_KEY = 255;

  private final ExportTree tree;
  private final StoreView view;
  private final Map<String, Path> models;
  private final Map<Path, Dataset> datasets = new HashMap<>();
  private long points;
  private long files;
  private long bytes;

  /**
   * Prepares to write.
   *
   * @param models the folders of the models that are exported, by their ids
   */
  ExportRuns(ExportTree tree, StoreView view, Map<String, Path> models) {
    this.tree = tree;
    this.view = view;
    this.models = models;
  }

  long points() {
    return points;
  }

  long files() {
    return files;
  }

  long bytes() {
    return bytes;
  }

  /** Returns what a run is called in an export: its own id, unless a folder can't be called so. */
  static String id(String local) {
    return RESERVED.contains(local) || Names.runId(local).length() > LONGEST_ID
        ? Sha256.of(local.getBytes(StandardCharsets.UTF_8)).substring(0, 32)
        : local;
  }

  static String place(Run run) {
    return "run " + run.id();
  }

  void write(Path experiment, String experimentId, Run run) {
    String id = id(run.id());
    Path folder = tree.folder(experiment.resolve(id));
    Path artifacts = tree.folder(folder.resolve("artifacts"));
    Path metrics = tree.folder(folder.resolve("metrics"));
    Path params = tree.folder(folder.resolve("params"));
    tree.texts(params, "param", run.params(), place(run));
    tree.texts(tree.folder(folder.resolve("tags")), "tag", tags(run), place(run));
    points += new ExportMetrics(tree, view, run.id(), id, metrics, place(run), models).write();
    inputs(experiment, folder, id, run);
    outputs(folder, run);
    artifacts(artifacts, run);
    tree.meta(folder, meta(run, id, experimentId, tree.uri(artifacts)));
  }

  private static Map<String, @Nullable Object> meta(
      Run run, String id, String experimentId, String artifacts) {
    Map<String, @Nullable Object> meta = new LinkedHashMap<>();
    meta.put("artifact_uri", artifacts);
    meta.put("deleted_time", run.deleted() ? System.currentTimeMillis() : null);
    meta.put("end_time", run.endTime().map(Instant::toEpochMilli).orElse(null));
    meta.put("entry_point_name", "");
    meta.put("experiment_id", experimentId);
    meta.put("lifecycle_stage", run.deleted() ? "deleted" : "active");
    meta.put("run_id", id);
    meta.put("run_name", run.name());
    meta.put("source_name", "");
    meta.put("source_type", 4L);
    meta.put("source_version", "");
    meta.put("start_time", run.startTime().toEpochMilli());
    meta.put("status", status(run.status()));
    meta.put("tags", List.of());
    meta.put("user_id", run.user());
    return meta;
  }

  /** MLflow's numbers; a run that was lost, or of which nothing is known, has failed there. */
  private static long status(RunStatus status) {
    return switch (status) {
      case RUNNING -> 1;
      case SCHEDULED -> 2;
      case FINISHED -> 3;
      case FAILED, LOST, UNKNOWN -> 4;
      case KILLED -> 5;
    };
  }

  private static Map<String, String> tags(Run run) {
    Map<String, String> tags = new LinkedHashMap<>(run.tags());
    tags.put(RunTags.LOCAL_ID, run.id());
    tags.put(RunTags.NAME, run.name());
    if (!run.user().isEmpty()) {
      tags.put(RunTags.USER, run.user());
    }
    run.parentId().ifPresent(parent -> tags.put(RunTags.PARENT, id(parent)));
    if (run.status() == RunStatus.LOST || run.status() == RunStatus.UNKNOWN) {
      tags.put(STATUS_TAG, run.status().name());
    }
    return tags;
  }

  // ---- datasets

  private void inputs(Path experiment, Path folder, String id, Run run) {
    Set<String> seen = new HashSet<>();
    for (DatasetInput input : run.inputs()) {
      Dataset dataset = input.dataset();
      String datasetId = md5(dataset.name(), dataset.digest());
      if (!seen.add(datasetId)) {
        tree.omit(
            place(run),
            "the dataset "
                + Printable.quote(dataset.name())
                + " is an input for "
                + Printable.quote(input.context())
                + " too, and MLflow keeps one context of a dataset");
        continue;
      }
      dataset(experiment, datasetId, dataset, run);
      Map<String, @Nullable Object> meta = new LinkedHashMap<>();
      meta.put("source_type", "DATASET");
      meta.put("source_id", datasetId);
      meta.put("destination_type", "RUN");
      meta.put("destination_id", id);
      meta.put("tags", inputTags(input, run));
      tree.meta(folder.resolve("inputs").resolve(md5(datasetId, id)), meta);
    }
  }

  /** An experiment has a dataset once; the first run's description stays. */
  private void dataset(Path experiment, String id, Dataset dataset, Run run) {
    Path folder = experiment.resolve("datasets").resolve(id);
    Dataset there = datasets.putIfAbsent(folder, dataset);
    if (there == null) {
      Map<String, @Nullable Object> meta = new LinkedHashMap<>();
      meta.put("digest", dataset.digest());
      meta.put("name", dataset.name());
      meta.put("profile", orNull(dataset.profile()));
      meta.put("schema", orNull(dataset.schema()));
      meta.put("source", dataset.source());
      meta.put("source_type", dataset.sourceType());
      tree.meta(folder, meta);
    } else if (!there.equals(dataset)) {
      tree.omit(
          place(run),
          "the dataset "
              + Printable.quote(dataset.name())
              + " has another source, schema or profile in an earlier run, which MLflow keeps for"
              + " both");
    }
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  private Map<String, Object> inputTags(DatasetInput input, Run run) {
    Map<String, Object> tags = new LinkedHashMap<>(input.tags());
    if (!input.context().isEmpty()) {
      tags.put(RunJson.CONTEXT, input.context());
    }
    // A longer key would be no YAML any more.
    tags.keySet()
        .removeIf(
            key -> {
              boolean tooLong = key.length() > LONGEST_TAG_KEY;
              if (tooLong) {
                tree.omit(
                    place(run),
                    "a dataset input's tag "
                        + Printable.quote(Printable.start(key, 100))
                        + " has a key of "
                        + key.length()
                        + " characters; MLflow takes "
                        + LONGEST_TAG_KEY);
              }
              return tooLong;
            });
    return tags;
  }

  /** MLflow's own names for these folders. */
  private static String md5(String first, String second) {
    try {
      MessageDigest md5 = MessageDigest.getInstance("MD5");
      md5.update(first.getBytes(StandardCharsets.UTF_8));
      md5.update(second.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(md5.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }

  // ---- files

  private void outputs(Path folder, Run run) {
    for (LoggedModel model : run.models()) {
      if (models.containsKey(model.id())) {
        Map<String, @Nullable Object> meta = new LinkedHashMap<>();
        meta.put("source_type", "RUN_OUTPUT");
        meta.put("source_id", model.id());
        meta.put("destination_type", "MODEL_OUTPUT");
        meta.put("destination_id", model.id());
        meta.put("tags", Map.of());
        meta.put("step", 0L);
        tree.meta(folder.resolve("outputs").resolve(model.id()), meta);
      }
    }
  }

  private void artifacts(Path folder, Run run) {
    List<Artifact> all = new ArrayList<>(view.files(run.id()));
    for (Artifact artifact : all) {
      String what = "artifact " + Printable.quote(artifact.path());
      Path file = tree.file(folder, Names.path(artifact.path()), what, place(run));
      if (file == null) {
        continue;
      }
      try {
        view.artifacts().copy(artifact, file);
        files++;
        bytes += artifact.size();
      } catch (NotFoundException | IntegrityException e) {
        tree.damaged(place(run), "the " + what + " is not whole any more: " + e.getMessage());
        tree.remove(file);
      }
    }
  }
}
