package io.plumbline.mlflow;

import io.plumbline.internal.digest.Sha256;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.internal.store.RegistryJson;
import io.plumbline.model.AliasChange;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An entry in the history of an alias: a tag of the registered model.
 *
 * @param tag the tag's key; one for each change, so that two at once lose none
 * @param begun whether it was written before the alias was moved, and not confirmed since
 */
record AliasEntry(String tag, AliasChange change, boolean begun) {
  static final String PREFIX = "plumbline.alias.";
  private static final String BEGUN = "begun";

  /** Makes an entry for the change that a caller names with a key. */
  static AliasEntry of(AliasChange change, String key, boolean begun) {
    return new AliasEntry(PREFIX + change.time().toEpochMilli() + "." + mark(key), change, begun);
  }

  private static String mark(String key) {
    return Sha256.of(key.getBytes(StandardCharsets.UTF_8)).substring(0, 16);
  }

  /** Returns the tag's value. */
  String text() {
    Map<String, @Nullable Object> json = RegistryJson.change(change);
    if (begun) {
      json.put(BEGUN, true);
    }
    return Json.text(json);
  }

  /** The same, of an alias that was moved. */
  AliasEntry confirmed() {
    return new AliasEntry(tag, change, false);
  }

  /** Reads the entries of an alias, the newest first. */
  static List<AliasEntry> all(String model, String alias, Map<String, String> tags) {
    List<AliasEntry> entries = new ArrayList<>();
    tags.forEach(
        (key, value) -> {
          if (key.startsWith(PREFIX)) {
            JsonObject json = Json.object(value, "the tag " + key);
            if (json.string("name").equals(alias)) {
              AliasChange change = RegistryJson.change(model, json);
              entries.add(new AliasEntry(key, change, json.boolOr(BEGUN, false)));
            }
          }
        });
    entries.sort(Comparator.comparing((AliasEntry entry) -> entry.change().time()).reversed());
    return entries;
  }

  /**
   * Leaves out what was only begun: an entry that is not confirmed counts if the alias was moved as
   * it says, which the entry after it tells, or where the alias points now.
   *
   * @param entries the newest first
   * @param now what the alias points to
   */
  static List<AliasEntry> happened(List<AliasEntry> entries, @Nullable Integer now) {
    List<AliasEntry> happened = new ArrayList<>();
    Integer after = now;
    for (AliasEntry entry : entries) {
      if (!entry.begun() || Objects.equals(entry.change().version(), after)) {
        happened.add(entry);
        after = entry.change().previous();
      }
    }
    return happened;
  }

  /** Finds the entry of the change that a caller names with a key. */
  static Optional<AliasEntry> made(List<AliasEntry> entries, String key) {
    String end = "." + mark(key);
    return entries.stream().filter(entry -> entry.tag().endsWith(end)).findFirst();
  }
}
