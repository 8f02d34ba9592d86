package io.plumbline.drift.log;

import io.plumbline.internal.Printable;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One column of a prediction log. Immutable.
 *
 * @param name its name in the files
 * @param kind the type of its values
 * @param role what it is for
 * @param nullable whether a row may have no value in it
 * @param categories the values that are known beforehand, for {@link Kind#CATEGORY}; their places
 *     are their codes
 * @param length the number of floats of a value, for {@link Kind#EMBEDDING}; otherwise 0
 * @param policy what was done to the values for privacy, such as {@code hmac}; empty for nothing.
 *     It is recorded here and carried out by whoever fills the rows
 * @param constant the value of every row, which nobody sets; null if rows differ
 */
public record LogColumn(
    String name,
    Kind kind,
    Role role,
    boolean nullable,
    List<String> categories,
    int length,
    String policy,
    @Nullable String constant) {

  /** The type of a column's values; the Arrow type stands behind it. */
  public enum Kind {
    /** {@code float64}. */
    DOUBLE,
    /** {@code float32}. */
    FLOAT,
    /** {@code int64}. */
    LONG,
    /** {@code int32}. */
    INT,
    /** {@code bool}. */
    BOOLEAN,
    /** {@code utf8}. */
    TEXT,
    /** {@code dictionary<utf8>} with int32 codes; values that are not known beforehand may come. */
    CATEGORY,
    /** {@code dictionary<utf8>} with int8 codes, for at most 127 values that are all known. */
    CHOICE,
    /** {@code timestamp[us, UTC]}: microseconds since 1970. */
    TIMESTAMP,
    /** {@code fixed_size_list<float32>}. */
    EMBEDDING
  }

  /** What a column is for. */
  public enum Role {
    /** About the request and the model, not about the world. */
    SYSTEM,
    /** A feature that the model computes with. */
    INPUT,
    /** A feature that is watched, but that the model does not see. */
    CONTEXT,
    /** What the model said. */
    PREDICTION,
    /** What came true. */
    TARGET;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The most values of a {@link Kind#CHOICE}. */
  private static final int MAX_CHOICES = 127;

  private static final int MAX_EMBEDDING = 65_536;

  /** Copies the categories, and checks that the parts fit each other. */
  public LogColumn {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(policy, "policy");
    categories = List.copyOf(categories);
    boolean coded = kind == Kind.CATEGORY || kind == Kind.CHOICE;
    if (!coded && !categories.isEmpty()) {
      throw wrong(name, "has categories, but its kind is " + kind);
    }
    Set<String> seen = new HashSet<>();
    for (String category : categories) {
      if (!seen.add(category)) {
        throw wrong(name, "has the category " + Printable.quote(category) + " twice");
      }
    }
    if (kind == Kind.CHOICE && (categories.isEmpty() || categories.size() > MAX_CHOICES)) {
      throw wrong(name, "needs 1 to " + MAX_CHOICES + " choices, not " + categories.size());
    }
    if (kind == Kind.EMBEDDING ? length < 1 || length > MAX_EMBEDDING : length != 0) {
      throw wrong(
          name, "has length " + length + "; embeddings have 1 to " + MAX_EMBEDDING + ", others 0");
    }
  }

  static LogColumn of(String name, Kind kind, Role role) {
    return new LogColumn(name, kind, role, true, List.of(), 0, "", null);
  }

  LogColumn withCategories(List<String> known) {
    return new LogColumn(name, Kind.CATEGORY, role, nullable, known, length, policy, null);
  }

  LogColumn withPolicy(String what) {
    return new LogColumn(name, kind, role, nullable, categories, length, what, constant);
  }

  private static IllegalArgumentException wrong(String name, String why) {
    return new IllegalArgumentException("the column " + Printable.quote(name) + " " + why);
  }
}
