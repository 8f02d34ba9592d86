package io.plumbline.spi;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A run to be created.
 *
 * @param id the caller's id for the run; a backend that gives ids of its own keeps this one as a
 *     tag
 * @param experimentId the experiment's id in the backend
 * @param name the run's name
 * @param user who starts it; may be empty
 * @param parentId the id of the parent run in the backend, or null
 * @param startTime epoch milliseconds
 * @param tags tags to start with
 */
public record NewRun(
    String id,
    String experimentId,
    String name,
    String user,
    @Nullable String parentId,
    long startTime,
    Map<String, String> tags) {
  /** Copies the tags. */
  public NewRun {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(experimentId, "experimentId");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(user, "user");
    tags = Map.copyOf(tags);
  }
}
