package io.plumbline.internal.store;

import io.plumbline.NotFoundException;
import io.plumbline.StoreException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.Time;
import io.plumbline.internal.json.Json;
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
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The versions of one registered model: {@code versions/<version>/<number>.json}. A version is made
 * by its first file; who links it has the number.
 */
final class VersionFiles {
  private static final Logger LOG = LoggerFactory.getLogger("io.plumbline.store");
  private static final int TRIES = 1_000;

  private final String model;
  private final Path root;
  private final Time time;
  private final @Nullable Blobs blobs;

  VersionFiles(String model, Path folder, Time time, @Nullable Blobs blobs) {
    this.model = model;
    this.root = folder.resolve("versions");
    this.time = time;
    this.blobs = blobs;
  }

  /** For reading only. */
  private VersionFiles(String model, Path folder) {
    this(model, folder, Time.SYSTEM, null);
  }

  private Blobs blobs() {
    return Objects.requireNonNull(blobs, "blobs");
  }

  static NotFoundException noVersion(String model, int version) {
    return new NotFoundException(
        "the registered model " + Printable.quote(model) + " has no version " + version);
  }

  private NumberedFiles files(int version) {
    return new NumberedFiles(root.resolve(String.valueOf(version)));
  }

  /** Returns the numbers that folders have, in order; one without a file is no version. */
  private NavigableSet<Integer> candidates() {
    NavigableSet<Integer> numbers = new TreeSet<>();
    for (Path folder : StoreFiles.folders(root)) {
      String name = String.valueOf(folder.getFileName());
      if (name.matches("[1-9][0-9]{0,8}")) {
        numbers.add(Integer.parseInt(name));
      }
    }
    return numbers;
  }

  /** Returns the numbers of all versions, in order; one whose making was interrupted is none. */
  NavigableSet<Integer> numbers() {
    NavigableSet<Integer> numbers = candidates();
    numbers.removeIf(number -> latest(number) == null);
    return numbers;
  }

  /** Returns the highest number of a version; 0 if there is none. */
  int highest() {
    for (int number : candidates().descendingSet()) {
      if (latest(number) != null) {
        return number;
      }
    }
    return 0;
  }

  /** Tells the digests of all contents that a model's versions refer to, deleted ones too. */
  static void references(Path modelFolder, Consumer<String> consumer) {
    VersionFiles files = new VersionFiles(String.valueOf(modelFolder.getFileName()), modelFolder);
    for (int number : files.candidates()) {
      NumberedFiles.Version file = files.latest(number);
      if (file != null) {
        files
            .read(number, file, json -> RegistryJson.version(json, Set.of()))
            .parts()
            .forEach(part -> consumer.accept(String.valueOf(part.sha256())));
      }
    }
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
    ModelVersion read = read(version, file, json -> RegistryJson.version(json, aliases));
    if (!read.name().equals(model) || read.version() != version) {
      throw new StoreException(
          "version "
              + version
              + " of model "
              + Printable.quote(model)
              + " says that it is "
              + read);
    }
    return read;
  }

  private String key(int version, NumberedFiles.Version file) {
    return read(version, file, json -> json.string("key"));
  }

  private <T> T read(int version, NumberedFiles.Version file, Function<JsonObject, T> reading) {
    try {
      return reading.apply(Json.object(file.content(), "it"));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new StoreException(
          "version " + version + " of model " + Printable.quote(model) + " is damaged: " + e, e);
    }
  }

  // ---- making

  /** Finds the version that a registration has made. */
  Optional<ModelVersion> find(String key) {
    for (int number : candidates().descendingSet()) {
      NumberedFiles.Version file = latest(number);
      if (file != null && key.equals(keyOrEmpty(number, file))) {
        return find(number, Map.of());
      }
    }
    return Optional.empty();
  }

  /** A damaged version must not keep others from being made. */
  private String keyOrEmpty(int number, NumberedFiles.Version file) {
    try {
      return key(number, file);
    } catch (StoreException e) {
      LOG.warn("passed over: {}", e.getMessage());
      return "";
    }
  }

  /**
   * Makes a version of contents that are kept. Who loses a number looks at all keys again: the
   * winner may be the same registration.
   */
  ModelVersion create(NewVersion wanted, ModelVersion.Builder content) {
    for (int i = 0; i < TRIES; i++) {
      int next = highest() + 1;
      Optional<ModelVersion> made = find(wanted.key());
      if (made.isPresent()) {
        return made.get();
      }
      ModelVersion fresh = content.build(next);
      if (add(fresh, wanted.key(), 0)) {
        return fresh;
      }
    }
    throw new StoreException("no free version of model " + Printable.quote(model) + " was found");
  }

  /** Keeps what is registered. */
  ModelVersion.Builder content(NewVersion wanted) {
    Names.key("registration", wanted.key());
    Names.value("user", wanted.user());
    Names.value("description", wanted.description());
    wanted.tags().forEach((key, value) -> Names.value("tag " + Names.key("tag", key), value));
    ModelVersion.Builder version =
        ModelVersion.builder(model, 0)
            .created(Instant.ofEpochMilli(time.millis()))
            .user(wanted.user())
            .description(wanted.description())
            .tags(wanted.tags())
            .lineage(wanted.lineage());
    if (wanted.source() instanceof NewVersion.Source.Logged logged) {
      logged.model().parts().forEach(this::secure);
      return version.content(
          logged.model().flavor(), logged.model().digest(), logged.model().parts());
    }
    ModelPackage packed = ((NewVersion.Source.Packed) wanted.source()).model();
    List<Artifact> parts = keep(packed);
    parts.forEach(this::secure);
    return version.content(packed.flavor(), packed.digest(), parts);
  }

  /** Sees to it that a content is on the disk and stays, whatever becomes of the run. */
  private void secure(Artifact part) {
    String sha256 = String.valueOf(part.sha256());
    try {
      if (!blobs().secure(sha256, part.size())) {
        throw new NotFoundException(
            "the store has no content "
                + sha256
                + " of "
                + part.size()
                + " bytes for "
                + Printable.quote(part.path())
                + ": the model was logged into another store, or the content is damaged");
      }
    } catch (IOException e) {
      throw new StoreException("the content " + sha256 + " can't be synced: " + e, e);
    }
  }

  private List<Artifact> keep(ModelPackage packed) {
    List<Artifact> parts = new ArrayList<>();
    for (ModelPart part : packed.parts()) {
      try (InputStream in = part.open()) {
        Blobs.Blob blob = blobs().put(in);
        parts.add(new Artifact(part.name(), false, blob.size(), blob.sha256()));
      } catch (IOException | Blobs.NotKeptException e) {
        throw new StoreException(
            "the file " + Printable.quote(part.name()) + " can't be kept: " + e.getMessage(), e);
      }
    }
    return parts;
  }

  /** Writes a version, unless somebody else was first; returns whether it was. */
  boolean add(ModelVersion version, String key, int after) {
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
