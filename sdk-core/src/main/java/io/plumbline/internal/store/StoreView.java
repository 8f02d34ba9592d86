package io.plumbline.internal.store;

import io.plumbline.NotFoundException;
import io.plumbline.StoreException;
import io.plumbline.internal.Folders;
import io.plumbline.internal.Time;
import io.plumbline.internal.journal.RunState;
import io.plumbline.internal.journal.WriterFolder;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.Artifact;
import io.plumbline.model.MetricHistory;
import io.plumbline.model.Page;
import io.plumbline.model.Run;
import io.plumbline.model.RunQuery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A store folder opened for reading only: no writer of its own, no recovery, nothing made and
 * nothing changed, whoever writes into the store meanwhile.
 */
public final class StoreView {
  private static final long FORMAT = 1;

  private final Path root;
  private final Time time;
  private final long lostNanos;
  private final Blobs blobs;
  private final RunReader reader;
  private final Artifacts artifacts;
  private final ExperimentFiles experiments;

  private StoreView(Path root, Time time, long lostNanos) {
    this.root = root;
    this.time = time;
    this.lostNanos = lostNanos;
    this.blobs = new Blobs(root, file -> {});
    this.experiments = new ExperimentFiles(root, time);
    this.reader = new RunReader(root, experiments, time, lostNanos);
    this.artifacts = new Artifacts(blobs, reader);
  }

  /**
   * Opens a store.
   *
   * @param lostNanos how old the last sign of life of a lost writer is, where locks can't be asked
   * @throws NotFoundException if there is no store in that folder
   * @throws StoreException if it is of a newer format
   */
  public static StoreView open(Path folder, Time time, long lostNanos) {
    Path root = folder.toAbsolutePath().normalize();
    if (!isStore(root)) {
      String inTheWay = Folders.fileInTheWay(root);
      throw new NotFoundException(
          "there is no store in " + root + (inTheWay == null ? "" : ": " + inTheWay));
    }
    checkFormat(root.resolve("store.json"));
    return new StoreView(root, time, lostNanos);
  }

  private static boolean isStore(Path root) {
    return Files.exists(root.resolve("store.json"))
        || Files.isDirectory(root.resolve("runs")) && Files.isDirectory(root.resolve("writers"));
  }

  private static void checkFormat(Path marker) {
    try {
      byte[] bytes = Files.readAllBytes(marker);
      long format = bytes.length == 0 ? 1 : Json.object(bytes, "store.json").longValue("format");
      if (format > FORMAT) {
        throw new StoreException(
            marker + " says format " + format + "; this version knows " + FORMAT + ": update it");
      }
    } catch (NoSuchFileException e) {
      // Made on a full disk: everything else is there.
    } catch (JsonException e) {
      throw new StoreException(marker + " is damaged: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new StoreException(marker + " can't be read: " + e, e);
    }
  }

  /** Returns the store's folder. */
  public Path root() {
    return root;
  }

  /** Returns the runs. */
  public RunReader runs() {
    return reader;
  }

  /** Returns the files of runs. */
  public Artifacts artifacts() {
    return artifacts;
  }

  /** Returns all files of a run, in the order of their paths. */
  public List<Artifact> files(String runId) {
    return reader.isWithoutFiles(runId) ? List.of() : List.copyOf(artifacts.all(runId).values());
  }

  /** Returns the experiments. */
  public ExperimentFiles experiments() {
    return experiments;
  }

  /** Returns one page of the runs that a query asks for. */
  public Page<Run> search(RunQuery query) {
    return RunSearch.page(reader.all(), query);
  }

  /** Returns the points of a metric. */
  public MetricHistory history(String runId, String key) {
    return new StoredHistory(reader.folder(runId), key);
  }

  /**
   * Reads the points of several metrics in one go.
   *
   * @param consumers of the points, by the metric's key; each metric's points come in their order
   */
  public void histories(String runId, Map<String, MetricHistory.PointConsumer> consumers) {
    StoredHistory.forEach(reader.folder(runId), consumers);
  }

  /** Reads all points of a run in one go; those of one metric come in their order. */
  public void points(String runId, RunPoints.Consumer consumer) {
    RunPoints.read(reader.folder(runId), consumer);
  }

  /** Returns the registry. */
  public RegistryFiles registry() {
    return RegistryFiles.of(root, time);
  }

  Blobs blobs() {
    return blobs;
  }

  // ---- who writes

  /** Returns the ids of the writers that have a folder and live. */
  public List<String> livingWriters() {
    return writers(true);
  }

  /**
   * Returns the ids of the writers that are dead and not recovered: what was only in their rings is
   * not yet in the runs.
   */
  public List<String> deadWriters() {
    return writers(false);
  }

  private List<String> writers(boolean living) {
    return StoreFiles.children(root.resolve("writers")).stream()
        // A folder without its description is just being made, or just being removed.
        .filter(
            folder ->
                Files.exists(folder.resolve("writer.json"))
                    || Files.exists(folder.resolve("closed.json")))
        .map(folder -> String.valueOf(folder.getFileName()))
        .filter(id -> lives(id) == living)
        .toList();
  }

  boolean lives(String writer) {
    return WriterFolder.lives(root, writer, time, lostNanos);
  }

  /** Returns the ids of the writers that have written into a run. */
  public List<String> writersOf(String runId) {
    return RunReader.writers(reader.folder(runId));
  }

  /** Returns the folders of all runs, in the order of their names. */
  List<Path> runFolders() {
    // A leading dot marks what is being erased.
    return StoreFiles.children(root.resolve("runs")).stream()
        .filter(folder -> !String.valueOf(folder.getFileName()).startsWith("."))
        .filter(Files::isDirectory)
        .toList();
  }

  /** Returns the digests of all contents that a run refers to, and what each is there. */
  static Map<String, String> references(RunState state) {
    Map<String, String> found = new TreeMap<>();
    state
        .artifacts()
        .forEach((path, json) -> found.put(json.string("sha256"), "the artifact " + path));
    for (JsonObject model : state.models()) {
      String of = " of model " + model.string("name");
      for (JsonObject part : model.objects("parts")) {
        found.put(part.string("sha256"), "the part " + part.string("path") + of);
      }
    }
    return found;
  }
}
