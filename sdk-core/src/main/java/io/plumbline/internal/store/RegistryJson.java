package io.plumbline.internal.store;

import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.AliasChange;
import io.plumbline.model.Artifact;
import io.plumbline.model.Lineage;
import io.plumbline.model.ModelVersion;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The words of the registry as JSON, and back: for the store's files and the cache's. */
public final class RegistryJson {
  private RegistryJson() {}

  // ---- versions

  /** Returns a version as JSON, without its aliases, which are kept elsewhere. */
  public static Map<String, @Nullable Object> version(ModelVersion version) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("format", 1L);
    json.put("name", version.name());
    json.put("version", (long) version.version());
    json.put("created", version.created().toEpochMilli());
    json.put("user", version.user());
    json.put("flavor", version.flavor());
    json.put("digest", version.digest());
    json.put("parts", version.parts().stream().map(RegistryJson::part).toList());
    json.put("lineage", lineage(version.lineage()));
    json.put("description", version.description());
    json.put("tags", new LinkedHashMap<String, @Nullable Object>(version.tags()));
    json.put("quarantine", version.quarantine().orElse(null));
    json.put("deleted", version.deleted());
    return json;
  }

  /** Reads a version, and gives it these aliases. */
  public static ModelVersion version(JsonObject json, Set<String> aliases) {
    return ModelVersion.builder(json.string("name"), Math.toIntExact(json.longValue("version")))
        .content(
            json.string("flavor"),
            json.string("digest"),
            json.objects("parts").stream().map(RunJson::artifact).toList())
        .created(Instant.ofEpochMilli(json.longValue("created")))
        .user(json.string("user"))
        .lineage(lineage(json.object("lineage")))
        .description(json.string("description"))
        .tags(texts(json.object("tags")))
        .quarantine(json.stringOr("quarantine", null))
        .deleted(json.bool("deleted"))
        .aliases(aliases)
        .build();
  }

  private static Map<String, @Nullable Object> part(Artifact part) {
    return RunJson.artifact(
        part.path(), new Blobs.Blob(String.valueOf(part.sha256()), part.size()));
  }

  /** Writes where a version comes from. */
  public static Map<String, @Nullable Object> lineage(Lineage lineage) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("run", lineage.runId());
    json.put("model", lineage.modelId());
    json.put("experiment", lineage.experiment());
    json.put("parentRun", lineage.parentRunId());
    json.put(
        "inputs",
        lineage.inputs().stream()
            .map(
                input ->
                    Map.of(
                        "name", input.name(), "digest", input.digest(), "context", input.context()))
            .toList());
    json.put("parents", lineage.parents());
    return json;
  }

  /** Reads where a version comes from. */
  public static Lineage lineage(JsonObject json) {
    List<Lineage.Input> inputs =
        json.objects("inputs").stream()
            .map(
                input ->
                    new Lineage.Input(
                        input.string("name"), input.string("digest"), input.string("context")))
            .toList();
    return new Lineage(
        json.stringOr("run", null),
        json.stringOr("model", null),
        json.string("experiment"),
        json.stringOr("parentRun", null),
        inputs,
        json.strings("parents"));
  }

  static Map<String, String> texts(JsonObject json) {
    Map<String, String> texts = new LinkedHashMap<>();
    json.asMap().keySet().forEach(key -> texts.put(key, json.string(key)));
    return texts;
  }

  // ---- aliases

  /** Writes a change of an alias. */
  public static Map<String, @Nullable Object> change(AliasChange change) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("format", 1L);
    json.put("name", change.alias());
    json.put("version", number(change.version()));
    json.put("previous", number(change.previous()));
    json.put("kind", change.kind().name());
    json.put("time", change.time().toEpochMilli());
    json.put("user", change.user());
    json.put("reason", change.reason());
    return json;
  }

  /** Reads a change of an alias. */
  public static AliasChange change(String model, JsonObject json) {
    return new AliasChange(
        model,
        json.string("name"),
        version(json, "version"),
        version(json, "previous"),
        AliasChange.Kind.valueOf(json.string("kind")),
        Instant.ofEpochMilli(json.longValue("time")),
        json.string("user"),
        json.string("reason"));
  }

  private static @Nullable Long number(@Nullable Integer version) {
    return version == null ? null : (long) version;
  }

  private static @Nullable Integer version(JsonObject json, String key) {
    long number = json.longOr(key, 0);
    return number == 0 ? null : Math.toIntExact(number);
  }
}
