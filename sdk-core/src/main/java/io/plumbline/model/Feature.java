package io.plumbline.model;

import io.plumbline.internal.Printable;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One feature of a {@link FeatureSchema}: what it is, how old it may be, and what happens when it
 * is missing. Immutable.
 *
 * <pre>{@code
 * Feature.of("pressure", DataType.DOUBLE).withMaxAge(Duration.ofHours(2)).orNull()
 * }</pre>
 *
 * @param name its name, not empty
 * @param type the type of its values
 * @param role whether the model uses it
 * @param maxAge how old a value may be when it is read; null for any age
 * @param whenMissing what happens when there is no value, or only one that is too old
 * @param defaultValue the value for {@link WhenMissing#DEFAULT}: a Boolean, Long, Double or String;
 *     otherwise null
 */
public record Feature(
    String name,
    DataType type,
    Role role,
    @Nullable Duration maxAge,
    WhenMissing whenMissing,
    @Nullable Object defaultValue) {

  /** Whether the model uses a feature. */
  public enum Role {
    /** The model computes with it. */
    INPUT,
    /** The model does not see it, but it is logged and watched. */
    CONTEXT
  }

  /** What happens when a feature has no value. NaN counts as no value. */
  public enum WhenMissing {
    /** The call fails. */
    FAIL,
    /** The default stands in. */
    DEFAULT,
    /** The model is told that it is missing: NaN for numbers, null for others. */
    NULL
  }

  /** Checks that the parts fit each other. */
  public Feature {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(whenMissing, "whenMissing");
    if (name.isEmpty()) {
      throw new IllegalArgumentException("a feature needs a name");
    }
    if (maxAge != null && (maxAge.isNegative() || maxAge.isZero())) {
      throw new IllegalArgumentException(
          "the maximum age of feature "
              + Printable.quote(name)
              + " must be positive, not "
              + maxAge);
    }
    if ((defaultValue != null) != (whenMissing == WhenMissing.DEFAULT)) {
      throw new IllegalArgumentException(
          "feature "
              + Printable.quote(name)
              + " needs a default if, and only if, missing values are replaced by it");
    }
    if (defaultValue != null) {
      defaultValue = ParamSpec.checked(name, type, defaultValue);
    }
  }

  /** A feature that the model uses; a missing value fails the call. */
  public static Feature of(String name, DataType type) {
    return new Feature(name, type, Role.INPUT, null, WhenMissing.FAIL, null);
  }

  /** A feature that the model does not use, but that is logged and watched; it may be missing. */
  public static Feature context(String name, DataType type) {
    return new Feature(name, type, Role.CONTEXT, null, WhenMissing.NULL, null);
  }

  /** The same feature, whose values count as missing when they are older than this. */
  public Feature withMaxAge(Duration age) {
    return new Feature(
        name, type, role, Objects.requireNonNull(age, "age"), whenMissing, defaultValue);
  }

  /** The same feature; the model is told when it is missing. */
  public Feature orNull() {
    return new Feature(name, type, role, maxAge, WhenMissing.NULL, null);
  }

  /** The same feature; this value stands in when it is missing. */
  public Feature orDefault(Object value) {
    return new Feature(
        name, type, role, maxAge, WhenMissing.DEFAULT, Objects.requireNonNull(value, "value"));
  }
}
