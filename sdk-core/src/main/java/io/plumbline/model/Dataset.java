package io.plumbline.model;

import io.plumbline.internal.json.Json;
import java.nio.file.Path;
import java.util.List;
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

  /**
   * A file, identified by its bytes: the digest is the first 32 hex digits of their SHA-256, which
   * the profile has in full.
   *
   * <p>If the name ends in {@code .csv} or {@code .csv.gz} and the content is CSV, schema and
   * profile also have the columns and the number of rows, as with {@link #csv}. The file is read
   * once, and not held in memory.
   *
   * @throws IllegalArgumentException if there is no such file
   * @throws io.plumbline.StoreException if it cannot be read
   */
  public static Dataset file(Path file) {
    return DatasetReader.file(file);
  }

  /**
   * A CSV file with a header line, plain or gzip, identified by its bytes as {@link #file} does.
   *
   * <p>The schema has each column with the narrowest type that all its cells have: long, double,
   * boolean, else string; a column with empty cells is not required.
   *
   * @throws IllegalArgumentException if there is no such file
   * @throws io.plumbline.IntegrityException if it is not CSV; the message names line and column
   * @throws io.plumbline.StoreException if it cannot be read
   */
  public static Dataset csv(Path file) {
    return DatasetReader.csv(file);
  }

  /**
   * A directory, identified by the names' order and the bytes of all files below it.
   *
   * <p>The digest is the first 32 hex digits of the files' root digest as the OpenSSF Model Signing
   * specification defines it; the profile has it in full. As there, {@code .git}, {@code
   * .gitignore}, {@code .gitattributes} and {@code .github} at the top do not count. Links are
   * followed.
   *
   * @throws IllegalArgumentException if there is no such directory, or no file in it
   * @throws io.plumbline.StoreException if it cannot be read
   */
  public static Dataset dir(Path directory) {
    return DatasetReader.dir(directory);
  }

  /**
   * An array in memory, with the digest that MLflow (on pandas 2) gives an equal numpy array of
   * float64: 8 hex digits over the first 10,000 values and the shape. The profile has the SHA-256
   * over all values.
   *
   * @param name what people call it
   * @param features one array for each row
   * @param columns the names of the columns
   * @throws IllegalArgumentException if a row does not have one value for each column
   */
  public static Dataset of(String name, double[][] features, List<String> columns) {
    return DatasetArrays.of(name, features, columns);
  }

  /** The same dataset under another name. */
  public Dataset withName(String newName) {
    return new Dataset(newName, digest, sourceType, source, schema, profile);
  }

  /**
   * The same dataset with another source: where it can be read again, if the local file cannot
   * last.
   *
   * @param type the kind of source, such as {@code s3}, {@code http} or {@code delta_table}
   * @param json MLflow's JSON for that kind, such as {@code {"uri":"s3://bucket/flights.csv"}}
   * @throws IllegalArgumentException if the JSON is not an object
   */
  public Dataset withSource(String type, String json) {
    Json.object(json, "source");
    return new Dataset(name, digest, type, json, schema, profile);
  }

  private static void check(String what, String text, int most) {
    Objects.requireNonNull(text, what);
    if (text.codePointCount(0, text.length()) > most) {
      throw new IllegalArgumentException(
          "the dataset's " + what + " has more than " + most + " characters");
    }
  }
}
