package io.plumbline.model;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A model that a run has logged: a package of parts, kept whole and addressed by its digest.
 *
 * @param id {@code m-} and 32 hex digits, unique everywhere
 * @param name the name it was logged under; a later model of that name takes its place
 * @param runId the run that logged it
 * @param flavor what kind of model it is, such as {@code lightgbm}
 * @param digest the package's digest: SHA-256 in hex over all parts but signatures
 * @param created when it was logged
 * @param parts its files, with paths relative to the package
 */
public record LoggedModel(
    String id,
    String name,
    String runId,
    String flavor,
    String digest,
    Instant created,
    List<Artifact> parts) {
  /** Copies the parts. */
  public LoggedModel {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(runId, "runId");
    Objects.requireNonNull(flavor, "flavor");
    Objects.requireNonNull(digest, "digest");
    Objects.requireNonNull(created, "created");
    parts = List.copyOf(parts);
  }

  /** Returns the size of all parts in bytes. */
  public long size() {
    return parts.stream().mapToLong(Artifact::size).sum();
  }
}
