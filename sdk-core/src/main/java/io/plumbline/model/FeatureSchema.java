package io.plumbline.model;

import io.plumbline.internal.Printable;
import io.plumbline.internal.digest.Sha256;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The features of a model, in order: the one contract between training, feature sources, serving
 * and the prediction log. Immutable.
 *
 * @param features in the order of the model's positions
 */
public record FeatureSchema(List<Feature> features) implements ModelDocument {
  /** The file in a model package. */
  public static final String FILE = "feature_schema.json";

  private static final long VERSION = 1;

  /** Copies the features and checks that their names differ. */
  public FeatureSchema {
    features = List.copyOf(features);
    Set<String> names = new HashSet<>();
    for (Feature feature : features) {
      if (!names.add(feature.name())) {
        throw new IllegalArgumentException(
            "two features are named " + Printable.quote(feature.name()));
      }
    }
  }

  /** A schema of these features. */
  public static FeatureSchema of(Feature... features) {
    return new FeatureSchema(List.of(features));
  }

  /** A schema of doubles that the model uses and that may not be missing. */
  public static FeatureSchema doubles(List<String> names) {
    return new FeatureSchema(
        names.stream().map(name -> Feature.of(name, DataType.DOUBLE)).toList());
  }

  /** The feature of that name. */
  public Optional<Feature> find(String name) {
    return features.stream().filter(feature -> feature.name().equals(name)).findFirst();
  }

  /** The features that the model uses, in the order of its positions. */
  public List<Feature> inputs() {
    return features.stream().filter(feature -> feature.role() == Feature.Role.INPUT).toList();
  }

  /** The SHA-256, in hex, of the schema's canonical JSON: equal schemas have equal digests. */
  public String digest() {
    return Sha256.of(toJson());
  }

  /** The schema as canonical JSON (RFC 8785). */
  public byte[] toJson() {
    List<Object> list = new ArrayList<>();
    for (Feature feature : features) {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("name", feature.name());
      json.put("type", feature.type().label());
      json.put("role", lower(feature.role()));
      json.put("when_missing", lower(feature.whenMissing()));
      if (feature.maxAge() != null) {
        json.put("max_age", feature.maxAge().toString());
      }
      if (feature.defaultValue() != null) {
        json.put("default", feature.defaultValue());
      }
      list.add(json);
    }
    return Json.canonical(Map.of("feature_schema", VERSION, "features", list));
  }

  /**
   * Reads what {@link #toJson} has written.
   *
   * @throws IllegalArgumentException if it is not a feature schema of a version that is known here;
   *     the message says where
   */
  public static FeatureSchema fromJson(byte[] utf8) {
    JsonObject json = Json.object(utf8, FILE);
    if (json.longValue("feature_schema") != VERSION) {
      throw new JsonException(
          FILE
              + " has version "
              + json.longValue("feature_schema")
              + "; version "
              + VERSION
              + " is known");
    }
    List<Feature> features = new ArrayList<>();
    for (JsonObject feature : json.objects("features")) {
      features.add(
          new Feature(
              feature.string("name"),
              DataType.of(feature.string("type")),
              read(Feature.Role.values(), feature, "role"),
              maxAge(feature),
              read(Feature.WhenMissing.values(), feature, "when_missing"),
              feature.asMap().get("default")));
    }
    return new FeatureSchema(features);
  }

  @Override
  public ModelPart toPart() {
    return ModelPart.json(FILE, toJson());
  }

  /**
   * Refuses a signature whose named columns are not this schema's inputs: each of them, in the same
   * order, of a type that the model takes. Context is no input, and may be anything.
   */
  @Override
  public void requireFits(Signature signature) {
    List<ColumnSpec> columns = signature.inputColumns();
    if (columns.size() < signature.inputs().size()) {
      return; // of MLflow's other types, which have no word in a schema
    }
    for (ColumnSpec column : columns) {
      fit(column, find(column.name()).orElse(null));
    }
    List<String> names = columns.stream().map(ColumnSpec::name).toList();
    List<String> own = inputs().stream().map(Feature::name).toList();
    for (String name : columns.isEmpty() ? List.<String>of() : own) {
      if (!names.contains(name)) {
        throw new IllegalArgumentException(
            "the feature schema has the input "
                + Printable.quote(name)
                + ", which the signature does not have; make it Feature.context(...) if the model"
                + " does not use it, or add it to the signature");
      }
    }
    if (!columns.isEmpty() && !own.equals(names)) {
      throw new IllegalArgumentException(
          "the feature schema has its inputs in the order "
              + Printable.line(own.toString())
              + ", and the signature in the order "
              + Printable.line(names.toString())
              + "; both are the model's positions, so bring them into the same order");
    }
  }

  private static void fit(ColumnSpec column, @Nullable Feature feature) {
    String says =
        "the signature has the input "
            + Printable.quote(column.name())
            + " of type "
            + column.type().label();
    if (feature == null) {
      throw new IllegalArgumentException(
          says + ", which the feature schema does not have; add it to the schema");
    }
    if (feature.role() != Feature.Role.INPUT) {
      throw new IllegalArgumentException(
          says + ", and the feature schema has it as context; make it Feature.of(...)");
    }
    if (!feature.type().fits(column.type())) {
      throw new IllegalArgumentException(
          says
              + ", and the feature schema says "
              + feature.type().label()
              + "; give both the type that the model was trained with");
    }
  }

  private static @Nullable Duration maxAge(JsonObject feature) {
    String text = feature.stringOr("max_age", null);
    try {
      return text == null ? null : Duration.parse(text);
    } catch (DateTimeException e) {
      throw new JsonException(
          feature.place() + ".max_age is no duration: " + Printable.quote(text), e);
    }
  }

  // The JVM's language must not matter: Turkish has another lower case of I.
  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static <E extends Enum<E>> E read(E[] values, JsonObject json, String key) {
    String text = json.string(key);
    for (E value : values) {
      if (lower(value).equals(text)) {
        return value;
      }
    }
    throw new JsonException(json.place() + "." + key + " is unknown: " + Printable.quote(text));
  }
}
