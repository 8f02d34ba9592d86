package io.plumbline.mlflow;

import io.plumbline.PlumblineException;
import io.plumbline.ServerException;
import io.plumbline.internal.Retrying;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.Artifact;
import io.plumbline.model.ModelPackage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a model is made of, kept as a tag, so that resolving one needs no file.
 *
 * @param flavor which loader reads it; empty if it is not a package of ours
 * @param digest the package's digest; empty if it is not a package of ours
 * @param parts its files
 */
record PackageTag(String flavor, String digest, List<Artifact> parts) {
  static final String KEY = "plumbline.package";

  /** The longest value of a model's or version's tag; before MLflow 3 it was shorter. */
  static final int LONGEST = 100_000;

  static final int LONGEST_BEFORE_3 = 5_000;

  static final PackageTag NONE = new PackageTag("", "", List.of());

  static PackageTag of(ModelPackage model) {
    List<Artifact> parts = new ArrayList<>();
    model
        .parts()
        .forEach(part -> parts.add(new Artifact(part.name(), false, part.size(), part.sha256())));
    return new PackageTag(model.flavor(), model.digest(), parts);
  }

  /**
   * Reads what a model is, where its run is to be shown whatever that is: what cannot be read for
   * good is {@link #NONE}.
   */
  static PackageTag ifReadable(Supplier<PackageTag> reading) {
    try {
      return reading.get();
    } catch (PlumblineException | IllegalArgumentException e) {
      if (Retrying.mayPass(e) || e instanceof ServerException.Unauthorized) {
        throw e;
      }
      return NONE;
    }
  }

  /** Whether it is a model at all. */
  boolean known() {
    return !flavor.isEmpty();
  }

  /** Whether it has what a verified copy needs: a digest. */
  boolean whole() {
    return !digest.isEmpty();
  }

  /**
   * Returns the tag, or nothing if it has so many parts that the server would refuse it: then the
   * manifest among the files says the same.
   *
   * @param most the longest value that the server takes
   */
  Map<String, String> tag(int most) {
    String text = toJson();
    return text.length() <= most ? Map.of(KEY, text) : Map.of();
  }

  /** Reads the tag of a logged model or of a version. */
  static PackageTag of(JsonObject holder) {
    String text = Tags.of(holder, "tags").get(KEY);
    return text == null ? NONE : ofText(text);
  }

  static PackageTag ofText(String text) {
    JsonObject json = Json.object(text, "the tag " + KEY);
    List<Artifact> parts = new ArrayList<>();
    for (Object item : json.list("parts")) {
      List<@Nullable Object> part = JsonObject.toList(item, KEY);
      if (part.size() == 3
          && part.get(0) instanceof String name
          && part.get(1) instanceof Long size
          && part.get(2) instanceof String sha256) {
        parts.add(new Artifact(name, false, size, sha256));
      }
    }
    return new PackageTag(json.string("flavor"), json.string("digest"), parts);
  }

  String toJson() {
    List<List<Object>> list = new ArrayList<>();
    for (Artifact part : parts) {
      list.add(List.of(part.path(), part.size(), String.valueOf(part.sha256())));
    }
    return Json.text(Map.of("flavor", flavor, "digest", digest, "parts", list));
  }
}
