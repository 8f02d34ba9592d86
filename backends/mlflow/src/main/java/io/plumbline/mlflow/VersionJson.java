package io.plumbline.mlflow;

import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.RegisteredModel;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads what MLflow says about registered models and their versions. */
final class VersionJson {
  private static final String LOGGED = "models:/";

  private VersionJson() {}

  static RegisteredModel model(JsonObject json) {
    Map<String, String> tags = Tags.of(json, "tags");
    Map<String, Integer> aliases = new LinkedHashMap<>();
    for (JsonObject alias : json.objects("aliases")) {
      aliases.put(alias.string("alias"), number(alias));
    }
    // One for each stage that has a version.
    int latest =
        json.objects("latest_versions").stream().mapToInt(VersionJson::number).max().orElse(0);
    return new RegisteredModel(
        json.string("name"),
        json.stringOrEmpty("description"),
        RegistryTags.usersOwn(tags),
        aliases,
        latest,
        Instant.ofEpochMilli(json.longOr("creation_timestamp", 0)),
        Instant.ofEpochMilli(json.longOr("last_updated_timestamp", 0)),
        tags.containsKey(RegistryTags.DELETED));
  }

  static int number(JsonObject json) {
    return Integer.parseInt(json.string("version"));
  }

  /** Reads a version with the aliases that the answer says; not every answer does. */
  static ModelVersion version(JsonObject json) {
    return version(json, new TreeSet<>(json.strings("aliases")));
  }

  static ModelVersion version(JsonObject json, Set<String> aliases) {
    return version(json, aliases, PackageTag.of(json));
  }

  /** Reads a version whose content is known from elsewhere. */
  static ModelVersion version(JsonObject json, PackageTag content) {
    return version(json, new TreeSet<>(json.strings("aliases")), content);
  }

  private static ModelVersion version(JsonObject json, Set<String> aliases, PackageTag content) {
    Map<String, String> tags = Tags.of(json, "tags");
    String run = json.stringOrEmpty("run_id");
    return ModelVersion.builder(json.string("name"), number(json))
        .content(content.flavor(), content.digest(), content.parts())
        .created(Instant.ofEpochMilli(json.longOr("creation_timestamp", 0)))
        .user(RegistryTags.user(tags, json.stringOrEmpty("user_id")))
        .description(json.stringOrEmpty("description"))
        .tags(RegistryTags.usersOwn(tags))
        .aliases(aliases)
        .lineage(RegistryTags.lineage(tags, run.isEmpty() ? null : run, modelId(json)))
        .quarantine(tags.get(RegistryTags.QUARANTINE))
        .deleted(tags.containsKey(RegistryTags.DELETED))
        .build();
  }

  /** Returns the logged model that a version is, or null if it is none. */
  static @Nullable String modelId(JsonObject version) {
    String source = version.stringOrEmpty("source");
    return source.startsWith(LOGGED + "m-") ? source.substring(LOGGED.length()) : null;
  }
}
