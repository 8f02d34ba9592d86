package io.plumbline.mlflow;

import io.plumbline.IntegrityException;
import io.plumbline.NotFoundException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.digest.Sha256;
import io.plumbline.internal.store.RegistryFiles;
import io.plumbline.internal.store.StoreView;
import io.plumbline.model.AliasChange;
import io.plumbline.model.Artifact;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.ModelNames;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.Page;
import io.plumbline.model.RegisteredModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes logged models, and registered ones with their versions, as MLflow's file store has them.
 */
final class ExportModels {
  private static final long READY = 2;
  private static final int PAGE = 1_000;

  private final ExportTree tree;
  private final StoreView view;
  private final Map<String, Path> logged;
  private final Supplier<Path> defaultExperiment;
  private int versions;
  private int models;

  /**
   * Prepares to write.
   *
   * @param logged gets the folders of the logged models, by their ids
   * @param defaultExperiment gives the folder of the experiment for models that no run has logged
   */
  ExportModels(
      ExportTree tree, StoreView view, Map<String, Path> logged, Supplier<Path> defaultExperiment) {
    this.tree = tree;
    this.view = view;
    this.logged = logged;
    this.defaultExperiment = defaultExperiment;
  }

  int versions() {
    return versions;
  }

  int logged() {
    return models;
  }

  // ---- logged models

  /** Writes a model that a run has logged. */
  void logged(Path experiment, String experimentId, LoggedModel model) {
    String place = "model " + model.id() + " of run " + model.runId();
    if (!model.id().matches("m-[0-9a-zA-Z]{1,100}")) {
      tree.omit(place, "its id is none that MLflow has");
      return;
    }
    if (logged.containsKey(model.id())) {
      return;
    }
    model(experiment, experimentId, model, ModelVersion.unregistered(model), place);
  }

  /** Writes a model's files, and then that it is there; returns whether it is. */
  private boolean model(
      Path experiment, String experimentId, LoggedModel model, ModelVersion content, String place) {
    Path folder = tree.folder(experiment.resolve("models").resolve(model.id()));
    Path files = tree.folder(folder.resolve("artifacts"));
    String runId = model.runId().isEmpty() ? null : ExportRuns.id(model.runId());
    if (!copied(content, files, place)) {
      return false;
    }
    try {
      ModelPackage read = ModelPackage.read(files);
      if (!read.digest().equals(model.digest())) {
        tree.damaged(place, "its digest is " + read.digest() + ", and was " + model.digest());
        return false;
      }
      // MLflow's version is not named: who opens the folder decides on it.
      MlflowFiles.Place at =
          new MlflowFiles.Place(tree.uri(files), model.id(), runId, model.created(), "");
      for (ModelPart part : MlflowFiles.of(read, at)) {
        Path file = tree.file(files, part.name(), "file " + part.name(), place);
        if (file != null) {
          Files.write(file, part.bytes());
        }
      }
    } catch (IntegrityException | NotFoundException e) {
      tree.damaged(place, String.valueOf(e.getMessage()));
      return false;
    } catch (IOException e) {
      throw ExportTree.failed(files, e);
    }
    tree.folder(folder.resolve("metrics"));
    tree.folder(folder.resolve("params"));
    PackageTag tag = new PackageTag(model.flavor(), model.digest(), model.parts());
    tree.texts(tree.folder(folder.resolve("tags")), "tag", tag.tag(PackageTag.LONGEST), place);
    tree.meta(folder, meta(model, experimentId, runId, tree.uri(files)));
    logged.put(model.id(), folder);
    models++;
    return true;
  }

  private boolean copied(ModelVersion content, Path folder, String place) {
    for (Artifact part : content.parts()) {
      String what = "file " + Printable.quote(part.path());
      Path file = tree.file(folder, ModelNames.part(part.path()), what, place);
      if (file == null) {
        return false;
      }
      try (InputStream in = view.registry().openPart(content, part.path(), 0)) {
        Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
      } catch (NotFoundException e) {
        tree.damaged(place, "the " + what + " is not there any more: " + e.getMessage());
        return false;
      } catch (IOException e) {
        throw ExportTree.failed(file, e);
      }
    }
    return true;
  }

  private static Map<String, @Nullable Object> meta(
      LoggedModel model, String experimentId, @Nullable String runId, String artifacts) {
    Map<String, @Nullable Object> meta = new LinkedHashMap<>();
    meta.put("artifact_location", artifacts);
    meta.put("creation_timestamp", model.created().toEpochMilli());
    meta.put("experiment_id", experimentId);
    meta.put("last_updated_timestamp", model.created().toEpochMilli());
    meta.put("lifecycle_stage", "active");
    meta.put("model_id", model.id());
    meta.put("model_type", model.flavor());
    meta.put("name", model.name());
    meta.put("source_run_id", runId);
    meta.put("status", READY);
    meta.put("status_message", null);
    return meta;
  }

  // ---- registered models

  /** Writes a registered model with its versions and aliases; returns whether it could. */
  boolean registered(RegisteredModel model) {
    String place = "registered model " + Printable.quote(model.name());
    String name = ModelNames.model(model.name());
    if (name.indexOf('%') >= 0) {
      tree.omit(place, "MLflow's file store takes no percent sign in a model's name");
      return false;
    }
    Path all = tree.folder(tree.root().resolve("models"));
    Path meta = tree.file(all, name + "/" + ExportTree.META, "name", place);
    if (meta == null) {
      return false;
    }
    Path folder = all.resolve(name);
    String token = null;
    do {
      Page<ModelVersion> page = view.registry().versions(name, PAGE, token);
      page.items().forEach(version -> version(folder, version));
      token = page.pageToken();
    } while (token != null);
    Map<String, String> tags = new LinkedHashMap<>(model.tags());
    if (model.deleted()) {
      tags.put(RegistryTags.DELETED, "true");
    }
    Path aliases = tree.folder(folder.resolve("aliases"));
    model
        .aliases()
        .forEach(
            (alias, version) -> {
              if (Files.exists(folder.resolve("version-" + version))) {
                tree.write(aliases.resolve(ModelNames.alias(alias)), String.valueOf(version));
              }
              history(name, alias, tags);
            });
    tree.texts(tree.folder(folder.resolve("tags")), "tag", tags, place);
    Map<String, @Nullable Object> document = new LinkedHashMap<>();
    document.put("creation_timestamp", model.created().toEpochMilli());
    document.put("description", model.description());
    document.put("last_updated_timestamp", model.changed().toEpochMilli());
    document.put("name", name);
    tree.meta(folder, document);
    return true;
  }

  private void history(String name, String alias, Map<String, String> tags) {
    RegistryFiles registry = view.registry();
    for (AliasChange change : registry.aliasHistory(name, alias)) {
      AliasEntry entry = AliasEntry.of(change, UUID.randomUUID().toString(), false);
      tags.put(entry.tag(), entry.text());
    }
  }

  private void version(Path folder, ModelVersion version) {
    String place = version.uri();
    String modelId = modelId(version, place);
    if (modelId == null) {
      return;
    }
    Path files = Objects.requireNonNull(logged.get(modelId)).resolve("artifacts");
    Path own = folder.resolve("version-" + version.version());
    String run = version.lineage().runId();
    Map<String, @Nullable Object> meta = new LinkedHashMap<>();
    meta.put("creation_timestamp", version.created().toEpochMilli());
    meta.put("current_stage", "None");
    meta.put("description", version.description());
    meta.put("last_updated_timestamp", version.created().toEpochMilli());
    meta.put("model_id", modelId);
    meta.put("name", version.name());
    meta.put("run_id", run == null ? null : ExportRuns.id(run));
    meta.put("run_link", null);
    meta.put("source", "models:/" + modelId);
    meta.put("status", "READY");
    meta.put("status_message", null);
    meta.put("storage_location", tree.uri(files));
    meta.put("user_id", version.user());
    meta.put("version", (long) version.version());
    tree.meta(own, meta);
    tree.texts(
        tree.folder(own.resolve("tags")),
        "tag",
        RegistryTags.of(version, PackageTag.LONGEST),
        place);
    versions++;
  }

  /**
   * Returns the logged model that a version is: that of its run, if it is exported, or else one of
   * its own.
   */
  private @Nullable String modelId(ModelVersion version, String place) {
    String known = version.lineage().modelId();
    if (known != null && logged.containsKey(known)) {
      return known;
    }
    if (version.flavor().isEmpty()) {
      tree.omit(place, "it has no files");
      return null;
    }
    String text = version.name() + "\n" + version.version() + "\n" + version.digest();
    String id = "m-" + Sha256.of(text.getBytes(StandardCharsets.UTF_8)).substring(0, 32);
    LoggedModel model =
        new LoggedModel(
            id,
            Registrations.logName(version.name()),
            "",
            version.flavor(),
            version.digest(),
            version.created(),
            version.parts());
    Path experiment = defaultExperiment.get();
    return model(experiment, String.valueOf(experiment.getFileName()), model, version, place)
        ? id
        : null;
  }
}
