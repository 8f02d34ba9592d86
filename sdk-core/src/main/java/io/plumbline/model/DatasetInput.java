package io.plumbline.model;

import java.util.Map;
import java.util.Objects;

/**
 * A dataset that a run has read, and what for.
 *
 * @param dataset the dataset
 * @param context its use in the run, such as {@code training} or {@code validation}; may be empty
 * @param tags free key-value pairs
 */
public record DatasetInput(Dataset dataset, String context, Map<String, String> tags) {
  /** Copies the tags. */
  public DatasetInput {
    Objects.requireNonNull(dataset, "dataset");
    Objects.requireNonNull(context, "context");
    tags = Map.copyOf(tags);
  }
}
