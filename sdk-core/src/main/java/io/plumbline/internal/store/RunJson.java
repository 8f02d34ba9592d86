package io.plumbline.internal.store;

import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.Artifact;
import io.plumbline.model.Dataset;
import io.plumbline.model.DatasetInput;
import io.plumbline.model.LoggedModel;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The words of a run as members of its events, and back. */
public final class RunJson {
  private RunJson() {}

  static Map<String, @Nullable Object> input(DatasetInput input) {
    Dataset dataset = input.dataset();
    Map<String, @Nullable Object> d = new LinkedHashMap<>();
    d.put("name", dataset.name());
    d.put("digest", dataset.digest());
    d.put("sourceType", dataset.sourceType());
    d.put("source", dataset.source());
    d.put("schema", dataset.schema());
    d.put("profile", dataset.profile());
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("dataset", d);
    json.put("context", input.context());
    json.put("tags", new LinkedHashMap<String, @Nullable Object>(input.tags()));
    return json;
  }

  /** Reads a dataset input. */
  public static DatasetInput input(JsonObject json) {
    JsonObject d = json.object("dataset");
    return new DatasetInput(
        new Dataset(
            d.string("name"),
            d.string("digest"),
            d.string("sourceType"),
            d.string("source"),
            d.string("schema"),
            d.string("profile")),
        json.string("context"),
        texts(json.object("tags")));
  }

  private static Map<String, String> texts(JsonObject json) {
    Map<String, String> texts = new LinkedHashMap<>();
    json.asMap().keySet().forEach(key -> texts.put(key, json.string(key)));
    return texts;
  }

  static Map<String, @Nullable Object> artifact(String path, Blobs.Blob blob) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("path", path);
    json.put("size", blob.size());
    json.put("sha256", blob.sha256());
    return json;
  }

  static Artifact artifact(JsonObject json) {
    return new Artifact(json.string("path"), false, json.longValue("size"), json.string("sha256"));
  }

  static Map<String, @Nullable Object> model(LoggedModel model) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", model.id());
    json.put("name", model.name());
    json.put("flavor", model.flavor());
    json.put("digest", model.digest());
    json.put("created", model.created().toEpochMilli());
    json.put(
        "parts",
        model.parts().stream()
            .map(
                part ->
                    artifact(
                        part.path(), new Blobs.Blob(String.valueOf(part.sha256()), part.size())))
            .toList());
    return json;
  }

  /** Reads a logged model. */
  public static LoggedModel model(String runId, JsonObject json) {
    List<Artifact> parts = json.objects("parts").stream().map(RunJson::artifact).toList();
    return new LoggedModel(
        json.string("id"),
        json.string("name"),
        runId,
        json.string("flavor"),
        json.string("digest"),
        Instant.ofEpochMilli(json.longValue("created")),
        parts);
  }
}
