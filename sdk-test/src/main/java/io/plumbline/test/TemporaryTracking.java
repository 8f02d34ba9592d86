package io.plumbline.test;

import io.plumbline.Config;
import io.plumbline.Delivery;
import io.plumbline.model.Artifact;
import io.plumbline.model.Experiment;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.MetricHistory;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.Page;
import io.plumbline.model.Run;
import io.plumbline.model.RunQuery;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.tracking.ExportFormat;
import io.plumbline.tracking.Resume;
import io.plumbline.tracking.RunOptions;
import io.plumbline.tracking.Tracker;
import io.plumbline.tracking.TrackingClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A tracking client for tests: the real one, on a store of its own that is gone when it is closed.
 *
 * <p>It reads neither system properties nor the environment nor a file of settings, and never waits
 * for a disk to sync. What it does is what production code meets: nothing is simulated.
 *
 * <pre>{@code
 * try (TemporaryTracking tracking = TemporaryTracking.open()) {
 *   Run run = new Training(tracking).train();
 *   assertThat(run).isFinished().hasParam("max_depth", "6").hasMetric("auc");
 * }
 * }</pre>
 *
 * <p>{@link PlumblineExtension} opens and closes one for each test.
 */
public final class TemporaryTracking implements TrackingClient {
  private final Path folder;
  private final Config config;
  private final TrackingClient client;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable ModelRegistry registry;

  private TemporaryTracking(Path folder, Config config) {
    this.folder = folder;
    this.config = config;
    this.client = TrackingClient.create(config);
  }

  /** Opens a client on an empty store in the system's folder for temporary files. */
  public static TemporaryTracking open() {
    Path folder;
    try {
      folder = Files.createTempDirectory("plumbline-test-");
    } catch (IOException e) {
      throw new UncheckedIOException("no temporary folder can be made: " + e.getMessage(), e);
    }
    Config config =
        Config.builder()
            .isolated()
            .store(folder.resolve("store"))
            .set("journal.fsync", "none")
            .set("journal.ring", "heap")
            .set("journal.ring.size", "256KiB")
            .set("store.reserve", "0")
            .set("shutdown.hook", "off")
            .set("registry.poll", "20ms")
            .set("registry.metadata.age", "0s")
            .build();
    return new TemporaryTracking(folder, config);
  }

  /** Returns the folder of the store. */
  public Path store() {
    return folder.resolve("store");
  }

  /**
   * Returns a registry on the same store, the same one each time; closed with this. It asks for
   * news every 20 ms, so that a live model follows a promotion while a test waits.
   */
  public ModelRegistry registry() {
    lock.lock();
    try {
      ModelRegistry open = registry;
      if (open == null) {
        open = ModelRegistry.create(config);
        registry = open;
      }
      return open;
    } finally {
      lock.unlock();
    }
  }

  /** Returns all runs, deleted ones too, newest first. */
  public List<Run> runs() {
    return search(RunQuery.builder().view(RunQuery.View.ALL).maxResults(50_000).build()).items();
  }

  /**
   * Returns the only run.
   *
   * @throws AssertionError if there is none, or more than one; the message lists them
   */
  public Run onlyRun() {
    List<Run> all = runs();
    if (all.size() != 1) {
      throw new AssertionError("expected one run, but there are " + all.size() + ": " + all);
    }
    return all.get(0);
  }

  /** Ends what is still open, as the real client does, and removes the store. Idempotent. */
  @Override
  public void close() {
    ModelRegistry open = registry;
    if (open != null) {
      open.close();
    }
    client.close();
    try {
      remove(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("the store in " + folder + " can't be removed", e);
    }
  }

  private static void remove(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException e)
              throws IOException {
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  // ---- the real client does the rest

  @Override
  public <X extends Exception> Run run(String experiment, Body<X> body) throws X {
    return client.run(experiment, body);
  }

  @Override
  public <X extends Exception> Run run(Body<X> body) throws X {
    return client.run(body);
  }

  @Override
  public <X extends Exception> Run run(String experiment, RunOptions options, Body<X> body)
      throws X {
    return client.run(experiment, options, body);
  }

  @Override
  public <T, X extends Exception> T call(String experiment, RunOptions options, Call<T, X> body)
      throws X {
    return client.call(experiment, options, body);
  }

  @Override
  public Tracker start() {
    return client.start();
  }

  @Override
  public Tracker start(RunOptions options) {
    return client.start(options);
  }

  @Override
  public Tracker start(String experiment) {
    return client.start(experiment);
  }

  @Override
  public Tracker start(String experiment, RunOptions options) {
    return client.start(experiment, options);
  }

  @Override
  public Tracker resume(String runId, Resume mode) {
    return client.resume(runId, mode);
  }

  @Override
  public Tracker join(String runId) {
    return client.join(runId);
  }

  @Override
  public Run get(String runId) {
    return client.get(runId);
  }

  @Override
  public Optional<Run> find(String runId) {
    return client.find(runId);
  }

  @Override
  public List<Run> search(String experiment, String filter) {
    return client.search(experiment, filter);
  }

  @Override
  public Page<Run> search(RunQuery query) {
    return client.search(query);
  }

  @Override
  public MetricHistory metricHistory(String runId, String key) {
    return client.metricHistory(runId, key);
  }

  @Override
  public void delete(String runId) {
    client.delete(runId);
  }

  @Override
  public void restore(String runId) {
    client.restore(runId);
  }

  @Override
  public void erase(String runId) {
    client.erase(runId);
  }

  @Override
  public void setTag(String runId, String key, String value) {
    client.setTag(runId, key, value);
  }

  @Override
  public void deleteTag(String runId, String key) {
    client.deleteTag(runId, key);
  }

  @Override
  public void rename(String runId, String name) {
    client.rename(runId, name);
  }

  @Override
  public List<Artifact> artifacts(String runId, String path) {
    return client.artifacts(runId, path);
  }

  @Override
  public InputStream openArtifact(String runId, String path) {
    return client.openArtifact(runId, path);
  }

  @Override
  public Path download(String runId, String path, Path target) {
    return client.download(runId, path, target);
  }

  @Override
  public void exportRuns(RunQuery query, ExportFormat format, Writer out) throws IOException {
    client.exportRuns(query, format, out);
  }

  @Override
  public void exportMetrics(RunQuery query, ExportFormat format, Writer out) throws IOException {
    client.exportMetrics(query, format, out);
  }

  @Override
  public ModelPackage downloadModel(LoggedModel model, Path target) {
    return client.downloadModel(model, target);
  }

  @Override
  public String location() {
    return client.location();
  }

  @Override
  public Experiment createExperiment(String name, Map<String, String> tags) {
    return client.createExperiment(name, tags);
  }

  @Override
  public Optional<Experiment> findExperiment(String name) {
    return client.findExperiment(name);
  }

  @Override
  public List<Experiment> experiments() {
    return client.experiments();
  }

  @Override
  public void setExperimentTag(String name, String key, String value) {
    client.setExperimentTag(name, key, value);
  }

  @Override
  public void renameExperiment(String name, String newName) {
    client.renameExperiment(name, newName);
  }

  @Override
  public void deleteExperiment(String name) {
    client.deleteExperiment(name);
  }

  @Override
  public void restoreExperiment(String name) {
    client.restoreExperiment(name);
  }

  @Override
  public boolean flush(Duration timeout) {
    return client.flush(timeout);
  }

  @Override
  public boolean awaitDelivery(Duration timeout) {
    return client.awaitDelivery(timeout);
  }

  @Override
  public Optional<String> remoteId(String runId) {
    return client.remoteId(runId);
  }

  @Override
  public Delivery delivery() {
    return client.delivery();
  }
}
