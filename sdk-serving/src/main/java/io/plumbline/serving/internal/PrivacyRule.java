package io.plumbline.serving.internal;

import io.plumbline.Secret;
import io.plumbline.internal.Printable;
import io.plumbline.serving.Privacy;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What is done to a column's values: the inside of {@link Privacy}. Immutable. */
public final class PrivacyRule {
  /** What is done to a value. */
  public enum Kind {
    KEEP,
    DROP,
    HMAC,
    BUCKET,
    TRUNCATE
  }

  /** What a column has. */
  public enum Values {
    NUMBERS,
    TRUTHS,
    TEXTS
  }

  /** Values are logged as they are. */
  public static final PrivacyRule KEEP = new PrivacyRule(Kind.KEEP, null, new double[0], 0);

  private static volatile @Nullable Function<Privacy, PrivacyRule> opener;

  private final Kind kind;
  private final @Nullable Secret key;
  private final double[] edges;
  private final int length;

  /**
   * A rule.
   *
   * @param kind what is done
   * @param key of the digests; null unless values become digests
   * @param edges of buckets, ascending
   * @param length of texts that are cut
   */
  public PrivacyRule(Kind kind, @Nullable Secret key, double[] edges, int length) {
    this.kind = kind;
    this.key = key;
    this.edges = edges.clone();
    this.length = length;
  }

  /** For {@link Privacy}, when it is loaded: says how to look inside. */
  public static void openWith(Function<Privacy, PrivacyRule> how) {
    opener = how;
  }

  /** The inside of a privacy. */
  public static PrivacyRule of(Privacy privacy) {
    return Objects.requireNonNull(opener).apply(privacy);
  }

  /** Whether nothing is logged. */
  public boolean drops() {
    return kind == Kind.DROP;
  }

  /** Whether values become digests. */
  public boolean digests() {
    return kind == Kind.HMAC;
  }

  /** The digests' key; null unless values become digests. */
  public @Nullable Secret key() {
    return key;
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

  /**
   * Checks that this can be done to a column's values.
   *
   * @throws IllegalArgumentException if not; the message names the column
   */
  public void requireFor(String column, Values values) {
    boolean fits =
        switch (kind) {
          case KEEP, DROP, HMAC -> true;
          case BUCKET -> values == Values.NUMBERS;
          case TRUNCATE -> values == Values.TEXTS;
        };
    if (!fits) {
      throw new IllegalArgumentException(
          "the privacy of "
              + Printable.quote(column)
              + " is to be "
              + label()
              + ", but the column has "
              + values.name().toLowerCase(Locale.ROOT)
              + "; "
              + (kind == Kind.BUCKET ? "bucket is for numbers" : "truncate is for texts")
              + ", hmac and drop are for all");
    }
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
