package io.plumbline.mlflow;

import io.plumbline.internal.json.Json;
import io.plumbline.internal.store.RegistryJson;
import io.plumbline.model.Lineage;
import io.plumbline.model.ModelVersion;
import io.plumbline.spi.NewVersion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What MLflow's registry has no field for, kept as tags of models and versions. */
final class RegistryTags {
  static final String DELETED = "plumbline.deleted";
  static final String QUARANTINE = "plumbline.quarantine";
  static final String REGISTRATION = "plumbline.registration";
  private static final String LINEAGE = "plumbline.lineage";
  private static final String USER = "plumbline.user";

  private RegistryTags() {}

  /** Returns the tags of a new version, its own first. */
  static Map<String, String> of(NewVersion version, PackageTag content, int longest) {
    Map<String, String> tags = new LinkedHashMap<>(version.tags());
    tags.put(REGISTRATION, version.key());
    tags.putAll(content.tag(longest));
    tags.put(LINEAGE, Json.text(RegistryJson.lineage(version.lineage())));
    if (!version.user().isEmpty()) {
      tags.put(USER, version.user());
    }
    return tags;
  }

  /** Returns the tags of a version that is there, its own first. */
  static Map<String, String> of(ModelVersion version, int longest) {
    Map<String, String> tags = new LinkedHashMap<>(version.tags());
    PackageTag content = new PackageTag(version.flavor(), version.digest(), version.parts());
    tags.putAll(content.tag(longest));
    tags.put(LINEAGE, Json.text(RegistryJson.lineage(version.lineage())));
    if (!version.user().isEmpty()) {
      tags.put(USER, version.user());
    }
    version.quarantine().ifPresent(reason -> tags.put(QUARANTINE, reason));
    if (version.deleted()) {
      tags.put(DELETED, "true");
    }
    return tags;
  }

  /** Returns the tags that are the user's own. */
  static Map<String, String> usersOwn(Map<String, String> tags) {
    Map<String, String> own = new LinkedHashMap<>(tags);
    own.keySet()
        .removeIf(
            key ->
                key.equals(DELETED)
                    || key.equals(QUARANTINE)
                    || key.equals(REGISTRATION)
                    || key.equals(LINEAGE)
                    || key.equals(USER)
                    || key.equals(PackageTag.KEY)
                    || key.startsWith(AliasEntry.PREFIX));
    return own;
  }

  static String user(Map<String, String> tags, String otherwise) {
    return tags.getOrDefault(USER, otherwise);
  }

  /**
   * Reads where a version comes from; one that others have registered has what the server knows.
   */
  static Lineage lineage(
      Map<String, String> tags, @Nullable String runId, @Nullable String modelId) {
    String text = tags.get(LINEAGE);
    return text == null
        ? new Lineage(runId, modelId, "", null, List.of(), List.of())
        : RegistryJson.lineage(Json.object(text, "the tag " + LINEAGE));
  }
}
