package io.plumbline.mlflow;

import io.plumbline.TransportException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.digest.RootDigest;
import io.plumbline.internal.digest.Sha256;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.Artifact;
import io.plumbline.model.ModelPackage;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The manifests of packages of ours, which say what the packages are made of. */
final class Manifests {
  private static final int MOST = 16 << 20;

  private Manifests() {}

  /**
   * Reads the manifest in a folder.
   *
   * @throws JsonException if that file is no manifest of ours
   */
  static PackageTag read(ArtifactProxy proxy, String root) {
    byte[] bytes;
    try (InputStream in = proxy.open(root, ModelPackage.MANIFEST, "the model")) {
      bytes = in.readNBytes(MOST);
    } catch (IOException e) {
      throw new TransportException("the manifest in " + Printable.line(root) + ": " + e, e);
    }
    JsonObject json = Json.object(bytes, ModelPackage.MANIFEST);
    json.longValue("model_package");
    List<Artifact> parts = new ArrayList<>();
    for (JsonObject part : json.objects("parts")) {
      parts.add(
          new Artifact(part.string("name"), false, part.longValue("size"), part.string("sha256")));
    }
    parts.add(new Artifact(ModelPackage.MANIFEST, false, bytes.length, Sha256.of(bytes)));
    Map<String, String> digests = new HashMap<>();
    parts.forEach(part -> digests.put(part.path(), String.valueOf(part.sha256())));
    try {
      return new PackageTag(json.string("flavor"), RootDigest.of(digests), parts);
    } catch (IllegalArgumentException e) {
      throw new JsonException(ModelPackage.MANIFEST + " has a digest that is none", e);
    }
  }
}
