package io.plumbline.drift;

import io.plumbline.internal.digest.Sha256;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.ModelDocument;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.DoubleStream;

/**
 * Which transform made the features that a model was trained with. It travels with the model, and
 * whoever loads the model compares it with the transform that is to serve. Immutable.
 *
 * <pre>{@code
 * TransformDigest made = TransformDigest.of(transform);
 * tracker.logModel("model", pack.with(made).with(profile));   // profile: transformDigest(made.digest())
 * }</pre>
 *
 * @param id the transform's name
 * @param version its version
 * @param config its settings
 * @param features the features' names, in order
 * @param examples the features that it made of its own examples; NaN for what was missing
 */
public record TransformDigest(
    String id,
    String version,
    Map<String, String> config,
    List<String> features,
    List<List<Double>> examples)
    implements ModelDocument {
  /** The file in a model package. */
  public static final String FILE = "transform.json";

  private static final long VERSION = 1;

  /** Copies the collections, and checks that features differ and examples have one of each. */
  public TransformDigest {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(version, "version");
    if (id.isEmpty() || version.isEmpty()) {
      throw new IllegalArgumentException("a transform needs an id and a version");
    }
    config = Collections.unmodifiableMap(new TreeMap<>(config));
    features = List.copyOf(features);
    examples = examples.stream().map(List::copyOf).toList();
    if (features.isEmpty() || new HashSet<>(features).size() < features.size()) {
      throw new IllegalArgumentException(
          "the features of transform " + Words.quoted(id) + " are none, or one is named twice");
    }
    for (List<Double> example : examples) {
      if (example.size() != features.size()) {
        throw new IllegalArgumentException(
            "an example of transform "
                + Words.quoted(id)
                + " has "
                + example.size()
                + " values, but there are "
                + features.size()
                + " features");
      }
    }
  }

  /** Asks a transform what it is, and lets it make the features of its examples. */
  public static <I> TransformDigest of(FeatureTransform<I> transform) {
    List<List<Double>> examples = new ArrayList<>();
    for (I input : transform.examples()) {
      examples.add(DoubleStream.of(transform.apply(input)).boxed().toList());
    }
    return new TransformDigest(
        transform.id(), transform.version(), transform.config(), transform.features(), examples);
  }

  /**
   * The SHA-256, in hex, of the canonical JSON of id, version, config and features: what profiles
   * and prediction logs call the transform's digest. The examples are left out, whose last digits
   * may differ between machines.
   */
  public String digest() {
    return Sha256.of(Json.canonical(identity()));
  }

  /** The SHA-256, in hex, of the settings' canonical JSON. */
  public String configDigest() {
    return Sha256.of(Json.canonical(config));
  }

  private Map<String, Object> identity() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("transform", VERSION);
    json.put("id", id);
    json.put("version", version);
    json.put("config", config);
    json.put("features", features);
    return json;
  }

  /** The document as canonical JSON (RFC 8785). */
  public byte[] toJson() {
    Map<String, Object> json = identity();
    json.put("config_digest", configDigest());
    json.put("digest", digest());
    json.put("examples", examples);
    return Json.canonical(json);
  }

  /**
   * Reads what {@link #toJson} has written. Nothing in it is trusted: its digests must be those of
   * what it says.
   *
   * @throws IllegalArgumentException if it is something else; the message says where
   */
  public static TransformDigest fromJson(byte[] utf8) {
    JsonObject json = Json.object(utf8, FILE);
    if (json.longValue("transform") != VERSION) {
      throw new JsonException(
          FILE + ".transform is not " + VERSION + ", the version that is known here");
    }
    JsonObject settings = json.object("config");
    Map<String, String> config = new TreeMap<>();
    settings.asMap().keySet().forEach(key -> config.put(key, settings.string(key)));
    List<List<Double>> examples = new ArrayList<>();
    for (Object example : json.listOrEmpty("examples")) {
      String place = FILE + ".examples[" + examples.size() + "]";
      List<Double> values = new ArrayList<>();
      for (Object value : JsonObject.toList(example, place)) {
        values.add(JsonObject.toDouble(value, place + "[" + values.size() + "]"));
      }
      examples.add(values);
    }
    TransformDigest read =
        new TransformDigest(
            json.string("id"), json.string("version"), config, json.strings("features"), examples);
    check(json, "config_digest", read.configDigest());
    check(json, "digest", read.digest());
    return read;
  }

  /**
   * What came with a model; empty if its package has no {@code transform.json}.
   *
   * @throws IllegalArgumentException if the document is not a transform's
   */
  public static Optional<TransformDigest> in(ModelPackage model) {
    return model.part(FILE).map(part -> fromJson(part.bytes()));
  }

  private static void check(JsonObject json, String key, String digest) {
    if (!json.string(key).equals(digest)) {
      throw new JsonException(FILE + "." + key + " is not the digest of what the file says");
    }
  }

  @Override
  public ModelPart toPart() {
    return ModelPart.json(FILE, toJson());
  }

  /** Id, version and the beginning of the digest. */
  @Override
  public String toString() {
    return Words.quoted(id) + " version " + version + " (" + digest().substring(0, 12) + ")";
  }
}
