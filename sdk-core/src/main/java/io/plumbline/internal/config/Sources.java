package io.plumbline.internal.config;

import java.nio.file.Path;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * The places outside the code where settings come from; tests put their own in place of the
 * machine's.
 */
public interface Sources {

  /** The system properties, the environment and the working directory of this JVM. */
  Sources SYSTEM = new SystemSources();

  /** Nothing: no property, no variable, no file. */
  Sources NONE = new NoSources();

  /** Returns a system property, or null. */
  @Nullable String property(String name);

  /** Returns the names of all system properties. */
  Collection<String> propertyNames();

  /** Returns an environment variable, or null. */
  @Nullable String variable(String name);

  /** Returns the names of all environment variables. */
  Collection<String> variableNames();

  /**
   * Returns the folder in which to look for a settings file and for a project, or null for none.
   */
  @Nullable Path workingDirectory();
}
