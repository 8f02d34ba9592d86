package io.plumbline.internal.store;

import io.plumbline.ConflictException;
import io.plumbline.NotFoundException;
import io.plumbline.StoreException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.Time;
import io.plumbline.internal.digest.Sha256;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.Experiment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The experiments of a store: {@code experiments/<id>/<number>.json}.
 *
 * <p>An id is made from the name, so that two processes that make the same experiment make one.
 */
public final class ExperimentFiles {
  private static final Logger LOG = LoggerFactory.getLogger("io.plumbline.store");
  private static final int TRIES = 100;

  private final Path root;
  private final Time time;

  ExperimentFiles(Path store, Time time) {
    this.root = store.resolve("experiments");
    this.time = time;
  }

  /**
   * Finds an experiment by name, or makes it. On a full disk the experiment is returned all the
   * same: its id follows from its name, and the next run in it makes its file.
   *
   * @throws ConflictException if the experiment is deleted
   */
  public Experiment findOrCreate(String name) {
    Names.name("experiment", name);
    Experiment found;
    try {
      found = find(name).orElseGet(() -> create(name, Map.of()));
    } catch (ConflictException e) {
      found = find(name).orElseThrow(() -> e);
    } catch (StoreException e) {
      LOG.warn("{}; runs go on without its file", e.getMessage());
      found = new Experiment(id(name, 0), name, now(), Map.of(), false);
    }
    if (found.deleted()) {
      throw new ConflictException(
          "the experiment " + Printable.quote(name) + " is deleted; restore it, or use another");
    }
    return found;
  }

  private Instant now() {
    return Instant.ofEpochMilli(time.millis());
  }

  /** Makes an experiment. */
  public Experiment create(String name, Map<String, String> tags) {
    Names.name("experiment", name);
    tags.forEach((key, value) -> Names.value("tag " + Names.key("tag", key), value));
    if (find(name).isPresent()) {
      throw taken(name);
    }
    for (int salt = 0; salt < TRIES; salt++) {
      Experiment fresh = new Experiment(id(name, salt), name, now(), tags, false);
      if (add(fresh, 0)) {
        return fresh;
      }
      // The id is that of an experiment that has another name now, or of one just made.
      if (find(name).isPresent()) {
        throw taken(name);
      }
    }
    throw new StoreException("no free id for experiment " + Printable.quote(name) + " in " + root);
  }

  private ConflictException taken(String name) {
    return new ConflictException(
        "there is an experiment " + Printable.quote(name) + " already, deleted or not");
  }

  private static String id(String name, int salt) {
    byte[] digest = Sha256.start().digest((salt + "\n" + name).getBytes(StandardCharsets.UTF_8));
    long bits = 0;
    for (int i = 0; i < 8; i++) {
      bits = bits << 8 | digest[i] & 0xFF;
    }
    // Digits only, as MLflow's ids are.
    return Long.toString(Math.max(1, bits >>> 4));
  }

  /** Finds an experiment by name, deleted or not. */
  public Optional<Experiment> find(String name) {
    Optional<Experiment> likely = get(id(name, 0)).filter(e -> e.name().equals(name));
    if (likely.isPresent()) {
      return likely;
    }
    return all().stream().filter(e -> e.name().equals(name)).findFirst();
  }

  /** Finds an experiment by id. */
  public Optional<Experiment> get(String id) {
    if (id.isEmpty() || !id.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Optional.empty();
    }
    try {
      NumberedFiles.Version latest = files(id).latest();
      return latest == null ? Optional.empty() : Optional.of(read(id, latest.content()));
    } catch (IOException e) {
      throw new StoreException("experiment " + id + " can't be read: " + e, e);
    }
  }

  /** Lists all experiments by name. */
  public List<Experiment> all() {
    List<Experiment> all = new ArrayList<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(root)) {
      for (Path folder : folders) {
        get(String.valueOf(folder.getFileName())).ifPresent(all::add);
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new StoreException("the experiments in " + root + " can't be read: " + e, e);
    }
    all.sort(Comparator.comparing(Experiment::name));
    return all;
  }

  /** Sets a tag. */
  public void setTag(String id, String key, String value) {
    Names.key("tag", key);
    Names.value("tag " + key, value);
    change(
        id,
        e -> {
          Map<String, String> tags = new LinkedHashMap<>(e.tags());
          tags.put(key, value);
          return new Experiment(e.id(), e.name(), e.created(), tags, e.deleted());
        });
  }

  /** Gives an experiment another name. */
  public void rename(String id, String name) {
    Names.name("experiment", name);
    find(name)
        .filter(other -> !other.id().equals(id))
        .ifPresent(
            other -> {
              throw taken(name);
            });
    change(id, e -> new Experiment(e.id(), name, e.created(), e.tags(), e.deleted()));
  }

  /** Deletes an experiment, or takes that back. */
  public void setDeleted(String id, boolean deleted) {
    change(id, e -> new Experiment(e.id(), e.name(), e.created(), e.tags(), deleted));
  }

  private void change(String id, UnaryOperator<Experiment> change) {
    try {
      for (int i = 0; i < TRIES; i++) {
        NumberedFiles.Version latest = files(id).latest();
        if (latest == null) {
          throw new NotFoundException("there is no experiment " + Printable.quote(id));
        }
        if (add(change.apply(read(id, latest.content())), latest.number())) {
          return;
        }
      }
    } catch (IOException e) {
      throw new StoreException("experiment " + id + " can't be changed: " + e, e);
    }
    throw new StoreException("experiment " + id + " is changed by too many others just now");
  }

  private boolean add(Experiment experiment, int after) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("format", 1L);
    json.put("id", experiment.id());
    json.put("name", experiment.name());
    json.put("created", experiment.created().toEpochMilli());
    json.put("tags", new LinkedHashMap<String, @Nullable Object>(experiment.tags()));
    json.put("deleted", experiment.deleted());
    json.put("changed", time.millis());
    try {
      return files(experiment.id()).add(after, Json.bytes(json));
    } catch (IOException e) {
      throw new StoreException(
          "experiment " + Printable.quote(experiment.name()) + " can't be kept: " + e, e);
    }
  }

  private NumberedFiles files(String id) {
    return new NumberedFiles(root.resolve(id));
  }

  private Experiment read(String id, byte[] content) {
    try {
      JsonObject json = JsonObject.of(Json.parse(content), "experiment " + id);
      Map<String, String> tags = new LinkedHashMap<>();
      JsonObject stored = json.object("tags");
      stored.asMap().keySet().forEach(key -> tags.put(key, stored.string(key)));
      return new Experiment(
          json.string("id"),
          json.string("name"),
          Instant.ofEpochMilli(json.longValue("created")),
          tags,
          json.bool("deleted"));
    } catch (JsonException e) {
      throw new StoreException(
          "the newest file in " + root.resolve(id) + " is damaged: " + e.getMessage(), e);
    }
  }
}
