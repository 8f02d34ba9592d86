package io.plumbline.model;

import java.util.Objects;

/**
 * A dataset as a run remembers it: not the data, but its name, digest, source, schema and profile.
 *
 * <p>The texts are those of MLflow's dataset inputs, within MLflow's limits, so any backend can
 * keep them.
 *
 * @param name what people call it; at most 500 characters
 * @param digest identifies the content; at most 36 characters
 * @param sourceType the kind of source, such as {@code local}, {@code s3} or {@code delta_table}
 * @param source where it came from, as JSON, such as {@code {"uri":"file:///data/flights.csv"}}; at
 *     most 65,535 characters
 * @param schema its columns, as JSON; empty if unknown; at most 1,048,575 characters
 * @param profile its size and other facts, as JSON; empty if unknown; at most 16,777,215 characters
 */
public record Dataset(
    String name, String digest, String sourceType, String source, String schema, String profile) {
  private static final int MAX_NAME = 500;
  private static final int MAX_DIGEST = 36;
  private static final int MAX_SOURCE = 65_535;
  private static final int MAX_SCHEMA = 1_048_575;
  private static final int MAX_PROFILE = 16_777_215;

  /** Checks the lengths. */
  public Dataset {
    check("name", name, MAX_NAME);
    check("digest", digest, MAX_DIGEST);
    Objects.requireNonNull(sourceType, "sourceType");
    check("source", source, MAX_SOURCE);
    check("schema", schema, MAX_SCHEMA);
    check("profile", profile, MAX_PROFILE);
  }

  private static void check(String what, String text, int most) {
    Objects.requireNonNull(text, what);
    if (text.codePointCount(0, text.length()) > most) {
      throw new IllegalArgumentException(
          "the dataset's " + what + " has more than " + most + " characters");
    }
  }
}
