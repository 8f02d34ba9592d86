package io.plumbline.mlflow;

import io.plumbline.NotFoundException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.Artifact;
import io.plumbline.model.ModelVersion;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What versions are made of, and where their files lie.
 *
 * <p>A version is fetched by its digest, and MLflow's own clients leave none. So the first time
 * that a version of theirs is asked for, its files are read once, and what they are is kept as the
 * tag {@value PackageTag#KEY} of the logged model or the version. Where we may not write, or the
 * tag would be too long, this object remembers it.
 */
final class Contents {
  private static final int REMEMBERED = 256;
  private static final int MOST_STEPS = 8;

  private final Rest rest;
  private final ArtifactProxy proxy;
  private final LoggedModels logged;
  private final PythonModels python;
  private final Map<String, PackageTag> remembered = new ConcurrentHashMap<>();

  Contents(Rest rest, ArtifactProxy proxy, LoggedModels logged) {
    this.rest = rest;
    this.proxy = proxy;
    this.logged = logged;
    this.python = new PythonModels(proxy);
  }

  /** Returns what a logged model is. */
  PackageTag of(JsonObject info) {
    PackageTag tag = PackageTag.of(info);
    if (tag.known()) {
      return tag;
    }
    String path = "logged-models/" + Ids.of(info, "model_id") + "/tags";
    return packed(
        info.string("artifact_uri"),
        text ->
            rest.patch(
                path,
                Map.of(
                    "model_id",
                    info.string("model_id"),
                    "tags",
                    Tags.list(Map.of(PackageTag.KEY, text)))));
  }

  /** Returns what a version is. */
  PackageTag ofVersion(JsonObject version) {
    PackageTag tag = PackageTag.of(version);
    if (tag.known()) {
      return tag;
    }
    String model = VersionJson.modelId(version);
    if (model != null && rest.keepsModels()) {
      return logged.find(model).map(this::of).orElse(PackageTag.NONE);
    }
    String root = root(version.string("name"), VersionJson.number(version));
    return packed(
        root,
        text ->
            rest.post(
                "model-versions/set-tag",
                Map.of(
                    "name",
                    version.string("name"),
                    "version",
                    version.string("version"),
                    "key",
                    PackageTag.KEY,
                    "value",
                    text)));
  }

  /** Writes the tag. */
  private interface Keeping {
    void keep(String text) throws Refused;
  }

  private PackageTag packed(String root, Keeping keeping) {
    if (!root.startsWith(ArtifactPlace.SCHEME)) {
      return PackageTag.NONE; // a prompt, or what the server does not pass on
    }
    PackageTag known = remembered.get(root);
    if (known != null) {
      return known;
    }
    PackageTag packed = python.packed(root);
    if (packed.whole() && !isKept(packed.toJson(), keeping) && remembered.size() < REMEMBERED) {
      remembered.put(root, packed);
    }
    return packed;
  }

  private boolean isKept(String text, Keeping keeping) {
    if (text.length() > PackageTag.LONGEST_BEFORE_3 && !rest.keepsModels()
        || text.length() > PackageTag.LONGEST) {
      return false;
    }
    try {
      keeping.keep(text);
      return true;
    } catch (Refused e) {
      return false; // who may read need not be allowed to write
    }
  }

  /** Opens a file of a version, behind its first bytes. */
  InputStream open(ModelVersion version, String part, long offset) {
    Artifact known =
        version.parts().stream()
            .filter(each -> each.path().equals(part))
            .findFirst()
            .orElseThrow(() -> ArtifactProxy.missing(part, version.uri()));
    if (offset < 0 || offset > known.size()) {
      throw new IllegalArgumentException(
          "the offset " + offset + " is outside " + Printable.quote(part));
    }
    String root = root(version);
    try {
      return proxy.open(root, part, version.uri(), offset, known.size());
    } catch (NotFoundException e) {
      byte[] made = python.document(root, part, version.parts());
      if (made == null) {
        throw e;
      }
      int from = (int) Math.min(offset, made.length);
      return new ByteArrayInputStream(made, from, made.length - from);
    }
  }

  private String root(ModelVersion version) {
    if (version.registered()) {
      return root(version.name(), version.version());
    }
    return logged.root(version.lineage().runId(), String.valueOf(version.lineage().modelId()));
  }

  private String root(String name, int version) {
    try {
      String uri =
          rest.get(
                  "model-versions/get-download-uri",
                  Map.of("name", name, "version", String.valueOf(version)))
              .string("artifact_uri");
      return resolved(uri, 0);
    } catch (Refused e) {
      throw e.refusal().isMissing() ? unknown(name, version) : e.refusal().exception();
    }
  }

  /** Follows addresses that name a run, a logged model or another version. */
  private String resolved(String uri, int steps) throws Refused {
    List<String> parts = List.of(uri.split("/", 3));
    if (steps > MOST_STEPS) {
      throw new NotFoundException("the address " + Printable.quote(uri) + " leads in a circle");
    }
    if (uri.startsWith("runs:/") && parts.size() == 3) {
      String root =
          rest.get("runs/get", Map.of("run_id", parts.get(1)))
              .object("run")
              .object("info")
              .string("artifact_uri");
      return root + "/" + ArtifactPlace.check(parts.get(2));
    }
    if (uri.startsWith("models:/m-")) {
      return logged.required(parts.get(1)).string("artifact_uri");
    }
    if (uri.startsWith("models:/") && parts.size() == 3) {
      Map<String, String> of = Map.of("name", parts.get(1), "version", parts.get(2));
      String next = rest.get("model-versions/get-download-uri", of).string("artifact_uri");
      return resolved(next, steps + 1);
    }
    return uri;
  }

  static NotFoundException unknown(String name, int version) {
    return new NotFoundException(
        "registered model " + Printable.quote(name) + " has no version " + version);
  }
}
