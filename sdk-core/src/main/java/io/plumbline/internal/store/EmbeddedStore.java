package io.plumbline.internal.store;

import io.plumbline.ConflictException;
import io.plumbline.NotFoundException;
import io.plumbline.StoreException;
import io.plumbline.internal.Folders;
import io.plumbline.internal.Printable;
import io.plumbline.internal.Time;
import io.plumbline.internal.journal.Journal;
import io.plumbline.internal.journal.JournalOptions;
import io.plumbline.internal.journal.RunState;
import io.plumbline.internal.journal.WriterFolder;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.Artifact;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.MetricHistory;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import io.plumbline.model.Run;
import io.plumbline.model.RunStatus;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An opened store folder: the one place through which clients and the backend SPI reach its rooms.
 */
public final class EmbeddedStore {
  private static final int FORMAT = 1;
  private static final long ABANDONED_MILLIS = 60_000;

  private final Path root;
  private final Time time;
  private final long lostNanos;
  private final Journal journal;
  private final Blobs blobs;
  private final ExperimentFiles experiments;
  private final RunReader reader;
  private final Artifacts artifacts;
  private volatile RunListener listener = RunListener.NONE;
  private volatile boolean closed;

  private EmbeddedStore(Path root, JournalOptions options) {
    this.root = root;
    this.time = options.time();
    this.lostNanos = options.lostNanos();
    this.journal = Journal.open(root, options);
    this.blobs = new Blobs(root, journal::syncLater);
    this.experiments = new ExperimentFiles(root, time);
    this.reader = new RunReader(root, experiments, time, options.lostNanos());
    this.artifacts = new Artifacts(blobs, reader);
  }

  /**
   * Opens a store, and makes it if it does not exist.
   *
   * @throws StoreException if the folder can't be made or written, is of a newer format, or is not
   *     a store
   */
  public static EmbeddedStore open(Path root, JournalOptions options) {
    Path folder = root.toAbsolutePath().normalize();
    prepare(folder, options.time());
    return new EmbeddedStore(folder, options);
  }

  /** Makes a store of a folder, or refuses what is not ours. */
  static void prepare(Path folder, Time time) {
    String inTheWay = Folders.fileInTheWay(folder);
    if (inTheWay != null) {
      throw new StoreException(
          "the store "
              + folder
              + " can't be opened: "
              + inTheWay
              + "; name another folder (plumbline.store or tracking.uri), or move the file away");
    }
    Path marker = folder.resolve("store.json");
    try {
      if (Files.exists(marker)) {
        check(marker);
        return;
      }
      refuseOthers(folder);
      boolean fresh = !Files.isDirectory(folder);
      StoreFiles.createFolders(folder);
      if (fresh && Files.getFileStore(folder).supportsFileAttributeView("posix")) {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
      }
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("format", (long) FORMAT);
      json.put("created", time.millis());
      Files.write(marker, Json.bytes(json));
    } catch (IOException e) {
      // A full disk must not keep a run from starting; one that can't be written at all will.
      if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
        throw new StoreException("the store " + folder + " can't be made: " + e, e);
      }
    }
  }

  private static void check(Path marker) throws IOException {
    byte[] bytes = Files.readAllBytes(marker);
    if (bytes.length == 0) {
      return; // made on a full disk
    }
    try {
      long format = JsonObject.of(Json.parse(bytes), "store.json").longValue("format");
      if (format > FORMAT) {
        throw new StoreException(
            marker + " says format " + format + "; this version knows " + FORMAT + ": update it");
      }
    } catch (JsonException e) {
      throw new StoreException(marker + " is damaged: " + e.getMessage(), e);
    }
  }

  /** Refuses a folder that is another program's store: MLflow's, for instance. */
  private static void refuseOthers(Path folder) throws IOException {
    try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
      for (Path child : children) {
        if (Files.exists(child.resolve("meta.yaml"))) {
          throw new StoreException(
              folder
                  + " is a folder of MLflow's own file store, which Plumbline does not write to;"
                  + " choose another folder (plumbline.store or tracking.uri)");
        }
      }
    } catch (NoSuchFileException e) {
      // The usual case: it does not exist yet.
    }
  }

  /** Returns the store's folder. */
  public Path root() {
    return root;
  }

  /** Has somebody told what this program does with runs from now on. */
  public void tell(RunListener told) {
    listener = told;
  }

  /** Returns the journal. */
  public Journal journal() {
    return journal;
  }

  /** Returns the experiments. */
  public ExperimentFiles experiments() {
    return experiments;
  }

  /** Returns the runs as they can be read. */
  public RunReader runs() {
    return reader;
  }

  /** Returns the contents. */
  public Blobs blobs() {
    return blobs;
  }

  /** Returns the files of runs. */
  public Artifacts artifacts() {
    return artifacts;
  }

  /** Returns the clocks. */
  public Time time() {
    return time;
  }

  /** Returns after how long without a sign of life a writer counts as dead, in nanoseconds. */
  public long lostNanos() {
    return lostNanos;
  }

  /** Makes the next reading see what this process has logged; does not wait for an fsync. */
  public void settle() {
    journal.settle(Duration.ofSeconds(5));
  }

  // ---- writing

  /** Starts a run. */
  public OpenRun start(
      String runId,
      String experimentId,
      String experiment,
      String name,
      String user,
      @Nullable String parent,
      Map<String, String> tags) {
    checkOpen();
    listener.starting(runId);
    OpenRun run =
        new OpenRun(journal, journal.openRun(runId, 0), time, listener, Map.of(), Set.of());
    run.start(experimentId, experiment, name, user, parent, time.millis(), tags);
    return run;
  }

  /**
   * Takes an id for a run that is about to be started, ahead of all other processes.
   *
   * @return false if another one has it
   */
  public boolean claim(String runId) {
    Path folder = reader.folder(runId);
    try {
      Files.createDirectories(folder.resolveSibling("."));
      Files.createDirectory(folder);
      return true;
    } catch (FileAlreadyExistsException e) {
      return isAbandoned(runId, folder) && takeOver(folder);
    } catch (IOException e) {
      return true; // a full disk must not keep a run from starting
    }
  }

  /** Gives an id back for which no run was started after all. */
  public void unclaim(String runId) {
    try {
      Files.deleteIfExists(reader.folder(runId));
    } catch (IOException e) {
      // It is not empty: then it is no claim but a run.
    }
  }

  /** Whether who claimed it has died before the run's first whole record. */
  private boolean isAbandoned(String runId, Path folder) {
    try {
      long age = time.millis() - Files.getLastModifiedTime(folder).toMillis();
      return age > ABANDONED_MILLIS
          && reader.state(runId) == null
          && RunReader.writers(folder).stream().noneMatch(this::lives);
    } catch (IOException e) {
      return false;
    }
  }

  private boolean lives(String writer) {
    return WriterFolder.lives(root, writer, time, lostNanos);
  }

  /** Of many that take over a claim, the one wins that moves it away and makes it anew. */
  private static boolean takeOver(Path folder) {
    try {
      Files.move(folder, folder.resolveSibling("." + folder.getFileName() + "." + newId()));
      Files.createDirectory(folder);
      return true;
    } catch (IOException e) {
      return false; // another one was first
    }
  }

  /**
   * Opens a run that exists.
   *
   * @throws NotFoundException if it does not
   */
  public OpenRun attach(String runId) {
    checkOpen();
    settle();
    RunState state = reader.state(runId);
    if (state == null) {
      throw noRun(runId);
    }
    return new OpenRun(
        journal,
        journal.openRun(runId, state.lastStamp()),
        time,
        listener,
        state.params(),
        state.artifacts().keySet());
  }

  /** Refuses what is to be written after the close: it would wait for a writer that is gone. */
  void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the store " + root + " is closed; open it again to write");
    }
  }

  /** Makes the exception for a run that is not there. */
  public static NotFoundException noRun(String runId) {
    return new NotFoundException("there is no run " + Printable.quote(runId) + " in the store");
  }

  /** Keeps a model's parts, and then the model. */
  public LoggedModel putModel(OpenRun run, String name, ModelPackage model) {
    return putModel(run, "m-" + newId(), name, Instant.ofEpochMilli(time.millis()), model);
  }

  /** The same for one that has an id and a time already. */
  LoggedModel putModel(OpenRun run, String id, String name, Instant created, ModelPackage model) {
    Names.name("model", name);
    List<Artifact> parts = new ArrayList<>();
    for (ModelPart part : model.parts()) {
      try (InputStream in = part.open()) {
        Blobs.Blob blob = blobs.put(in);
        parts.add(new Artifact(part.name(), false, blob.size(), blob.sha256()));
      } catch (IOException e) {
        throw new StoreException(
            "the part " + part.name() + " of model " + name + " can't be read: " + e, e);
      }
    }
    LoggedModel logged =
        new LoggedModel(id, name, run.id(), model.flavor(), model.digest(), created, parts);
    run.model(logged);
    return logged;
  }

  /** Makes a folder for what is needed for a moment; who asks for it removes it. */
  public Path temporaryFolder() throws IOException {
    Path place = root.resolve("blobs").resolve("tmp");
    StoreFiles.createFolders(place);
    return Files.createTempDirectory(place, "courier-");
  }

  /** Removes such a folder with all that is in it. */
  public void removeTemporary(Path folder) {
    StoreFiles.deleteTree(folder);
  }

  /** Copies a model's parts into a folder, and checks their digests. */
  public void download(LoggedModel model, Path folder) {
    for (Artifact part : model.parts()) {
      Path target = folder.resolve(Names.path(part.path()));
      blobs.copy(String.valueOf(part.sha256()), target);
    }
  }

  /** Returns a new run id: 32 hex digits. */
  public static String newId() {
    return UUID.randomUUID().toString().replace("-", "");
  }

  // ---- reading

  /** Reads a run. */
  public Run get(String runId) {
    return reader.find(runId).orElseThrow(() -> noRun(runId));
  }

  /**
   * Returns the points of a metric.
   *
   * @throws NotFoundException if there is no such run
   */
  public MetricHistory history(String runId, String key) {
    Path folder = reader.folder(runId);
    if (RunReader.writers(folder).isEmpty()) {
      throw noRun(runId);
    }
    return new StoredHistory(folder, key);
  }

  // ---- deleting

  /** Deletes a run, or takes that back. */
  public void setDeleted(String runId, boolean deleted) {
    try (OpenRun run = attach(runId)) {
      run.deleted(deleted);
    }
  }

  /**
   * Removes a deleted run for good.
   *
   * @throws ConflictException if it is not deleted, or is being written
   */
  public void erase(String runId) {
    checkOpen();
    settle();
    Run run = get(runId);
    if (!run.deleted()) {
      throw new ConflictException(
          "run " + runId + " is not deleted; delete it before you erase it");
    }
    if (run.status() == RunStatus.RUNNING) {
      throw new ConflictException("run " + runId + " is still being written; end it first");
    }
    journal.drop(runId);
    Path folder = reader.folder(runId);
    Path going = folder.resolveSibling("." + folder.getFileName() + "." + newId());
    try {
      // Away in one step: nobody sees half a run.
      Files.move(folder, going);
      try (DirectoryStream<Path> files = Files.newDirectoryStream(going)) {
        for (Path file : files) {
          Files.deleteIfExists(file);
        }
      }
      Files.deleteIfExists(going);
    } catch (IOException e) {
      throw new StoreException("run " + runId + " could not be erased: " + e, e);
    }
  }

  /** Closes the journal; see {@link Journal#close}. */
  public boolean close(Duration timeout) {
    closed = true;
    return journal.close(timeout);
  }
}
