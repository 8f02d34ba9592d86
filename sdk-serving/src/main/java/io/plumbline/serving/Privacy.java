package io.plumbline.serving;

import io.plumbline.Secret;
import io.plumbline.internal.Printable;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is kept of a column's values in the prediction log. Immutable. */
public final class Privacy {
  /** What is done to a value. */
  enum Kind {
    KEEP,
    DROP,
    HMAC,
    BUCKET,
    TRUNCATE
  }

  private static final int SHORTEST_KEY = 16;

  private final Kind kind;
  private final @Nullable Secret key;
  private final double[] edges;
  private final int length;

  private Privacy(Kind kind, @Nullable Secret key, double[] edges, int length) {
    this.kind = kind;
    this.key = key;
    this.edges = edges;
    this.length = length;
  }

  /** Values are logged as they are: what holds for columns of the schema unless set. */
  public static Privacy keep() {
    return new Privacy(Kind.KEEP, null, new double[0], 0);
  }

  /** Nothing is logged. */
  public static Privacy drop() {
    return new Privacy(Kind.DROP, null, new double[0], 0);
  }

  /**
   * The HMAC-SHA256 of the value's text in UTF-8 is logged, in 64 hex digits: equal values stay
   * equal, and nobody without the key can tell which they were.
   *
   * @param key at least 16 characters
   * @throws IllegalArgumentException if the key is shorter
   */
  public static Privacy hmac(Secret key) {
    if (Objects.requireNonNull(key, "key").reveal().length() < SHORTEST_KEY) {
      throw new IllegalArgumentException(
          "the key has fewer than "
              + SHORTEST_KEY
              + " characters: whoever guesses it can undo the"
              + " digests");
    }
    return new Privacy(Kind.HMAC, key, new double[0], 0);
  }

  /**
   * The greatest edge that is not above the number is logged, negative infinity below all of them.
   *
   * @param edges ascending
   * @throws IllegalArgumentException if there are none, or they do not ascend
   */
  public static Privacy bucket(double... edges) {
    double[] copy = edges.clone();
    for (int i = 0; i < copy.length; i++) {
      if (Double.isNaN(copy[i]) || i > 0 && copy[i] <= copy[i - 1]) {
        throw new IllegalArgumentException("the edges must ascend: " + Arrays.toString(edges));
      }
    }
    if (copy.length == 0) {
      throw new IllegalArgumentException("there are no edges");
    }
    return new Privacy(Kind.BUCKET, null, copy, 0);
  }

  /**
   * The beginning of a text is logged.
   *
   * @param characters how many, at least 1; a pair of surrogates is not cut in two
   */
  public static Privacy truncate(int characters) {
    if (characters < 1) {
      throw new IllegalArgumentException("characters is " + characters + "; it must be positive");
    }
    return new Privacy(Kind.TRUNCATE, null, new double[0], characters);
  }

  /** Whether nothing is logged. */
  public boolean drops() {
    return kind == Kind.DROP;
  }

  /** Whether values become digests. */
  public boolean digests() {
    return kind == Kind.HMAC;
  }

  /** What the log's schema says was done: {@code hmac}, for example; empty if nothing was. */
  public String label() {
    return switch (kind) {
      case KEEP -> "";
      case DROP -> "drop";
      case HMAC -> "hmac";
      case BUCKET -> "bucket " + Arrays.toString(edges);
      case TRUNCATE -> "truncate " + length;
    };
  }

  /** The digests' key; null unless values become digests. */
  public @Nullable Secret key() {
    return key;
  }

  /** What becomes of a number that is logged as one. */
  public double number(double value) {
    if (kind != Kind.BUCKET || Double.isNaN(value)) {
      return value;
    }
    int at = Arrays.binarySearch(edges, value);
    int below = at >= 0 ? at : -at - 2;
    return below < 0 ? Double.NEGATIVE_INFINITY : edges[below];
  }

  /** What becomes of a whole number; the next one, where an edge is none. */
  public long whole(long value) {
    return kind == Kind.BUCKET ? (long) Math.ceil(number((double) value)) : value;
  }

  /** What becomes of a text that is logged as one. */
  public String text(String value) {
    return kind == Kind.TRUNCATE ? Printable.start(value, length) : value;
  }

  /** Says what is done, never the key. */
  @Override
  public String toString() {
    return kind == Kind.KEEP ? "keep" : label();
  }
}
