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
