package io.plumbline.registry;

import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelVersion;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A model version whose files lie on the local disk, each compared with its digest.
 *
 * @param version the version
 * @param folder holds the files under their names; belongs to the cache: read it, do not change it
 * @param model the same files as a package, with its documents
 */
public record FetchedModel(ModelVersion version, Path folder, ModelPackage model) {
  /** Checks that nothing is null. */
  public FetchedModel {
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(folder, "folder");
    Objects.requireNonNull(model, "model");
  }
}
