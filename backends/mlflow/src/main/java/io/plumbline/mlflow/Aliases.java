package io.plumbline.mlflow;

import io.plumbline.ConflictException;
import io.plumbline.NotFoundException;
import io.plumbline.PlumblineException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.AliasChange;
import io.plumbline.model.RegisteredModel;
import io.plumbline.spi.NewAlias;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Changes aliases. The server knows no step that moves an alias and writes its history. So the
 * entry is written first, as one that is only begun; the alias is moved; the entry is confirmed.
 * Wherever that breaks off, the entry and the alias together say what has happened, to who repeats
 * the change and to who reads the history.
 */
final class Aliases {
  private final Rest rest;
  private final Stages stages;

  Aliases(Rest rest) {
    this.rest = rest;
    this.stages = new Stages(rest);
  }

  /**
   * Makes a change, or ends one that was begun with the same key.
   *
   * @param json the registered model as it is now
   */
  AliasChange change(JsonObject json, NewAlias wanted) throws Refused {
    RegisteredModel model = VersionJson.model(json);
    Integer now = model.aliases().get(wanted.alias());
    List<AliasEntry> entries = AliasEntry.all(model.name(), wanted.alias(), Tags.of(json, "tags"));
    Optional<AliasEntry> mine = AliasEntry.made(entries, wanted.key());
    if (mine.isPresent()) {
      AliasEntry entry = mine.get();
      if (!entry.begun()) {
        return entry.change();
      }
      if (AliasEntry.happened(entries, now).contains(entry)) {
        return end(entry, Objects.equals(now, wanted.version()));
      }
      forget(entry); // it says what the alias pointed to then, which need not be so any more
    }
    check(model, now, wanted);
    return end(begin(wanted, now), true);
  }

  private static void check(RegisteredModel model, @Nullable Integer now, NewAlias wanted) {
    String name = Printable.quote(model.name());
    if (model.deleted()) {
      throw new ConflictException("registered model " + name + " is deleted; restore it first");
    }
    NewAlias.Expected expected = wanted.expected();
    if (expected != null && !Objects.equals(expected.version(), now)) {
      throw new ConflictException(
          "alias '"
              + wanted.alias()
              + "' of "
              + name
              + " points to "
              + target(now)
              + ", and not to "
              + target(expected.version()));
    }
    if (wanted.version() == null && now == null) {
      throw new NotFoundException(
          "registered model " + name + " has no alias '" + wanted.alias() + "'");
    }
  }

  private static String target(@Nullable Integer version) {
    return version == null ? "nothing" : "version " + version;
  }

  /** Writes the entry and moves the alias; of what is refused for good, no entry stays. */
  private AliasEntry begin(NewAlias wanted, @Nullable Integer now) throws Refused {
    AliasChange change =
        new AliasChange(
            wanted.model(),
            wanted.alias(),
            wanted.version(),
            now,
            wanted.kind(),
            Instant.ofEpochMilli(System.currentTimeMillis()),
            wanted.user(),
            wanted.reason());
    AliasEntry entry = AliasEntry.of(change, wanted.key(), true);
    write(entry);
    try {
      move(wanted);
    } catch (Refused e) {
      if (!e.refusal().mayPass()) {
        forgetIfPossible(entry);
      }
      throw e;
    }
    return entry;
  }

  private void move(NewAlias wanted) throws Refused {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("name", wanted.model());
    body.put("alias", wanted.alias());
    if (wanted.version() == null) {
      rest.delete("registered-models/alias", body);
    } else {
      body.put("version", String.valueOf(wanted.version()));
      rest.post("registered-models/alias", body);
    }
  }

  /**
   * Confirms a change.
   *
   * @param last whether the alias still points there, so that its stage must follow
   */
  private AliasChange end(AliasEntry entry, boolean last) throws Refused {
    AliasChange change = entry.change();
    if (last) {
      stages.follow(change.model(), change.alias(), change.previous(), change.version());
    }
    write(entry.confirmed());
    return change;
  }

  private void write(AliasEntry entry) throws Refused {
    rest.post(
        "registered-models/set-tag",
        Map.of("name", entry.change().model(), "key", entry.tag(), "value", entry.text()));
  }

  private void forget(AliasEntry entry) throws Refused {
    rest.delete(
        "registered-models/delete-tag", Map.of("name", entry.change().model(), "key", entry.tag()));
  }

  private void forgetIfPossible(AliasEntry entry) {
    try {
      forget(entry);
    } catch (Refused | PlumblineException e) {
      // The refusal before this one is what is told; an entry that is only begun counts for
      // nothing.
    }
  }

  /** Returns the changes that have happened, the newest first. */
  static List<AliasChange> history(JsonObject json, String alias) {
    RegisteredModel model = VersionJson.model(json);
    List<AliasEntry> entries = AliasEntry.all(model.name(), alias, Tags.of(json, "tags"));
    return AliasEntry.happened(entries, model.aliases().get(alias)).stream()
        .map(AliasEntry::change)
        .toList();
  }
}
