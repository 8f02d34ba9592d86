package io.plumbline.drift.log;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some rows of a prediction log, or of another file of columns, as arrays. Valid until the next
 * ones are read.
 *
 * <p>The methods that take a column's name throw {@link IllegalArgumentException} if there is no
 * such column, or if it has values of another kind, and {@link io.plumbline.IntegrityException} if
 * the file is damaged; both messages name the file. The arrays are the caller's.
 */
public interface LogBatch {
  /** What a column's values are. */
  enum Kind {
    /** Floating-point numbers. */
    NUMBER,
    /** Integers of any width. */
    INTEGER,
    /** True or false. */
    BOOLEAN,
    /** Dates, and times in any unit. */
    TIME,
    /** Texts. */
    TEXT,
    /** Texts from a dictionary. */
    CATEGORY,
    /** As many floats for each row. */
    EMBEDDING,
    /** The column has no type, and no value. */
    NOTHING,
    /** Something that is not read here. */
    OTHER
  }

  /** How many rows there are, at most 65,536. */
  int rows();

  /** The columns that were asked for, in the file's order. */
  List<String> columns();

  /** Whether there is such a column. */
  default boolean has(String column) {
    return columns().contains(column);
  }

  /** What a column's values are. */
  Kind kind(String column);

  /**
   * The values as doubles: of numbers and integers, of booleans as 0 and 1, of times in
   * microseconds since 1970; NaN for what is missing.
   */
  double[] doubles(String column);

  /**
   * The values as longs: of integers, of booleans as 0 and 1, of times in microseconds since 1970;
   * 0 for what is missing, which {@link #isNull} tells.
   */
  long[] longs(String column);

  /** The texts; null for what is missing. */
  @Nullable String[] texts(String column);

  /**
   * The embeddings, one behind the other; NaN for what is missing. Each has the array's length over
   * {@link #rows}.
   */
  float[] embeddings(String column);

  /** Whether a row has no value in a column. */
  boolean isNull(String column, int row);
}
