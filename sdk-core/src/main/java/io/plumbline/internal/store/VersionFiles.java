package io.plumbline.internal.store;

import io.plumbline.NotFoundException;
import io.plumbline.StoreException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.Time;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.Artifact;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import io.plumbline.model.ModelVersion;
import io.plumbline.spi.NewVersion;
import io.plumbline.spi.RegistryUpdate;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The versions of one registered model: {@code versions/<version>/<number>.json}. A version is made
 * by its first file; who links it has the number.
 */
final class VersionFiles {
  private static final int TRIES = 1_000;

  private final String model;
  private final Path root;
  private final Time time;
  private final Blobs blobs;

  VersionFiles(String model, Path folder, Time time, Blobs blobs) {
    this.model = model;
    this.root = folder.resolve("versions");
    this.time = time;
    this.blobs = blobs;
  }

  static NotFoundException noVersion(String model, int version) {
    return new NotFoundException(
        "the registered model " + Printable.quote(model) + " has no version " + version);
  }

  private NumberedFiles files(int version) {
    return new NumberedFiles(root.resolve(String.valueOf(version)));
  }

  /** Returns the numbers of all versions, in order; one whose making was interrupted is none. */
  NavigableSet<Integer> numbers() {
    NavigableSet<Integer> numbers = new TreeSet<>();
    for (Path folder : StoreFiles.children(root)) {
      String name = String.valueOf(folder.getFileName());
      if (name.matches("[1-9][0-9]{0,8}") && latest(Integer.parseInt(name)) != null) {
        numbers.add(Integer.parseInt(name));
      }
    }
    return numbers;
  }

  /** Returns all versions, deleted ones too, without their aliases. */
  List<ModelVersion> all() {
    List<ModelVersion> all = new ArrayList<>();
    for (int number : numbers()) {
      find(number, Map.of()).ifPresent(all::add);
    }
    return all;
  }

  int highest() {
    NavigableSet<Integer> numbers = numbers();
    return numbers.isEmpty() ? 0 : numbers.last();
  }

  private NumberedFiles.@Nullable Version latest(int version) {
    try {
      return files(version).latest();
    } catch (IOException e) {
      throw new StoreException(
          "version " + version + " of model " + Printable.quote(model) + " can't be read: " + e, e);
    }
  }

  /** Finds a version; its aliases are those of the map that point to it. */
  Optional<ModelVersion> find(int version, Map<String, Integer> aliases) {
    NumberedFiles.Version latest = version < 1 ? null : latest(version);
    if (latest == null) {
      return Optional.empty();
    }
    return Optional.of(
        read(
            version,
            latest,
            aliases.entrySet().stream()
                .filter(alias -> alias.getValue() == version)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet())));
  }

  private ModelVersion read(int version, NumberedFiles.Version file, Set<String> aliases) {
    return read(version, file, json -> RegistryJson.version(json, aliases));
  }

  private String key(int version, NumberedFiles.Version file) {
    return read(version, file, json -> json.string("key"));
  }

  private <T> T read(int version, NumberedFiles.Version file, Function<JsonObject, T> reading) {
    try {
      return reading.apply(Json.object(file.content(), "it"));
    } catch (JsonException | ArithmeticException e) {
      throw new StoreException(
          "version " + version + " of model " + Printable.quote(model) + " is damaged: " + e, e);
    }
  }

  // ---- making

  ModelVersion create(NewVersion wanted) {
    Names.key("registration", wanted.key());
    Names.value("description", wanted.description());
    wanted.tags().forEach((key, value) -> Names.value("tag " + Names.key("tag", key), value));
    for (int number : numbers().descendingSet()) {
      NumberedFiles.Version file = latest(number);
      if (file != null && wanted.key().equals(key(number, file))) {
        return find(number, Map.of()).orElseThrow();
      }
    }
    ModelVersion.Builder content = content(wanted);
    for (int number = highest() + 1, i = 0; i < TRIES; number++, i++) {
      ModelVersion fresh = content.build(number);
      if (add(fresh, wanted.key(), 0)) {
        return fresh;
      }
    }
    throw new StoreException("no free version of model " + Printable.quote(model) + " was found");
  }

  private ModelVersion.Builder content(NewVersion wanted) {
    ModelVersion.Builder version =
        ModelVersion.builder(model, 0)
            .created(Instant.ofEpochMilli(time.millis()))
            .user(wanted.user())
            .description(wanted.description())
            .tags(wanted.tags())
            .lineage(wanted.lineage());
    if (wanted.source() instanceof NewVersion.Source.Logged logged) {
      logged.model().parts().forEach(this::refresh);
      return version.content(
          logged.model().flavor(), logged.model().digest(), logged.model().parts());
    }
    ModelPackage packed = ((NewVersion.Source.Packed) wanted.source()).model();
    return version.content(packed.flavor(), packed.digest(), keep(packed));
  }

  /** Sees to it that a content is there and stays, whatever becomes of the run that kept it. */
  private void refresh(Artifact part) {
    String sha256 = String.valueOf(part.sha256());
    if (!blobs.refresh(sha256)) {
      throw new NotFoundException(
          "the store has no content "
              + sha256
              + " for "
              + Printable.quote(part.path())
              + ": the model was logged into another store");
    }
  }

  private List<Artifact> keep(ModelPackage packed) {
    List<Artifact> parts = new ArrayList<>();
    for (ModelPart part : packed.parts()) {
      try (InputStream in = part.open()) {
        Blobs.Blob blob = blobs.put(in);
        parts.add(new Artifact(part.name(), false, blob.size(), blob.sha256()));
      } catch (IOException | Blobs.NotKeptException e) {
        throw new StoreException(
            "the file " + Printable.quote(part.name()) + " can't be kept: " + e.getMessage(), e);
      }
    }
    return parts;
  }

  private boolean add(ModelVersion version, String key, int after) {
    Map<String, @Nullable Object> json = RegistryJson.version(version);
    json.put("key", key);
    json.put("changed", time.millis());
    try {
      return files(version.version()).add(after, Json.bytes(json));
    } catch (IOException e) {
      throw new StoreException(version.uri() + " can't be kept: " + e, e);
    }
  }

  // ---- changing

  void update(int version, RegistryUpdate update) {
    for (int i = 0; i < TRIES; i++) {
      NumberedFiles.Version latest = version < 1 ? null : latest(version);
      if (latest == null) {
        throw noVersion(model, version);
      }
      ModelVersion changed = changed(read(version, latest, Set.of()), update);
      if (add(changed, key(version, latest), latest.number())) {
        return;
      }
    }
    throw new StoreException(
        "version " + version + " of " + Printable.quote(model) + " is changed by too many others");
  }

  private static ModelVersion changed(ModelVersion version, RegistryUpdate update) {
    ModelVersion.Builder changed = version.toBuilder();
    if (update instanceof RegistryUpdate.Describe describe) {
      changed.description(Names.value("description", describe.description()));
    } else if (update instanceof RegistryUpdate.SetDeleted set) {
      changed.deleted(set.deleted());
    } else if (update instanceof RegistryUpdate.Quarantine quarantine) {
      String reason = quarantine.reason();
      changed.quarantine(reason == null ? null : Names.value("reason", reason));
    } else {
      changed.tags(tags(version.tags(), update));
    }
    return changed.build();
  }

  /** Applies a change of tags; of other changes nothing follows. */
  static Map<String, String> tags(Map<String, String> tags, RegistryUpdate update) {
    Map<String, String> changed = new LinkedHashMap<>(tags);
    if (update instanceof RegistryUpdate.SetTag set) {
      changed.put(Names.key("tag", set.key()), Names.value("tag " + set.key(), set.value()));
    } else if (update instanceof RegistryUpdate.DeleteTag delete) {
      changed.remove(Names.key("tag", delete.key()));
    }
    return changed;
  }
}
