package io.plumbline.drift.log;

import io.plumbline.drift.log.LogColumn.Role;
import io.plumbline.internal.Printable;
import io.plumbline.internal.json.Json;
import io.plumbline.model.FeatureSchema;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the rows of one model version's prediction log have: the system columns, then the features
 * with the names of training, then what the model said. Immutable.
 *
 * <pre>{@code
 * LogSchema schema =
 *     LogSchema.builder("flight-delay", "3", features)
 *         .categories("origin", List.of("EWR", "JFK", "LGA"))
 *         .predictsLabel(List.of("late", "on time"))
 *         .score()
 *         .build();
 * int score = schema.position("prediction_score");
 * }</pre>
 */
public final class LogSchema {
  /** The number of the files' format; it changes when an older reader could not read them. */
  public static final int FORMAT = 1;

  static final String FORMAT_KEY = "plumbline.format";

  /** The column of what the model said. */
  public static final String PREDICTION = "prediction";

  /** The column of the positive class's probability. */
  public static final String SCORE = "prediction_score";

  /** The column of the threshold by which a score was decided. */
  public static final String THRESHOLD = "prediction_threshold";

  /** With what the columns of the classes' probabilities begin. */
  public static final String PROBABILITY = "proba_";

  /** The column of what came true. */
  public static final String TARGET = "target";

  private final String model;
  private final String version;
  private final List<LogColumn> columns;
  private final Map<String, Integer> positions = new HashMap<>();
  private final Map<String, String> facts;
  private final Map<String, String> renamed;
  private final Map<String, String> dropped;

  LogSchema(
      String model,
      String version,
      List<LogColumn> columns,
      Map<String, String> facts,
      Map<String, String> renamed,
      Map<String, String> dropped) {
    this.model = model;
    this.version = version;
    this.columns = List.copyOf(columns);
    this.facts = Map.copyOf(facts);
    this.renamed = Map.copyOf(renamed);
    this.dropped = Collections.unmodifiableMap(new TreeMap<>(dropped));
    for (int i = 0; i < columns.size(); i++) {
      positions.put(columns.get(i).name(), i);
    }
  }

  /**
   * Starts a schema.
   *
   * @param model the registered model's name
   * @param version its version
   * @param features the model's inputs and what is watched beside them
   */
  public static LogSchemaBuilder builder(String model, String version, FeatureSchema features) {
    return new LogSchemaBuilder(model, version, features);
  }

  /** The registered model's name. */
  public String model() {
    return model;
  }

  /** The model's version. */
  public String version() {
    return version;
  }

  /** All columns, in the order of the files; the first are those of {@link SystemColumn}. */
  public List<LogColumn> columns() {
    return columns;
  }

  /**
   * The place of a column, from 0.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public int position(String column) {
    Integer position = positions.get(column);
    if (position == null) {
      throw new IllegalArgumentException(
          "there is no column "
              + Printable.quote(column)
              + " in the log of "
              + Printable.quote(model)
              + "; its columns are "
              + Printable.line(String.join(", ", positions.keySet())));
    }
    return position;
  }

  /** Whether there is a column of that name. */
  public boolean has(String column) {
    return positions.containsKey(column);
  }

  /**
   * The column that a feature is logged in: of the same name, unless the schema renames it.
   *
   * @return its place, or -1 if the feature is dropped
   */
  public int positionOfFeature(String feature) {
    Integer position = positions.get(renamed.getOrDefault(feature, feature));
    return position == null || position < SystemColumn.values().length ? -1 : position;
  }

  /**
   * The features that are left out, mostly for privacy, each with its role: {@code input} or {@code
   * context}.
   */
  public Map<String, String> dropped() {
    return dropped;
  }

  /**
   * What the files say of themselves: {@code plumbline.format}, {@code .writer}, {@code .model},
   * {@code .version}, {@code .schema_hash}, {@code .profile_id}, {@code .transform_digest}, and as
   * JSON objects by column {@code .roles} and {@code .privacy}, by feature {@code .renamed} and
   * {@code .dropped}.
   */
  public Map<String, String> metadata() {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put(FORMAT_KEY, Integer.toString(FORMAT));
    metadata.put("plumbline.model", model);
    metadata.put("plumbline.version", version);
    for (Fact fact : Fact.values()) {
      String value = facts.get(fact.key);
      if (value != null) {
        metadata.put(fact.key, value);
      }
    }
    Map<String, @Nullable Object> roles = new LinkedHashMap<>();
    Map<String, @Nullable Object> privacy = new LinkedHashMap<>();
    for (LogColumn column : columns) {
      roles.put(column.name(), column.role().label());
      if (!column.policy().isEmpty()) {
        privacy.put(column.name(), column.policy());
      }
    }
    metadata.put("plumbline.roles", Json.text(roles));
    metadata.put("plumbline.privacy", Json.text(privacy));
    if (!renamed.isEmpty()) {
      metadata.put("plumbline.renamed", Json.text(new TreeMap<>(renamed)));
    }
    if (!dropped.isEmpty()) {
      metadata.put("plumbline.dropped", Json.text(new TreeMap<>(dropped)));
    }
    return metadata;
  }

  /** The names of the columns with a role, in order. */
  List<String> named(Role role) {
    return columns.stream().filter(c -> c.role() == role).map(LogColumn::name).toList();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || other instanceof LogSchema that
            && model.equals(that.model)
            && version.equals(that.version)
            && columns.equals(that.columns)
            && facts.equals(that.facts)
            && renamed.equals(that.renamed)
            && dropped.equals(that.dropped);
  }

  @Override
  public int hashCode() {
    return columns.hashCode() * 31 + version.hashCode();
  }

  @Override
  public String toString() {
    return "log of " + model + "/" + version + " with " + columns.size() + " columns";
  }

  /** What the metadata says besides. */
  enum Fact {
    WRITER("plumbline.writer"),
    SCHEMA_HASH("plumbline.schema_hash"),
    PROFILE_ID("plumbline.profile_id"),
    TRANSFORM_DIGEST("plumbline.transform_digest");

    final String key;

    Fact(String key) {
      this.key = key;
    }
  }
}
