package io.plumbline.model;

import io.plumbline.IntegrityException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.digest.RootDigest;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A trained model with all that travels with it: its flavor, its files, and documents such as the
 * signature. Immutable.
 *
 * <p>{@link #digest()} names the content: packages with the same flavor, metadata and parts have
 * the same digest, whatever order they were put together in.
 *
 * <pre>{@code
 * ModelPackage model =
 *     ModelPackage.of("rules", Map.of("rules_version", "1"))
 *         .with(ModelPart.of("rules.txt", "text/plain", rules))
 *         .with(signature)
 *         .with(golden);
 * }</pre>
 */
public final class ModelPackage {
  /** The manifest: flavor, metadata, and each part's media type, size and SHA-256. */
  public static final String MANIFEST = "model.json";

  /** The package's signature; it does not count into the digest, because it signs that. */
  public static final String SIGNATURE = "model.sig";

  private static final long VERSION = 1;
  private static final Pattern FLAVOR = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,99}");
  private static final Comparator<ModelPart> ORDER =
      Comparator.comparing(ModelPart::name, RootDigest.ORDER);

  private final String flavor;
  private final byte[] metadata;
  private final List<ModelPart> parts;

  /** What was added as a document, to be compared with a signature that comes later. */
  private final List<ModelDocument> documents;

  private ModelPackage(
      String flavor, byte[] metadata, List<ModelPart> content, List<ModelDocument> documents) {
    this.flavor = flavor;
    this.metadata = metadata;
    this.documents = documents;
    List<ModelPart> all = new ArrayList<>(content);
    all.add(ModelPart.json(MANIFEST, manifest(flavor, metadata, content)));
    PartNames.checkTogether(all.stream().map(ModelPart::name).toList());
    all.sort(ORDER);
    this.parts = List.copyOf(all);
  }

  /**
   * A package without parts yet.
   *
   * @param flavor which loader reads it, such as {@code lightgbm}: letters, digits, {@code _ . -}
   * @param metadata what that loader must know, such as the library's version: JSON values (maps,
   *     lists, strings, numbers that a double holds, booleans, null)
   * @throws IllegalArgumentException if the flavor or the metadata is refused
   */
  public static ModelPackage of(String flavor, Map<String, ? extends @Nullable Object> metadata) {
    if (!FLAVOR.matcher(Objects.requireNonNull(flavor, "flavor")).matches()) {
      throw new IllegalArgumentException(
          "the flavor "
              + Printable.quote(flavor)
              + " must be 1 to 100 letters, digits, '_', '.' or '-'");
    }
    return new ModelPackage(
        flavor, Json.canonical(Objects.requireNonNull(metadata, "metadata")), List.of(), List.of());
  }

  /**
   * Reads a package from a folder, and checks each part against the manifest.
   *
   * @param folder holds {@code model.json} and the parts that it lists; {@code model.sig} may lie
   *     beside them
   * @throws io.plumbline.NotFoundException if there is no manifest
   * @throws IntegrityException if the manifest is malformed, or a part is missing, changed or not
   *     listed
   * @throws io.plumbline.StoreException if it cannot be read
   */
  public static ModelPackage read(Path folder) {
    return ModelFolder.read(folder);
  }

  /**
   * The same package with one part more.
   *
   * @throws IllegalArgumentException if there is a part of that name, or one that would be the same
   *     file where case does not count
   */
  public ModelPackage with(ModelPart part) {
    if (part.name().equals(MANIFEST)) {
      throw new IllegalArgumentException(MANIFEST + " is written by the package itself");
    }
    List<ModelPart> content = content();
    content.add(part);
    return new ModelPackage(flavor, metadata, content, documents);
  }

  /**
   * The same package with a document, which takes the place of an earlier one of its kind.
   *
   * @throws IllegalArgumentException if a document, such as a feature schema or a profile,
   *     contradicts the package's signature, whichever of them came first; the message names the
   *     column
   */
  public ModelPackage with(ModelDocument document) {
    ModelPart part = document.toPart();
    List<ModelPart> content = content();
    content.removeIf(other -> other.name().equals(part.name()));
    content.add(part);
    List<ModelDocument> known = new ArrayList<>(documents);
    known.removeIf(other -> other.getClass() == document.getClass());
    known.add(document);
    ModelPackage made = new ModelPackage(flavor, metadata, content, List.copyOf(known));
    made.signature().ifPresent(signature -> known.forEach(each -> each.requireFits(signature)));
    return made;
  }

  /** Which loader reads it, such as {@code lightgbm}. */
  public String flavor() {
    return flavor;
  }

  /** What the loader must know; a copy, with numbers as Long or Double. */
  public Map<String, @Nullable Object> metadata() {
    return new LinkedHashMap<>(Json.object(metadata, "metadata").asMap());
  }

  /** All files of the package, the manifest too, in the order of their names' code points. */
  public List<ModelPart> parts() {
    return parts;
  }

  /** The part of that name. */
  public Optional<ModelPart> part(String name) {
    return parts.stream().filter(part -> part.name().equals(name)).findFirst();
  }

  /**
   * The SHA-256, in hex, that stands for the whole package: the root digest of all parts but {@code
   * model.sig}, as the OpenSSF Model Signing specification v1.0 defines it for files.
   *
   * <p>The manifest is one of the parts, so flavor, metadata, names and media types count too.
   */
  public String digest() {
    Map<String, String> digests = new HashMap<>();
    for (ModelPart part : parts) {
      if (!part.name().equals(SIGNATURE)) {
        digests.put(part.name(), part.sha256());
      }
    }
    return RootDigest.of(digests);
  }

  /** The size of all parts in bytes. */
  public long size() {
    return parts.stream().mapToLong(ModelPart::size).sum();
  }

  /** The signature, if the package has one. */
  public Optional<Signature> signature() {
    return document(Signature.FILE, Signature::fromJson);
  }

  /** The feature schema, if the package has one. */
  public Optional<FeatureSchema> featureSchema() {
    return document(FeatureSchema.FILE, FeatureSchema::fromJson);
  }

  /** The input example, if the package has one. */
  public Optional<InputExample> inputExample() {
    return document(InputExample.FILE, InputExample::fromJson);
  }

  /** The golden records, if the package has them. */
  public Optional<GoldenRecords> goldenRecords() {
    return document(GoldenRecords.FILE, GoldenRecords::fromJson);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ModelPackage that && that.parts.equals(parts);
  }

  @Override
  public int hashCode() {
    return parts.hashCode();
  }

  /** Flavor, number of parts and digest. */
  @Override
  public String toString() {
    return flavor + " model of " + parts.size() + " parts, sha256 " + digest();
  }

  /** Makes a package of a manifest and its parts, which are known to be right. */
  static ModelPackage of(JsonObject manifest, List<ModelPart> content) {
    JsonObject metadata = manifest.object("metadata");
    ModelPackage made = of(manifest.string("flavor"), metadata.asMap());
    return new ModelPackage(made.flavor, made.metadata, content, List.of());
  }

  /** Reads a manifest and refuses a version that is not known here. */
  static JsonObject manifest(byte[] utf8) {
    JsonObject json = Json.object(utf8, MANIFEST);
    long version = json.longValue("model_package");
    if (version != VERSION) {
      throw new JsonException(
          MANIFEST + " has version " + version + "; version " + VERSION + " is known");
    }
    return json;
  }

  private static byte[] manifest(String flavor, byte[] metadata, List<ModelPart> content) {
    List<Object> listed = new ArrayList<>();
    for (ModelPart part : content.stream().sorted(ORDER).toList()) {
      if (!part.name().equals(SIGNATURE)) {
        listed.add(
            Map.of(
                "name", part.name(),
                "media_type", part.mediaType(),
                "size", part.size(),
                "sha256", part.sha256()));
      }
    }
    Map<String, @Nullable Object> json = new HashMap<>();
    json.put("model_package", VERSION);
    json.put("flavor", flavor);
    json.put("metadata", Json.parse(metadata));
    json.put("parts", listed);
    return Json.canonical(json);
  }

  private List<ModelPart> content() {
    List<ModelPart> content = new ArrayList<>(parts);
    content.removeIf(part -> part.name().equals(MANIFEST));
    return content;
  }

  private <T> Optional<T> document(String name, Function<byte[], T> reading) {
    return part(name)
        .map(
            part -> {
              try {
                return reading.apply(part.bytes());
              } catch (IllegalArgumentException e) {
                throw new IntegrityException(
                    "the package's " + name + " is malformed: " + e.getMessage(), e);
              }
            });
  }
}
