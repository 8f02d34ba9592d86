package io.plumbline.model;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * A model in the registry, as it was when it was read: a name, under which its versions are.
 *
 * @param name the name
 * @param description what it is for; may be empty
 * @param tags free key-value pairs
 * @param aliases the aliases, and the version that each points to
 * @param latestVersion the highest version, deleted or not; 0 if there is none
 * @param created when it was made
 * @param changed when its description, tags or deletion changed last
 * @param deleted whether it is deleted: it is kept, and resolves to nothing
 */
public record RegisteredModel(
    String name,
    String description,
    Map<String, String> tags,
    Map<String, Integer> aliases,
    int latestVersion,
    Instant created,
    Instant changed,
    boolean deleted) {
  /** Copies the maps. */
  public RegisteredModel {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(description, "description");
    tags = Map.copyOf(tags);
    aliases = Map.copyOf(aliases);
    Objects.requireNonNull(created, "created");
    Objects.requireNonNull(changed, "changed");
  }

  /** Returns the version that an alias points to. */
  public OptionalInt alias(String alias) {
    Integer version = aliases.get(alias);
    return version == null ? OptionalInt.empty() : OptionalInt.of(version);
  }
}
