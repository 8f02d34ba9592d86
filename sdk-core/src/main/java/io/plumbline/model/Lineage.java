package io.plumbline.model;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a model version comes from: kept with the version, so it is there when the run is erased.
 *
 * @param runId the run that has logged the model, or null
 * @param modelId the logged model's id, or null
 * @param experiment the run's experiment; may be empty
 * @param parentRunId the run of which that run is a child, or null
 * @param inputs the datasets that the run, or its parent, has read
 * @param parents what the model was made from, such as the version that it fine-tunes, as digests
 *     or references
 */
public record Lineage(
    @Nullable String runId,
    @Nullable String modelId,
    String experiment,
    @Nullable String parentRunId,
    List<Input> inputs,
    List<String> parents) {
  /** Of a model that no run has logged. */
  public static final Lineage UNKNOWN = new Lineage(null, null, "", null, List.of(), List.of());

  /**
   * A dataset that was read.
   *
   * @param name the dataset's name
   * @param digest its digest
   * @param context what for, such as {@code training}
   */
  public record Input(String name, String digest, String context) {
    /** Checks that nothing is null. */
    public Input {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(digest, "digest");
      Objects.requireNonNull(context, "context");
    }
  }

  /** Copies the lists. */
  public Lineage {
    Objects.requireNonNull(experiment, "experiment");
    inputs = List.copyOf(inputs);
    parents = List.copyOf(parents);
  }

  /** Returns the run that has logged the model. */
  public Optional<String> run() {
    return Optional.ofNullable(runId);
  }
}
