package io.plumbline.internal.store;

import io.plumbline.ConflictException;
import io.plumbline.NotFoundException;
import io.plumbline.StoreException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.Time;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.AliasChange;
import io.plumbline.model.Artifact;
import io.plumbline.model.ModelNames;
import io.plumbline.model.ModelQuery;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.Page;
import io.plumbline.model.RegisteredModel;
import io.plumbline.spi.ModelStore;
import io.plumbline.spi.NewAlias;
import io.plumbline.spi.NewVersion;
import io.plumbline.spi.RegistryUpdate;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registry of a store: {@code registry/<model>/}, with the model's own numbered files in {@code
 * model}, and folders {@code versions} and {@code aliases}. It needs no journal: each change is one
 * file, linked to its number whole.
 */
public final class RegistryFiles implements ModelStore {
  private static final Logger LOG = LoggerFactory.getLogger("io.plumbline.store");
  private static final int TRIES = 100;

  private final Path root;
  private final Time time;
  private final Path store;
  private final Blobs blobs;
  private final Runnable guard;

  private RegistryFiles(Path store, Time time, Runnable guard) {
    this.store = store;
    this.root = store.resolve("registry");
    this.time = time;
    this.blobs = new Blobs(store, file -> {}); // each is synced when a version is to name it
    this.guard = guard;
  }

  /** Returns the registry of a store's folder, which need not exist. */
  public static RegistryFiles of(Path store, Time time) {
    return of(store, time, () -> {});
  }

  /**
   * Returns the registry of a store's folder.
   *
   * @param guard throws when the store is closed
   */
  static RegistryFiles of(Path store, Time time, Runnable guard) {
    return new RegistryFiles(store.toAbsolutePath().normalize(), time, guard);
  }

  /** What is checked before a change: that this is a store of ours, and open. */
  private void beforeChange() {
    guard.run();
    EmbeddedStore.prepare(store, time);
  }

  /**
   * Tells the digests of all contents that versions refer to, deleted ones too: they can be
   * restored. Asks the folders, not the models: whatever is damaged besides, a content stays.
   *
   * @throws StoreException if a version can't be read
   */
  void references(Consumer<String> consumer) {
    folders().forEach(folder -> VersionFiles.references(folder, consumer));
  }

  /** Returns the folders of all models. */
  List<Path> folders() {
    return StoreFiles.folders(root);
  }

  private Path folder(String name) {
    return root.resolve(FolderNames.of(ModelNames.model(name)));
  }

  private NumberedFiles files(String name) {
    return new NumberedFiles(folder(name).resolve("model"));
  }

  private AliasFiles aliases(String name) {
    return new AliasFiles(name, folder(name), time);
  }

  private VersionFiles versions(String name) {
    return new VersionFiles(name, folder(name), time, blobs);
  }

  // ---- models

  @Override
  public RegisteredModel createModel(String name, String description, Map<String, String> tags) {
    beforeChange();
    ModelNames.model(name);
    Names.value("description", description);
    tags.forEach((key, value) -> Names.value("tag " + Names.key("tag", key), value));
    Instant now = Instant.ofEpochMilli(time.millis());
    RegisteredModel fresh =
        new RegisteredModel(name, description, tags, Map.of(), 0, now, now, false);
    if (!add(fresh, 0)) {
      throw new ConflictException(
          "there is a registered model " + Printable.quote(name) + " already, deleted or not");
    }
    return fresh;
  }

  private boolean add(RegisteredModel model, int after) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("format", 1L);
    json.put("name", model.name());
    json.put("description", model.description());
    json.put("tags", new LinkedHashMap<String, @Nullable Object>(model.tags()));
    json.put("created", model.created().toEpochMilli());
    json.put("changed", model.changed().toEpochMilli());
    json.put("deleted", model.deleted());
    try {
      return files(model.name()).add(after, Json.bytes(json));
    } catch (IOException e) {
      throw new StoreException(
          "the registered model " + Printable.quote(model.name()) + " can't be kept: " + e, e);
    }
  }

  @Override
  public Optional<RegisteredModel> findModel(String name) {
    guard.run();
    ModelNames.model(name);
    NumberedFiles.Version latest = latest(name, files(name));
    return latest == null ? Optional.empty() : Optional.of(read(folder(name), latest));
  }

  private static NumberedFiles.@Nullable Version latest(String name, NumberedFiles files) {
    try {
      return files.latest();
    } catch (IOException e) {
      throw new StoreException("model " + Printable.quote(name) + " can't be read: " + e, e);
    }
  }

  private RegisteredModel read(Path folder, NumberedFiles.Version file) {
    try {
      JsonObject json = Json.object(file.content(), "it");
      String name = json.string("name");
      if (!folder(name).equals(folder)) {
        throw new JsonException("it says that it is " + Printable.quote(name));
      }
      return new RegisteredModel(
          name,
          json.string("description"),
          RegistryJson.texts(json.object("tags")),
          aliases(name).all(),
          versions(name).highest(),
          Instant.ofEpochMilli(json.longValue("created")),
          Instant.ofEpochMilli(json.longValue("changed")),
          json.bool("deleted"));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new StoreException(
          "the registered model in " + folder + " is damaged: " + e.getMessage(), e);
    }
  }

  private RegisteredModel model(String name) {
    return findModel(name).orElseThrow(() -> noModel(name));
  }

  private static NotFoundException noModel(String name) {
    return new NotFoundException("there is no registered model " + Printable.quote(name));
  }

  @Override
  public Page<RegisteredModel> searchModels(ModelQuery query) {
    List<RegisteredModel> found = new ArrayList<>();
    guard.run();
    for (Path folder : folders()) {
      try {
        NumberedFiles files = new NumberedFiles(folder.resolve("model"));
        NumberedFiles.Version latest = latest(String.valueOf(folder.getFileName()), files);
        if (latest != null) {
          found.add(read(folder, latest));
        }
      } catch (StoreException e) {
        LOG.warn("left out of the registered models: {}", e.getMessage());
      }
    }
    String after = query.pageToken();
    found.removeIf(
        model -> !query.matches(model) || after != null && model.name().compareTo(after) <= 0);
    found.sort(Comparator.comparing(RegisteredModel::name));
    if (found.size() <= query.maxResults()) {
      return new Page<>(found, null);
    }
    List<RegisteredModel> page = found.subList(0, query.maxResults());
    return new Page<>(page, page.get(page.size() - 1).name());
  }

  @Override
  public void updateModel(String name, RegistryUpdate update) {
    beforeChange();
    for (int i = 0; i < TRIES; i++) {
      NumberedFiles.Version latest = latest(name, files(name));
      if (latest == null) {
        throw noModel(name);
      }
      if (add(changed(read(folder(name), latest), update), latest.number())) {
        return;
      }
    }
    throw new StoreException(
        "model " + Printable.quote(name) + " is changed by too many others just now");
  }

  private RegisteredModel changed(RegisteredModel model, RegistryUpdate update) {
    String description = model.description();
    Map<String, String> tags = model.tags();
    boolean deleted = model.deleted();
    if (update instanceof RegistryUpdate.Describe describe) {
      description = Names.value("description", describe.description());
    } else if (update instanceof RegistryUpdate.SetDeleted set) {
      deleted = set.deleted();
    } else if (update instanceof RegistryUpdate.Quarantine) {
      throw new IllegalArgumentException("versions are quarantined, not models");
    } else {
      tags = VersionFiles.tags(tags, update);
    }
    return new RegisteredModel(
        model.name(),
        description,
        tags,
        model.aliases(),
        model.latestVersion(),
        model.created(),
        Instant.ofEpochMilli(time.millis()),
        deleted);
  }

  // ---- versions

  @Override
  public ModelVersion createVersion(NewVersion wanted) {
    beforeChange();
    String name = ModelNames.model(wanted.name());
    Optional<ModelVersion> made = versions(name).find(wanted.key());
    if (made.isPresent()) {
      return made.get();
    }
    Optional<RegisteredModel> model = findModel(name);
    model.ifPresent(RegistryFiles::refuseDeleted);
    // The contents first: a model without versions should not be all that a failure leaves.
    ModelVersion.Builder content = versions(name).content(wanted);
    if (model.isEmpty()) {
      try {
        createModel(name, "", Map.of());
      } catch (ConflictException e) {
        refuseDeleted(model(name)); // somebody else has made it just now
      }
    }
    return versions(name).create(wanted, content);
  }

  /**
   * Keeps a version that was registered elsewhere, with the number and the time that it has there.
   *
   * @return nothing if there is a version with that number already
   */
  public Optional<ModelVersion> addVersion(int number, NewVersion elsewhere, Instant created) {
    beforeChange();
    String name = ModelNames.model(elsewhere.name());
    refuseDeleted(model(name));
    VersionFiles versions = versions(name);
    if (number < 1 || versions.find(number, Map.of()).isPresent()) {
      return Optional.empty();
    }
    ModelVersion version = versions.content(elsewhere).created(created).build(number);
    return versions.add(version, elsewhere.key(), 0) ? Optional.of(version) : Optional.empty();
  }

  private static void refuseDeleted(RegisteredModel model) {
    if (model.deleted()) {
      throw new ConflictException(
          "the registered model "
              + Printable.quote(model.name())
              + " is deleted; restore it first");
    }
  }

  @Override
  public Optional<ModelVersion> findVersion(String name, int version) {
    guard.run();
    ModelNames.model(name);
    return versions(name).find(version, aliases(name).all());
  }

  @Override
  public Optional<ModelVersion> findByAlias(String name, String alias) {
    guard.run();
    Integer version = aliases(ModelNames.model(name)).find(alias);
    return version == null ? Optional.empty() : findVersion(name, version);
  }

  @Override
  public Page<ModelVersion> versions(String name, int maxResults, @Nullable String pageToken) {
    if (maxResults < 1) {
      throw new IllegalArgumentException("maxResults is " + maxResults + "; it must be at least 1");
    }
    model(name);
    List<Integer> numbers = new ArrayList<>(versions(name).numbers());
    Collections.reverse(numbers);
    if (pageToken != null) {
      int before = token(pageToken);
      numbers.removeIf(number -> number >= before);
    }
    boolean more = numbers.size() > maxResults;
    Map<String, Integer> aliases = aliases(name).all();
    List<ModelVersion> page = new ArrayList<>();
    for (int number : numbers.subList(0, Math.min(maxResults, numbers.size()))) {
      try {
        versions(name).find(number, aliases).ifPresent(page::add);
      } catch (StoreException e) {
        LOG.warn("left out of the versions: {}", e.getMessage());
      }
    }
    return new Page<>(page, more ? String.valueOf(numbers.get(maxResults - 1)) : null);
  }

  private static int token(String pageToken) {
    try {
      return Integer.parseInt(pageToken);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          Printable.quote(pageToken) + " is no page token of this list", e);
    }
  }

  @Override
  public void updateVersion(String name, int version, RegistryUpdate update) {
    beforeChange();
    ModelNames.model(name);
    versions(name).update(version, update);
  }

  // ---- aliases

  @Override
  public AliasChange changeAlias(NewAlias alias) {
    beforeChange();
    RegisteredModel model = model(alias.model());
    refuseDeleted(model);
    String name = model.name();
    Names.value("user", alias.user());
    Names.value("reason", alias.reason());
    Integer version = alias.version();
    if (version != null && versions(name).find(version, Map.of()).isEmpty()) {
      throw VersionFiles.noVersion(name, version);
    }
    return aliases(name).change(alias);
  }

  @Override
  public List<AliasChange> aliasHistory(String name, String alias) {
    return aliases(model(name).name()).history(alias);
  }

  // ---- contents

  @Override
  public InputStream openPart(ModelVersion version, String part, long offset) {
    guard.run();
    Artifact file =
        version.parts().stream()
            .filter(artifact -> artifact.path().equals(part))
            .findFirst()
            .orElseThrow(
                () ->
                    new NotFoundException(version.uri() + " has no file " + Printable.quote(part)));
    if (offset < 0 || offset > file.size()) {
      throw new IllegalArgumentException(
          Printable.quote(part) + " has " + file.size() + " bytes; " + offset + " is none of them");
    }
    InputStream in = blobs.open(String.valueOf(file.sha256()));
    try {
      in.skipNBytes(offset);
      return in;
    } catch (IOException e) {
      try (in) {
        throw new StoreException("the content of " + Printable.quote(part) + " can't be read", e);
      } catch (IOException closing) {
        throw new StoreException("the content of " + Printable.quote(part) + " can't be read", e);
      }
    }
  }
}
