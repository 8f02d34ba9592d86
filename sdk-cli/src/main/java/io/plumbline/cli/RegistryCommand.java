package io.plumbline.cli;

import io.plumbline.Config;
import io.plumbline.ConflictException;
import io.plumbline.NotFoundException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.Time;
import io.plumbline.internal.config.Keys;
import io.plumbline.internal.store.StoreView;
import io.plumbline.model.ModelRef;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.RegisteredModel;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.registry.internal.Registries;
import io.plumbline.spi.ModelStore;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What the commands of the registry share: an open registry, and the version that a text names. */
abstract class RegistryCommand extends StoreCommand {
  private @Nullable Config config;
  private @Nullable ModelRegistry registry;

  @Override
  public Integer call() throws Exception {
    check();
    Config settings = settings();
    try (ModelRegistry opened = ModelRegistry.create(settings)) {
      if (!makesStore()) {
        checkStore(settings);
      }
      registry = opened;
      return work(opened);
    }
  }

  /** Refuses a wrong call before anything is opened. */
  void check() {}

  /** Returns whether the command may be the first to write into a store. */
  boolean makesStore() {
    return false;
  }

  abstract int work(ModelRegistry models) throws Exception;

  /** The configuration; a store that was named with {@code --store} is the registry, too. */
  final Config settings() {
    if (config == null) {
      config = main().registryConfig();
    }
    return config;
  }

  /** Returns where the registry is, for people: a folder, or a server. */
  final String registryPlace() {
    return settings().get(Keys.REGISTRY_URI).toString();
  }

  /** Returns what keeps the models, for what the public registry does not offer. */
  final ModelStore files() {
    return Registries.models(registry());
  }

  private void checkStore(Config settings) {
    Path folder = settings.get(Keys.REGISTRY_URI).folder();
    if (folder == null) {
      return; // on a server
    }
    if (folder.equals(settings.store())) {
      open(settings);
      return;
    }
    try {
      StoreView.open(folder, Time.SYSTEM, settings.get(Keys.HEARTBEAT_LOST).toNanos());
    } catch (NotFoundException e) {
      throw new NotFoundException(
          e.getMessage()
              + " (from: "
              + settings.source(Keys.REGISTRY_URI)
              + "); name another folder with --store or PLUMBLINE_REGISTRY_URI",
          e);
    }
  }

  private ModelRegistry registry() {
    if (registry == null) {
      throw new IllegalStateException("the registry is not open");
    }
    return registry;
  }

  // ---- what a person means

  /** Returns a registered model, deleted or not. */
  final RegisteredModel model(String name) {
    return registry()
        .findModel(name)
        .orElseThrow(
            () ->
                new NotFoundException(
                    "there is no registered model "
                        + Printable.quote(name)
                        + " in "
                        + registryPlace()
                        + "; `plumbline models` lists them"));
  }

  /** Reads a reference; a run in it may be named as everywhere else in the command line. */
  final ModelRef reference(String text) {
    ModelRef ref = ModelRef.parse(text);
    if (ref instanceof ModelRef.ByRun byRun) {
      return new ModelRef.ByRun(RunIds.find(view(), byRun.runId()).id(), byRun.name());
    }
    nameOf(ref);
    return ref;
  }

  /** Returns the name of the model that a reference names, which exists; null for a logged one. */
  private @Nullable String nameOf(ModelRef ref) {
    String name = null;
    if (ref instanceof ModelRef.ByVersion byVersion) {
      name = byVersion.name();
    } else if (ref instanceof ModelRef.ByAlias byAlias) {
      name = byAlias.name();
    } else if (ref instanceof ModelRef.ByStage byStage) {
      name = byStage.name();
    } else if (ref instanceof ModelRef.Latest latest) {
      name = latest.name();
    } else if (ref instanceof ModelRef.ByDigest byDigest) {
      name = byDigest.name();
    }
    return name == null ? null : model(name).name();
  }

  /**
   * Returns the version to be used.
   *
   * @throws ConflictException if it is quarantined
   */
  final ModelVersion resolve(String text) {
    return registry().resolve(reference(text));
  }

  /** Returns the version to be looked at: quarantined and deleted ones, too. */
  final ModelVersion look(String text) {
    ModelRef ref = reference(text);
    if (ref instanceof ModelRef.ByVersion byVersion) {
      return registry().version(byVersion.name(), byVersion.version());
    }
    String alias = null;
    if (ref instanceof ModelRef.ByAlias byAlias) {
      alias = byAlias.alias();
    } else if (ref instanceof ModelRef.ByStage byStage) {
      alias = byStage.stage().alias();
    }
    String name = nameOf(ref);
    Integer version = name == null || alias == null ? null : model(name).aliases().get(alias);
    return name == null || version == null
        ? registry().resolve(ref)
        : registry().version(name, version);
  }
}
