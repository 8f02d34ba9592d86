package io.plumbline.model;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * A named collection of runs.
 *
 * @param id the store's identifier; never changes
 * @param name unique in its store
 * @param created when the store first saw it
 * @param tags free key-value pairs
 * @param deleted whether it was deleted; a deleted experiment can be restored
 */
public record Experiment(
    String id, String name, Instant created, Map<String, String> tags, boolean deleted) {
  /** Copies the tags. */
  public Experiment {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(created, "created");
    tags = Map.copyOf(tags);
  }
}
