package io.plumbline.mlflow;

import io.plumbline.IntegrityException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.digest.RootDigest;
import io.plumbline.internal.digest.Sha256;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.Artifact;
import io.plumbline.model.InputExample;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.Signature;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Models that other clients than ours have logged, seen as packages: the files are parts, the
 * flavor's description in {@code MLmodel} is the metadata, and the manifest and {@code
 * signature.json}, which are not among the files, are made from {@code MLmodel} whenever they are
 * read.
 */
final class PythonModels {
  /** Flavors that a loader of ours reads, the better one first. */
  private static final List<String> PREFERRED = List.of("lightgbm", "onnx");

  private static final String PYTHON = "python_function";
  private static final String ANY = "application/octet-stream";
  private static final int MOST_DOCUMENT = 8 << 20;

  /** What a package has of its own: a file of that name would be taken for it. */
  private static final Set<String> OURS =
      Set.of(ModelPackage.MANIFEST, ModelPackage.SIGNATURE, Signature.FILE);

  private static final Comparator<Artifact> ORDER =
      Comparator.comparing(Artifact::path, RootDigest.ORDER);

  private final ArtifactProxy proxy;

  PythonModels(ArtifactProxy proxy) {
    this.proxy = proxy;
  }

  /**
   * Says what a model is without reading its files: the digests are unknown, except of a package of
   * ours, whose manifest says them.
   *
   * @param root where its files lie
   * @return flavor and files; {@link PackageTag#NONE} if it is no model
   */
  PackageTag describe(String root) {
    List<Artifact> files = proxy.tree(root);
    if (files.stream().noneMatch(file -> file.path().equals(MlflowFiles.MLMODEL))) {
      return PackageTag.NONE;
    }
    PackageTag described = new PackageTag(flavor(mlmodel(root)), "", files);
    return files.stream().anyMatch(file -> file.path().equals(ModelPackage.MANIFEST))
        ? ours(root, described)
        : described;
  }

  /**
   * Reads all files once, for their digests.
   *
   * @return the package; without a digest if a file has a name that a package has for its own;
   *     {@link PackageTag#NONE} if it is no model
   */
  PackageTag packed(String root) {
    PackageTag known = describe(root);
    if (!known.known()
        || known.whole()
        || known.parts().stream().anyMatch(file -> OURS.contains(file.path()))) {
      return known;
    }
    JsonObject mlmodel = mlmodel(root);
    List<Artifact> parts = new ArrayList<>();
    for (Artifact file : known.parts()) {
      if (!file.path().equals(InputExample.FILE) || isExample(root, file)) {
        parts.add(read(root, file));
      }
    }
    byte[] signature = signature(mlmodel);
    if (signature != null) {
      parts.add(part(Signature.FILE, signature));
    }
    parts.add(part(ModelPackage.MANIFEST, manifest(mlmodel, parts)));
    parts.sort(ORDER);
    Map<String, String> digests = new HashMap<>();
    parts.forEach(part -> digests.put(part.path(), String.valueOf(part.sha256())));
    return new PackageTag(known.flavor(), RootDigest.of(digests), parts);
  }

  /**
   * Makes a package of a model's files in a folder, as {@link #packed} does of those on the server.
   *
   * @param files those of the model; what else is in the folder is none of it
   * @throws IntegrityException if they are none
   */
  static ModelPackage pack(Path folder, List<Artifact> files) throws IOException {
    Path description = folder.resolve(MlflowFiles.MLMODEL);
    if (!Files.exists(description)) {
      throw new IntegrityException("the model has no file " + MlflowFiles.MLMODEL);
    }
    if (Files.size(description) > MOST_DOCUMENT) {
      throw tooLong(MlflowFiles.MLMODEL);
    }
    JsonObject mlmodel = parsed(Files.readAllBytes(description), MlflowFiles.MLMODEL);
    Set<String> paths = new TreeSet<>();
    files.forEach(file -> paths.add(file.path()));
    for (String name : OURS) {
      if (paths.contains(name)) {
        throw new IntegrityException("the model has a file " + name + ", which is a package's own");
      }
    }
    Path example = folder.resolve(InputExample.FILE);
    if (paths.contains(InputExample.FILE)
        && (Files.size(example) > MOST_DOCUMENT || !isTable(Files.readAllBytes(example)))) {
      Files.delete(example);
      paths.remove(InputExample.FILE);
    }
    byte[] signature = signature(mlmodel);
    if (signature != null) {
      Files.write(folder.resolve(Signature.FILE), signature);
      paths.add(Signature.FILE);
    }
    List<Artifact> parts = new ArrayList<>();
    for (String path : paths) {
      Sha256.FileDigest digest = Sha256.of(folder.resolve(path));
      parts.add(new Artifact(path, false, digest.size(), digest.sha256()));
    }
    Files.write(folder.resolve(ModelPackage.MANIFEST), manifest(mlmodel, parts));
    return ModelPackage.read(folder);
  }

  /** A package of ours without its tag has its manifest; XGBoost's models have that name too. */
  private PackageTag ours(String root, PackageTag otherwise) {
    try {
      return Manifests.read(proxy, root);
    } catch (JsonException e) {
      return otherwise;
    }
  }

  /**
   * Returns a document that is made from {@code MLmodel}; null if that part is none.
   *
   * @param parts the package's parts with their digests
   */
  byte @Nullable [] document(String root, String part, List<Artifact> parts) {
    boolean digested = parts.stream().allMatch(each -> each.sha256() != null);
    if (parts.stream().noneMatch(each -> each.path().equals(part)) || !digested) {
      return null;
    }
    return switch (part) {
      case Signature.FILE -> signature(mlmodel(root));
      case ModelPackage.MANIFEST ->
          manifest(
              mlmodel(root),
              parts.stream().filter(each -> !each.path().equals(ModelPackage.MANIFEST)).toList());
      default -> null;
    };
  }

  /**
   * Returns the documents of a package that are made from {@code MLmodel}, by their paths; none if
   * it is a package of ours.
   *
   * @param parts the package's parts with their digests
   */
  Map<String, byte[]> documents(String root, List<Artifact> parts) {
    Map<String, byte[]> made = new HashMap<>();
    for (Artifact part : parts) {
      byte[] document = OURS.contains(part.path()) ? document(root, part.path(), parts) : null;
      if (document != null) {
        made.put(part.path(), document);
      }
    }
    return made;
  }

  private JsonObject mlmodel(String root) {
    String place = MlflowFiles.MLMODEL + " in " + Printable.line(root);
    return parsed(small(root, MlflowFiles.MLMODEL), place);
  }

  private static JsonObject parsed(byte[] bytes, String place) {
    try {
      return Yaml.map(new String(bytes, StandardCharsets.UTF_8), place);
    } catch (IllegalArgumentException e) {
      throw malformed(e);
    }
  }

  private static IntegrityException malformed(IllegalArgumentException e) {
    return new IntegrityException(
        "a model that another client has logged cannot be read: " + e.getMessage(), e);
  }

  private byte[] small(String root, String file) {
    try (InputStream in = proxy.open(root, file, "the model")) {
      byte[] bytes = in.readNBytes(MOST_DOCUMENT + 1);
      if (bytes.length > MOST_DOCUMENT) {
        throw tooLong(file);
      }
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static IntegrityException tooLong(String file) {
    return new IntegrityException(file + " has more than " + MOST_DOCUMENT + " bytes");
  }

  private static String flavor(JsonObject mlmodel) {
    JsonObject flavors = mlmodel.objectOrNull("flavors");
    List<String> names = flavors == null ? List.of() : List.copyOf(flavors.asMap().keySet());
    return PREFERRED.stream()
        .filter(names::contains)
        .findFirst()
        .or(() -> names.stream().filter(name -> !name.equals(PYTHON)).findFirst())
        .orElse(PYTHON);
  }

  /** An example that is no table is left out, because ours are tables. */
  private boolean isExample(String root, Artifact file) {
    if (file.size() > MOST_DOCUMENT) {
      return false;
    }
    return isTable(small(root, file.path()));
  }

  private static boolean isTable(byte[] document) {
    try {
      InputExample.fromJson(document);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private Artifact read(String root, Artifact file) {
    MessageDigest sha = Sha256.start();
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = proxy.open(root, file.path(), "the model", 0, file.size())) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        sha.update(buffer, 0, n);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Artifact(file.path(), false, file.size(), Sha256.hex(sha));
  }

  private static Artifact part(String name, byte[] bytes) {
    return new Artifact(name, false, bytes.length, Sha256.of(bytes));
  }

  /** Returns the signature in our form; null if there is none that we know. */
  private static byte @Nullable [] signature(JsonObject mlmodel) {
    JsonObject json = mlmodel.objectOrNull("signature");
    if (json == null) {
      return null;
    }
    try {
      return Signature.fromJson(Json.bytes(json.asMap())).toJson();
    } catch (IllegalArgumentException e) {
      throw malformed(e);
    }
  }

  /** Returns the manifest as {@link ModelPackage} writes it. */
  private static byte[] manifest(JsonObject mlmodel, List<Artifact> parts) {
    String flavor = flavor(mlmodel);
    JsonObject flavors = mlmodel.objectOrNull("flavors");
    JsonObject metadata = flavors == null ? null : flavors.objectOrNull(flavor);
    List<Map<String, Object>> listed = new ArrayList<>();
    for (Artifact part : parts.stream().sorted(ORDER).toList()) {
      listed.add(
          Map.of(
              "name", part.path(),
              "media_type", part.path().equals(Signature.FILE) ? "application/json" : ANY,
              "size", part.size(),
              "sha256", String.valueOf(part.sha256())));
    }
    try {
      ModelPackage.of(flavor, metadata == null ? Map.of() : metadata.asMap());
      return Json.canonical(
          Map.of(
              "model_package",
              1L,
              "flavor",
              flavor,
              "metadata",
              metadata == null ? Map.of() : metadata.asMap(),
              "parts",
              listed));
    } catch (IllegalArgumentException e) {
      throw malformed(e);
    }
  }
}
