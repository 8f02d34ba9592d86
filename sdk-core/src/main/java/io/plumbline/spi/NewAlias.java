package io.plumbline.spi;

import io.plumbline.model.AliasChange;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An alias to be set, moved or deleted.
 *
 * @param key names the change: the same key again returns the entry that it has made, so a caller
 *     that did not hear the answer may repeat itself
 * @param model the registered model's name
 * @param alias the alias
 * @param version what it is to point to, or null to delete it
 * @param expected what it must point to now, or null if that does not matter
 * @param kind what is done
 * @param user who does it
 * @param reason why; may be empty
 */
public record NewAlias(
    String key,
    String model,
    String alias,
    @Nullable Integer version,
    @Nullable Expected expected,
    AliasChange.Kind kind,
    String user,
    String reason) {
  /**
   * What an alias must point to for a change to be made.
   *
   * @param version the version, or null if there must be no such alias
   */
  public record Expected(@Nullable Integer version) {}

  /** A change with a key of its own. */
  public NewAlias(
      String model,
      String alias,
      @Nullable Integer version,
      @Nullable Expected expected,
      AliasChange.Kind kind,
      String user,
      String reason) {
    this(UUID.randomUUID().toString(), model, alias, version, expected, kind, user, reason);
  }

  /** Checks that nothing else is null. */
  public NewAlias {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(alias, "alias");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(user, "user");
    Objects.requireNonNull(reason, "reason");
    if ((kind == AliasChange.Kind.DELETE) != (version == null)) {
      throw new IllegalArgumentException("a deletion, and nothing else, has no version");
    }
  }
}
