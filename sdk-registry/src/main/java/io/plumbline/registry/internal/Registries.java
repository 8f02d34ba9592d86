package io.plumbline.registry.internal;

import io.plumbline.Config;
import io.plumbline.Plumbline;
import io.plumbline.internal.Retrying;
import io.plumbline.internal.Sleeper;
import io.plumbline.internal.Time;
import io.plumbline.internal.config.Keys;
import io.plumbline.internal.config.ServerKeys;
import io.plumbline.internal.config.StoreUri;
import io.plumbline.internal.spi.Providers;
import io.plumbline.internal.store.EmbeddedStore;
import io.plumbline.internal.store.RegistryFiles;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.spi.Backend;
import io.plumbline.spi.ModelStore;
import io.plumbline.spi.RunStore;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Opens registries. */
public final class Registries {
  private Registries() {}

  /**
   * Returns how to open, for writing, what keeps the runs that a registry's models come from; who
   * opens it closes it. Nothing if nothing is to be tracked.
   *
   * @throws IllegalArgumentException if the registry is another implementation
   */
  public static Optional<Supplier<Backend>> runs(ModelRegistry registry) {
    if (registry instanceof StoreRegistry own) {
      return own.runs();
    }
    throw new IllegalArgumentException(
        "runs are found through what ModelRegistry.create has opened, not through a "
            + registry.getClass().getName());
  }

  /**
   * Returns what keeps the models of a registry, for what the registry itself does not offer.
   *
   * @throws IllegalArgumentException if the registry is another implementation
   */
  public static ModelStore models(ModelRegistry registry) {
    if (registry instanceof StoreRegistry own) {
      return own.models();
    }
    throw new IllegalArgumentException(
        "models are found through what ModelRegistry.create has opened, not through a "
            + registry.getClass().getName());
  }

  /** Opens the registry of a configuration, on the runs of an opened Plumbline if there is one. */
  public static ModelRegistry open(Config config, @Nullable Plumbline plumbline) {
    StoreUri uri = config.get(Keys.REGISTRY_URI);
    Path folder = uri.folder();
    Time time = Time.SYSTEM;
    ModelCache cache = new ModelCache(config.get(Keys.CACHE), config.get(Keys.CACHE_SIZE), time);
    if (folder == null) {
      return onServer(config, plumbline, uri, cache, time);
    }
    EmbeddedStore store = plumbline == null ? null : plumbline.engine().store();
    return new StoreRegistry(
        config,
        RegistryFiles.of(folder, time),
        new StoreModels(config, store, time, folder),
        cache,
        folder.toString(),
        time,
        () -> {});
  }

  private static ModelRegistry onServer(
      Config config, @Nullable Plumbline plumbline, StoreUri uri, ModelCache cache, Time time) {
    Backend backend = Providers.open(config, Keys.REGISTRY_URI);
    int retries = config.get(ServerKeys.RETRIES);
    ModelStore models = Retrying.of(ModelStore.class, backend.models(), retries, Sleeper.SYSTEM);
    RunStore runs = Retrying.of(RunStore.class, backend.runs(), retries, Sleeper.SYSTEM);
    Supplier<Backend> opening = () -> Providers.open(config, Keys.TRACKING_URI);
    return new StoreRegistry(
        config,
        models,
        new ServerModels(config, plumbline, runs, opening),
        cache,
        uri.toString(),
        time,
        backend::close);
  }
}
