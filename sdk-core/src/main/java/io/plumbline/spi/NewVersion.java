package io.plumbline.spi;

import io.plumbline.model.Lineage;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.ModelPackage;
import java.util.Map;
import java.util.Objects;

/**
 * A model version to be registered.
 *
 * @param key names the registration: the same key again returns the version that it has made, so a
 *     caller that did not hear the answer may repeat itself
 * @param name the registered model's name; it is made if it does not exist
 * @param source what is registered
 * @param lineage where it comes from
 * @param user who registers it
 * @param description what people are to know about it; may be empty
 * @param tags tags to start with
 */
public record NewVersion(
    String key,
    String name,
    Source source,
    Lineage lineage,
    String user,
    String description,
    Map<String, String> tags) {
  /** What is registered. */
  public sealed interface Source {
    /** A model that a run has logged into the same backend. */
    record Logged(LoggedModel model) implements Source {}

    /** A package that the backend does not have yet. */
    record Packed(ModelPackage model) implements Source {}
  }

  /** Copies the tags. */
  public NewVersion {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(lineage, "lineage");
    Objects.requireNonNull(user, "user");
    Objects.requireNonNull(description, "description");
    tags = Map.copyOf(tags);
  }
}
