package io.plumbline.registry.internal;

import io.plumbline.Config;
import io.plumbline.ConfigException;
import io.plumbline.Plumbline;
import io.plumbline.internal.Time;
import io.plumbline.internal.config.Keys;
import io.plumbline.internal.config.StoreUri;
import io.plumbline.internal.store.EmbeddedStore;
import io.plumbline.internal.store.RegistryFiles;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.spi.Backend;
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

  /** Opens the registry of a configuration, on the runs of an opened Plumbline if there is one. */
  public static ModelRegistry open(Config config, @Nullable Plumbline plumbline) {
    StoreUri uri = config.get(Keys.REGISTRY_URI);
    Path folder = uri.folder();
    if (folder == null) {
      throw new ConfigException(
          Keys.REGISTRY_URI.property(),
          config.source(Keys.REGISTRY_URI),
          uri + " is a server, and this version has no backend for servers",
          "a folder or file: URI; PLUMBLINE_REGISTRY_URI wins over MLflow's variable");
    }
    EmbeddedStore store = plumbline == null ? null : plumbline.engine().store();
    Time time = Time.SYSTEM;
    return new StoreRegistry(
        config,
        RegistryFiles.of(folder, time),
        new LoggedModels(config, store, time, folder),
        new ModelCache(config.get(Keys.CACHE), config.get(Keys.CACHE_SIZE), time),
        folder.toString(),
        time);
  }
}
