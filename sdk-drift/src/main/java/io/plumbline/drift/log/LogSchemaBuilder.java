package io.plumbline.drift.log;

import io.plumbline.drift.log.LogColumn.Kind;
import io.plumbline.drift.log.LogColumn.Role;
import io.plumbline.drift.log.LogSchema.Fact;
import io.plumbline.internal.Printable;
import io.plumbline.model.DataType;
import io.plumbline.model.Feature;
import io.plumbline.model.FeatureSchema;
import io.plumbline.model.ModelNames;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Builds a {@link LogSchema}; {@link #build} checks the whole. */
public final class LogSchemaBuilder {

  private final String model;
  private final String version;
  private final FeatureSchema features;
  private final Map<String, String> renamed = new HashMap<>();
  private final Map<String, String> policies = new HashMap<>();
  private final Map<String, List<String>> categories = new HashMap<>();
  private final Map<String, Integer> embeddings = new LinkedHashMap<>();
  private final Map<SystemColumn, String> usual = new EnumMap<>(SystemColumn.class);
  private final Map<String, String> dropped = new TreeMap<>();
  private final Set<String> texts = new HashSet<>();
  private final List<LogColumn> predictions = new ArrayList<>();
  private @Nullable LogColumn prediction;
  private boolean target;
  private @Nullable String profileId;
  private @Nullable String transformDigest;

  LogSchemaBuilder(String model, String version, FeatureSchema features) {
    this.model = ModelNames.model(model);
    this.version = Objects.requireNonNull(version, "version");
    this.features = Objects.requireNonNull(features, "features");
    if (version.isBlank()) {
      throw new IllegalArgumentException("the version of " + Printable.quote(model) + " is blank");
    }
  }

  /** The digest of the reference profile that the version came with. */
  public LogSchemaBuilder profileId(String id) {
    profileId = Objects.requireNonNull(id, "id");
    return this;
  }

  /** The digest of the transform that made the features. */
  public LogSchemaBuilder transformDigest(String digest) {
    transformDigest = Objects.requireNonNull(digest, "digest");
    return this;
  }

  /**
   * Names the value that most rows have in {@link SystemColumn#ALIAS}, {@code ENDPOINT} or {@code
   * HOST}: rows set it by its code, 0, without looking it up.
   *
   * @throws IllegalArgumentException if it is another column
   */
  public LogSchemaBuilder usual(SystemColumn column, String value) {
    if (column != SystemColumn.ALIAS
        && column != SystemColumn.ENDPOINT
        && column != SystemColumn.HOST) {
      throw new IllegalArgumentException(column.columnName() + " has no usual value");
    }
    usual.put(column, Objects.requireNonNull(value, "value"));
    return this;
  }

  /**
   * Logs a text feature as codes into a dictionary that begins with these values; others may come.
   */
  public LogSchemaBuilder categories(String feature, List<String> known) {
    categories.put(known(feature), List.copyOf(known));
    return this;
  }

  /**
   * Logs an embedding. It need not be in the feature schema, which has no such type.
   *
   * @param floats the length of every value
   */
  public LogSchemaBuilder embedding(String name, int floats) {
    embeddings.put(Objects.requireNonNull(name, "name"), floats);
    return this;
  }

  /** Logs a feature under another name, because its own is reserved. */
  public LogSchemaBuilder rename(String feature, String column) {
    renamed.put(known(feature), Objects.requireNonNull(column, "column"));
    return this;
  }

  /**
   * Records what is done to the values of a feature, or of {@code _entity_id}, for privacy, such as
   * {@code hmac}.
   */
  public LogSchemaBuilder policy(String feature, String what) {
    boolean entity = feature.equals(SystemColumn.ENTITY_ID.columnName());
    policies.put(entity ? feature : known(feature), Objects.requireNonNull(what, "what"));
    return this;
  }

  /** Leaves a feature out of the log; the files say so. */
  public LogSchemaBuilder drop(String feature) {
    String role = features.find(known(feature)).map(known -> role(known).label()).orElse("input");
    dropped.put(feature, role);
    return this;
  }

  /** Logs a feature as text whatever its type, because its policy makes text of it. */
  public LogSchemaBuilder text(String feature) {
    texts.add(known(feature));
    return this;
  }

  /** The model says a number: the column {@code prediction}. */
  public LogSchemaBuilder predictsNumber() {
    prediction = LogColumn.of(LogSchema.PREDICTION, Kind.DOUBLE, Role.PREDICTION);
    return this;
  }

  /** The model says one of some labels: the column {@code prediction}. */
  public LogSchemaBuilder predictsLabel(List<String> labels) {
    prediction =
        LogColumn.of(LogSchema.PREDICTION, Kind.CATEGORY, Role.PREDICTION).withCategories(labels);
    return this;
  }

  /** The probability of the positive class: the column {@code prediction_score}. */
  public LogSchemaBuilder score() {
    predictions.add(LogColumn.of(LogSchema.SCORE, Kind.DOUBLE, Role.PREDICTION));
    return this;
  }

  /** The probability of each class: the columns {@code proba_<class>}. */
  public LogSchemaBuilder probabilities(List<String> classes) {
    for (String name : classes) {
      predictions.add(LogColumn.of(LogSchema.PROBABILITY + name, Kind.DOUBLE, Role.PREDICTION));
    }
    return this;
  }

  /** The threshold by which the score was decided: the column {@code prediction_threshold}. */
  public LogSchemaBuilder threshold() {
    predictions.add(LogColumn.of(LogSchema.THRESHOLD, Kind.FLOAT, Role.PREDICTION));
    return this;
  }

  /** What came true, of the prediction's type: for logs that labels were joined to. */
  public LogSchemaBuilder target() {
    target = true;
    return this;
  }

  /**
   * Makes the schema.
   *
   * @throws IllegalArgumentException if a feature has a reserved name, a type that cannot be
   *     logged, or the name of another column; the message says which and what to do
   */
  public LogSchema build() {
    List<LogColumn> columns = new ArrayList<>();
    for (SystemColumn system : SystemColumn.values()) {
      String policy = policies.getOrDefault(system.columnName(), "");
      LogColumn column = system.column(constant(system)).withPolicy(policy);
      String value = usual.get(system);
      columns.add(value == null ? column : column.withCategories(List.of(value)));
    }
    for (Feature feature : features.features()) {
      if (!dropped.containsKey(feature.name())) {
        columns.add(column(feature));
      }
    }
    embeddings.forEach(
        (name, length) -> {
          if (features.find(name).isEmpty()) {
            columns.add(embedding(unreserved(name), Role.INPUT, length, ""));
          }
        });
    if (prediction != null) {
      columns.add(prediction);
    }
    columns.addAll(predictions);
    if (target && prediction != null) {
      columns.add(
          new LogColumn(
              LogSchema.TARGET,
              prediction.kind(),
              Role.TARGET,
              true,
              prediction.categories(),
              0,
              "",
              null));
    } else if (target) {
      throw new IllegalArgumentException(
          "a log with targets needs predictsNumber() or predictsLabel(...), whose type they have");
    }
    checkNames(columns);
    return new LogSchema(model, version, columns, facts(), renamed, dropped);
  }

  private Map<String, String> facts() {
    Map<String, String> facts = new HashMap<>();
    String writer = LogSchema.class.getPackage().getImplementationVersion();
    facts.put(Fact.WRITER.key, "plumbline " + (writer == null ? "unreleased" : writer));
    facts.put(Fact.SCHEMA_HASH.key, features.digest());
    if (profileId != null) {
      facts.put(Fact.PROFILE_ID.key, profileId);
    }
    if (transformDigest != null) {
      facts.put(Fact.TRANSFORM_DIGEST.key, transformDigest);
    }
    return facts;
  }

  private @Nullable String constant(SystemColumn column) {
    return switch (column) {
      case MODEL -> model;
      case MODEL_VERSION -> version;
      case PROFILE_ID -> profileId;
      case SCHEMA_HASH -> features.digest();
      default -> null;
    };
  }

  private LogColumn column(Feature feature) {
    String name = renamed.getOrDefault(feature.name(), feature.name());
    unreserved(name);
    Role role = role(feature);
    String policy = policies.getOrDefault(feature.name(), "");
    Integer length = embeddings.get(feature.name());
    if (length != null) {
      return embedding(name, role, length, policy);
    }
    List<String> known = categories.get(feature.name());
    Kind kind = known != null ? Kind.CATEGORY : kind(feature);
    if (known != null && feature.type() != DataType.STRING) {
      throw new IllegalArgumentException(
          "the feature "
              + Printable.quote(feature.name())
              + " has categories, but it is a "
              + feature.type().label()
              + "; only text has");
    }
    return new LogColumn(
        name, kind, role, true, known == null ? List.of() : known, 0, policy, null);
  }

  private static Role role(Feature feature) {
    return feature.role() == Feature.Role.INPUT ? Role.INPUT : Role.CONTEXT;
  }

  private Kind kind(Feature feature) {
    if (texts.contains(feature.name())) {
      return Kind.TEXT;
    }
    return switch (feature.type()) {
      case BOOLEAN -> Kind.BOOLEAN;
      case INTEGER, LONG -> Kind.LONG;
      case FLOAT, DOUBLE -> Kind.DOUBLE;
      case STRING -> Kind.TEXT;
      case DATETIME -> Kind.TIMESTAMP;
      case BINARY ->
          throw new IllegalArgumentException(
              "the feature "
                  + Printable.quote(feature.name())
                  + " is binary, which no log takes: leave it out with drop(...), or log what"
                  + " stands for it with text(...)");
    };
  }

  private static LogColumn embedding(String name, Role role, int length, String policy) {
    return new LogColumn(name, Kind.EMBEDDING, role, true, List.of(), length, policy, null);
  }

  private static String unreserved(String name) {
    boolean reserved =
        name.startsWith("_")
            || name.equals(LogSchema.PREDICTION)
            || name.equals(LogSchema.SCORE)
            || name.equals(LogSchema.THRESHOLD)
            || name.equals(LogSchema.TARGET);
    if (reserved || name.isEmpty()) {
      throw new IllegalArgumentException(
          "the feature "
              + Printable.quote(name)
              + " has a name that the log reserves: a leading '_', 'prediction',"
              + " 'prediction_score', 'prediction_threshold' and 'target'; give it another one there"
              + " with rename(feature, column)");
    }
    return name;
  }

  private static void checkNames(List<LogColumn> columns) {
    Set<String> names = new HashSet<>();
    for (LogColumn column : columns) {
      if (!names.add(column.name())) {
        throw new IllegalArgumentException(
            "two columns of the log are named "
                + Printable.quote(column.name())
                + "; give the feature another name there with rename(feature, column)");
      }
    }
  }

  private String known(String feature) {
    if (features.find(Objects.requireNonNull(feature, "feature")).isEmpty()
        && !embeddings.containsKey(feature)) {
      throw new IllegalArgumentException(
          "there is no feature " + Printable.quote(feature) + " in the feature schema");
    }
    return feature;
  }
}
