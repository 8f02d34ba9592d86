package io.plumbline.internal.spi;

import io.plumbline.Config;
import io.plumbline.ConfigException;
import io.plumbline.internal.config.ConfigKey;
import io.plumbline.internal.config.StoreUri;
import io.plumbline.spi.Backend;
import io.plumbline.spi.BackendProvider;
import io.plumbline.spi.BackendSetup;
import java.net.URI;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the backends of remote addresses. The class loader that the configuration names is asked;
 * if it names none, that of this SDK, and then that of the thread. The first that has a provider
 * for the scheme decides.
 */
public final class Providers {
  private static final Map<String, String> ARTIFACTS =
      Map.of("http", "plumbline-mlflow", "https", "plumbline-mlflow");

  /** Loaders that answer with errors again and again are left. */
  private static final int MOST_ERRORS = 100;

  private final Config config;
  private final Set<String> schemes = new TreeSet<>();
  private @Nullable Throwable broken;

  private Providers(Config config) {
    this.config = config;
  }

  /**
   * Opens the backend that a setting names.
   *
   * @param config the settings
   * @param key the setting with the address, which is remote
   * @throws ConfigException if there is no provider for its scheme, or more than one
   * @throws IllegalArgumentException if the setting names a folder
   */
  public static Backend open(Config config, ConfigKey<StoreUri> key) {
    URI uri = config.get(key).remote();
    if (uri == null) {
      throw new IllegalArgumentException(key + " names a folder, which has no provider");
    }
    return new Providers(config).provider(key, uri).open(new BackendSetup(uri, config));
  }

  private BackendProvider provider(ConfigKey<StoreUri> key, URI uri) {
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    for (ClassLoader loader : loaders()) {
      List<BackendProvider> found = serving(scheme, loader);
      if (found.size() > 1) {
        throw bad(key, "two jars serve " + scheme + ": " + jars(found), "one of the two");
      }
      if (!found.isEmpty()) {
        return found.get(0);
      }
    }
    String artifact = ARTIFACTS.get(scheme);
    throw bad(
        key,
        "nothing on the class path serves " + uri,
        artifact != null
            ? "add the artifact io.plumbline:" + artifact + ", or name a folder"
            : "a folder, or one of " + (schemes.isEmpty() ? "http, https" : schemes));
  }

  private Set<ClassLoader> loaders() {
    Set<ClassLoader> loaders = new LinkedHashSet<>();
    if (config.classLoader().isPresent()) {
      loaders.add(config.classLoader().get());
      return loaders;
    }
    ClassLoader ours = Providers.class.getClassLoader();
    loaders.add(ours == null ? ClassLoader.getSystemClassLoader() : ours);
    ClassLoader ofThread = Thread.currentThread().getContextClassLoader();
    if (ofThread != null) {
      loaders.add(ofThread);
    }
    return loaders;
  }

  private List<BackendProvider> serving(String scheme, ClassLoader loader) {
    List<BackendProvider> found = new ArrayList<>();
    Set<Class<?>> seen = new LinkedHashSet<>();
    var services = ServiceLoader.load(BackendProvider.class, loader).iterator();
    for (int errors = 0; errors < MOST_ERRORS; ) {
      try {
        if (!services.hasNext()) {
          break;
        }
        BackendProvider provider = services.next();
        schemes.addAll(provider.schemes());
        if (provider.schemes().contains(scheme) && seen.add(provider.getClass())) {
          found.add(provider);
        }
      } catch (ServiceConfigurationError e) {
        // Of another copy of the SDK, or without a class it needs: another one may serve.
        broken = e;
        errors++;
      }
    }
    return found;
  }

  private static String jars(List<BackendProvider> providers) {
    List<String> jars = new ArrayList<>();
    for (BackendProvider provider : providers) {
      Class<?> type = provider.getClass();
      CodeSource source = type.getProtectionDomain().getCodeSource();
      jars.add(
          (source == null ? "an unknown place" : source.getLocation())
              + " ("
              + type.getName()
              + ")");
    }
    return String.join(" and ", jars);
  }

  private ConfigException bad(ConfigKey<?> key, String problem, String accepted) {
    String why = broken == null ? "" : "; a provider could not be loaded: " + broken.getMessage();
    return new ConfigException(key.property(), config.source(key), problem + why, accepted, broken);
  }
}
