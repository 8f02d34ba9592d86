package io.plumbline.internal.config;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Has nothing to say. */
final class NoSources implements Sources {

  @Override
  public @Nullable String property(String name) {
    return null;
  }

  @Override
  public Collection<String> propertyNames() {
    return List.of();
  }

  @Override
  public @Nullable String variable(String name) {
    return null;
  }

  @Override
  public Collection<String> variableNames() {
    return List.of();
  }

  @Override
  public @Nullable Path workingDirectory() {
    return null;
  }
}
