package io.plumbline.model;

import java.time.Instant;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * One change of an alias: the entries of its history.
 *
 * @param model the registered model's name
 * @param alias the alias
 * @param version what it points to since then, or null if it was deleted
 * @param previous what it pointed to before, or null if it did not exist
 * @param kind what was done
 * @param time when
 * @param user who
 * @param reason why; may be empty
 */
public record AliasChange(
    String model,
    String alias,
    @Nullable Integer version,
    @Nullable Integer previous,
    Kind kind,
    Instant time,
    String user,
    String reason) {
  /** What was done. */
  public enum Kind {
    /** The alias was set, or moved forward. */
    SET,
    /** It was moved back to a version that it had pointed to before. */
    ROLLBACK,
    /** It was deleted. */
    DELETE
  }

  /** Checks that nothing else is null. */
  public AliasChange {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(alias, "alias");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(time, "time");
    Objects.requireNonNull(user, "user");
    Objects.requireNonNull(reason, "reason");
  }

  /** Returns what the alias points to since then; nothing if it was deleted. */
  public OptionalInt target() {
    return version == null ? OptionalInt.empty() : OptionalInt.of(version);
  }
}
