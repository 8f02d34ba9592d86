package io.plumbline.internal.config;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Properties, variables and a working directory that a test decides. */
public final class FakeSources implements Sources {

  private final Map<String, String> properties = new TreeMap<>();
  private final Map<String, String> variables = new TreeMap<>();
  private @Nullable Path workingDirectory;

  public FakeSources property(String name, String value) {
    properties.put(name, value);
    return this;
  }

  public FakeSources variable(String name, String value) {
    variables.put(name, value);
    return this;
  }

  public FakeSources workingDirectory(Path folder) {
    workingDirectory = folder;
    return this;
  }

  @Override
  public @Nullable String property(String name) {
    return properties.get(name);
  }

  @Override
  public Collection<String> propertyNames() {
    return properties.keySet();
  }

  @Override
  public @Nullable String variable(String name) {
    return variables.get(name);
  }

  @Override
  public Collection<String> variableNames() {
    return variables.keySet();
  }

  @Override
  public @Nullable Path workingDirectory() {
    return workingDirectory;
  }
}
