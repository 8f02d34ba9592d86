package io.plumbline.serving;

import io.plumbline.Secret;
import io.plumbline.serving.internal.PrivacyRule;
import io.plumbline.serving.internal.PrivacyRule.Kind;
import java.util.Arrays;
import java.util.Objects;

/** What is kept of a column's values in the prediction log. Immutable. */
public final class Privacy {
  static {
    PrivacyRule.openWith(privacy -> privacy.rule);
  }

  private static final int SHORTEST_KEY = 16;

  private final PrivacyRule rule;

  private Privacy(PrivacyRule rule) {
    this.rule = rule;
  }

  /** Values are logged as they are: what holds for columns of the schema unless set. */
  public static Privacy keep() {
    return new Privacy(PrivacyRule.KEEP);
  }

  /** Nothing is logged. */
  public static Privacy drop() {
    return new Privacy(new PrivacyRule(Kind.DROP, null, new double[0], 0));
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
    return new Privacy(new PrivacyRule(Kind.HMAC, key, new double[0], 0));
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
    return new Privacy(new PrivacyRule(Kind.BUCKET, null, copy, 0));
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
    return new Privacy(new PrivacyRule(Kind.TRUNCATE, null, new double[0], characters));
  }

  /** Says what is done, never the key. */
  @Override
  public String toString() {
    return rule.toString();
  }
}
