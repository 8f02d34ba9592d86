package io.plumbline.internal.config;

import java.nio.file.Path;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** What this JVM was started with. */
final class SystemSources implements Sources {

  @Override
  public @Nullable String property(String name) {
    return System.getProperty(name);
  }

  @Override
  public Collection<String> propertyNames() {
    return System.getProperties().stringPropertyNames();
  }

  @Override
  public @Nullable String variable(String name) {
    return System.getenv(name);
  }

  @Override
  public Collection<String> variableNames() {
    return System.getenv().keySet();
  }

  @Override
  public Path workingDirectory() {
    return Path.of("").toAbsolutePath();
  }
}
