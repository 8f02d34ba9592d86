package io.plumbline.internal.store;

import io.plumbline.ConflictException;
import io.plumbline.NotFoundException;
import io.plumbline.StoreException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.Time;
import io.plumbline.internal.json.Json;
import io.plumbline.model.AliasChange;
import io.plumbline.model.ModelNames;
import io.plumbline.spi.NewAlias;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The aliases of one registered model: {@code aliases/<alias>/<number>.json}, each a change. */
final class AliasFiles {
  private static final Logger LOG = LoggerFactory.getLogger("io.plumbline.store");
  private static final int TRIES = 100;

  /** Names the change; older ones have none. */
  private static final String KEY = "key";

  private final String model;
  private final Path root;
  private final Time time;

  AliasFiles(String model, Path folder, Time time) {
    this.model = model;
    this.root = folder.resolve("aliases");
    this.time = time;
  }

  private NumberedFiles files(String alias) {
    return new NumberedFiles(root.resolve(FolderNames.of(ModelNames.alias(alias))));
  }

  /**
   * Returns all aliases that there are, and what each points to. One that is damaged is left out,
   * so that it does not take the others with it: who asks for it by name is told.
   */
  Map<String, Integer> all() {
    Map<String, Integer> all = new TreeMap<>();
    for (Path folder : StoreFiles.folders(root)) {
      try {
        AliasChange last = last(new NumberedFiles(folder), String.valueOf(folder.getFileName()));
        if (last != null && last.version() != null) {
          all.put(last.alias(), last.version());
        }
      } catch (StoreException e) {
        LOG.warn("left out of the aliases: {}", e.getMessage());
      }
    }
    return all;
  }

  /** Returns what an alias points to, or null if there is no such alias. */
  @Nullable Integer find(String alias) {
    AliasChange last = last(files(alias), alias);
    return last == null ? null : last.version();
  }

  private @Nullable AliasChange last(NumberedFiles files, String alias) {
    try {
      NumberedFiles.Version latest = files.latest();
      return latest == null ? null : read(alias, latest);
    } catch (IOException e) {
      throw unreadable(alias, e);
    }
  }

  private AliasChange read(String alias, NumberedFiles.Version version) {
    try {
      AliasChange change = RegistryJson.change(model, Json.object(version.content(), "it"));
      if (!FolderNames.of(ModelNames.alias(change.alias())).equals(FolderNames.of(alias))
          && !FolderNames.of(change.alias()).equals(alias)) {
        throw new IllegalArgumentException("it says that it is of " + change.alias());
      }
      return change;
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new StoreException(
          "change "
              + version.number()
              + " of the alias "
              + Printable.quote(alias)
              + " of model "
              + Printable.quote(model)
              + " is damaged: "
              + e.getMessage(),
          e);
    }
  }

  private StoreException unreadable(String alias, IOException e) {
    return new StoreException(
        "the alias "
            + Printable.quote(alias)
            + " of model "
            + Printable.quote(model)
            + " can't be read: "
            + e,
        e);
  }

  /** Returns all changes, the newest first. */
  List<AliasChange> history(String alias) {
    try {
      List<AliasChange> history = new ArrayList<>();
      for (NumberedFiles.Version version : files(alias).all()) {
        history.add(read(alias, version));
      }
      Collections.reverse(history);
      return history;
    } catch (IOException e) {
      throw unreadable(alias, e);
    }
  }

  /** Finds the change that was made with a key; a damaged one keeps nobody from the next. */
  private @Nullable AliasChange made(NumberedFiles files, NewAlias wanted) throws IOException {
    for (NumberedFiles.Version version : files.all()) {
      if (wanted.key().equals(key(version))) {
        return read(wanted.alias(), version);
      }
    }
    return null;
  }

  private static @Nullable String key(NumberedFiles.Version version) {
    try {
      return Json.object(version.content(), "it").stringOr(KEY, null);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Makes a change, if the alias points to what is expected. */
  AliasChange change(NewAlias wanted) {
    NumberedFiles files = files(wanted.alias());
    try {
      for (int i = 0; i < TRIES; i++) {
        AliasChange made = made(files, wanted);
        if (made != null) {
          return made;
        }
        NumberedFiles.Version latest = files.latest();
        Integer now = latest == null ? null : read(wanted.alias(), latest).version();
        check(wanted, now);
        AliasChange change =
            new AliasChange(
                model,
                wanted.alias(),
                wanted.version(),
                now,
                wanted.kind(),
                Instant.ofEpochMilli(time.millis()),
                wanted.user(),
                wanted.reason());
        int after = latest == null ? 0 : latest.number();
        Map<String, @Nullable Object> json = RegistryJson.change(change);
        json.put(KEY, wanted.key());
        if (files.add(after, Json.bytes(json))) {
          return change;
        }
      }
    } catch (IOException e) {
      throw new StoreException(
          "the alias " + Printable.quote(wanted.alias()) + " can't be changed: " + e, e);
    }
    throw new StoreException(
        "the alias " + Printable.quote(wanted.alias()) + " is changed by too many others just now");
  }

  private void check(NewAlias wanted, @Nullable Integer now) {
    NewAlias.Expected expected = wanted.expected();
    if (expected != null && !Objects.equals(expected.version(), now)) {
      throw new ConflictException(
          "the alias "
              + Printable.quote(wanted.alias())
              + " of model "
              + Printable.quote(model)
              + (now == null ? " does not exist" : " points to version " + now)
              + ", and not"
              + (expected.version() == null ? " to nothing" : " to version " + expected.version())
              + " as was expected: somebody else has changed it; look at it again");
    }
    if (wanted.kind() == AliasChange.Kind.DELETE && now == null) {
      throw new NotFoundException(
          "model " + Printable.quote(model) + " has no alias " + Printable.quote(wanted.alias()));
    }
  }
}
