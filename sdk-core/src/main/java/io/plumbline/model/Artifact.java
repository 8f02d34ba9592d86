package io.plumbline.model;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file, or a directory of files, that a run has kept.
 *
 * @param path where it lies in the run's artifacts: relative, {@code /} between the parts
 * @param directory whether it is a directory
 * @param size bytes; 0 for a directory
 * @param sha256 the content's SHA-256 in lower-case hex; null for a directory or where the server
 *     does not say
 */
public record Artifact(String path, boolean directory, long size, @Nullable String sha256) {
  /** Checks that the path is there. */
  public Artifact {
    Objects.requireNonNull(path, "path");
  }
}
