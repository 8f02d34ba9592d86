package io.plumbline.internal.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.plumbline.Config;
import io.plumbline.ConfigException;
import io.plumbline.internal.config.Keys;
import io.plumbline.spi.Backend;
import io.plumbline.spi.BackendProvider;
import io.plumbline.spi.BackendSetup;
import io.plumbline.spi.RunStore;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The backend of an address is found on the class path")
class ProvidersTest {
  @TempDir Path folder;

  /** Serves one scheme, and says which copy of it was asked. */
  public static class First implements BackendProvider {
    @Override
    public Set<String> schemes() {
      return Set.of("probe", "probes");
    }

    @Override
    public Backend open(BackendSetup setup) {
      return new Named(getClass().getSimpleName() + " " + setup.uri());
    }
  }

  /** Serves the same scheme. */
  public static final class Second extends First {}

  /** Serves another one. */
  public static final class Other extends First {
    @Override
    public Set<String> schemes() {
      return Set.of("other");
    }
  }

  /** A backend with nothing but a name. */
  private record Named(String name) implements Backend {
    @Override
    public Set<Capability> capabilities() {
      return Set.of();
    }

    @Override
    public RunStore runs() {
      throw new IllegalStateException();
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
      return name;
    }
  }

  /** A class loader that brings classes of its own, named as services, in a folder of their own. */
  private URLClassLoader loader(String name, String services, Class<?>... brought)
      throws IOException {
    Path place = Files.createDirectories(folder.resolve(name));
    Path list = place.resolve("META-INF/services/" + BackendProvider.class.getName());
    Files.createDirectories(list.getParent());
    Files.writeString(list, services);
    for (Class<?> type : brought) {
      String file = type.getName().replace('.', '/') + ".class";
      Files.createDirectories(place.resolve(file).getParent());
      try (InputStream in = type.getClassLoader().getResourceAsStream(file)) {
        Files.write(place.resolve(file), in.readAllBytes());
      }
    }
    return new OwnFirst(place.toUri().toURL(), brought);
  }

  /** Defines what it brings itself, although its parent has it, too. */
  private static final class OwnFirst extends URLClassLoader {
    private final Set<String> own;

    OwnFirst(URL place, Class<?>... own) {
      super(new URL[] {place}, ProvidersTest.class.getClassLoader());
      this.own = Arrays.stream(own).map(Class::getName).collect(Collectors.toSet());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        if (loaded != null) {
          return loaded;
        }
        return own.contains(name) ? findClass(name) : super.loadClass(name, resolve);
      }
    }
  }

  private static Config.Builder config(String uri) {
    return Config.builder().isolated().trackingUri(uri);
  }

  private static String open(Config.Builder config) {
    try (Backend backend = Providers.open(config.build(), Keys.TRACKING_URI)) {
      return backend.toString();
    }
  }

  @Test
  @DisplayName("in the class loader that the configuration names, and in no other")
  void explicitLoader() throws Exception {
    try (URLClassLoader named = loader("named", First.class.getName());
        URLClassLoader ofThread = loader("thread", Other.class.getName())) {
      inThread(
          ofThread,
          () -> {
            assertThat(open(config("probe://host/path/").classLoader(named)))
                .isEqualTo("First probe://host/path");
            assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> open(config("other://host").classLoader(named)))
                .withMessageContaining("probe, probes");
          });
    }
  }

  @Test
  @DisplayName("in the thread's class loader, where the SDK's own has none")
  void loaderOfThread() throws Exception {
    try (URLClassLoader ofThread = loader("thread", Other.class.getName())) {
      inThread(
          ofThread, () -> assertThat(open(config("OTHER://host"))).isEqualTo("Other OTHER://host"));
    }
    inThread(
        null,
        () ->
            assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> open(config("other://host"))));
  }

  private static void inThread(@Nullable ClassLoader loader, Runnable task) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      task.run();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Test
  @DisplayName("two for one scheme are an error that names both jars")
  void two() throws Exception {
    try (URLClassLoader both =
        loader(
            "both",
            First.class.getName() + "\n" + Second.class.getName(),
            First.class,
            Second.class)) {
      assertThatExceptionOfType(ConfigException.class)
          .isThrownBy(() -> open(config("probes://host").classLoader(both)))
          .withMessageContaining("plumbline.tracking.uri (from code)")
          .withMessageContaining(First.class.getName())
          .withMessageContaining(Second.class.getName())
          .withMessageContaining(folder.resolve("both").toString());
    }
  }

  @Test
  @DisplayName("one that both a loader and its parent have is one")
  void twice() throws Exception {
    try (URLClassLoader parent = loader("parent", First.class.getName());
        URLClassLoader child =
            new URLClassLoader(new URL[] {folder.resolve("parent").toUri().toURL()}, parent)) {
      assertThat(open(config("probe://host").classLoader(child))).isEqualTo("First probe://host");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "http://host:5000,plumbline-mlflow",
    "https://host,plumbline-mlflow",
    "strange://host,'a folder, or one of'",
  })
  @DisplayName("none is an error that names what to add")
  void none(String uri, String remedy) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> open(config(uri)))
        .withMessageContaining("nothing on the class path serves")
        .withMessageContaining(remedy);
  }

  @Test
  @DisplayName("a provider that cannot be loaded hides no other, and is told when none is left")
  void broken() throws Exception {
    try (URLClassLoader loader =
        loader("broken", "no.such.Provider\njava.lang.String\n" + First.class.getName())) {
      assertThat(open(config("probe://host").classLoader(loader))).isEqualTo("First probe://host");
      assertThatExceptionOfType(ConfigException.class)
          .isThrownBy(() -> open(config("http://host").classLoader(loader)))
          .withMessageContaining("a provider could not be loaded");
    }
  }

  @Test
  @DisplayName("a folder needs no provider")
  void folder() {
    assertThatIllegalArgumentException().isThrownBy(() -> open(config("store")));
  }
}
