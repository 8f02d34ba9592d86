package io.plumbline.internal.journal;

import io.plumbline.internal.Threads;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does beside the writer what takes as long as it takes, in order: fsyncs, summaries, a look at the
 * store's size.
 */
final class SyncThread {
  private static final Logger LOG = LoggerFactory.getLogger("io.plumbline.journal");

  /** A run's summary that is to be put in place. */
  record Summary(RunWriter run, String json) {}

  /**
   * One round: files that have to be on the device before the segments that name them, then those,
   * then what describes them.
   *
   * @param force whether anything is to be synced at all; files are closed in any case
   * @param blobs whole files, by path
   * @param points segments
   * @param summaries the summaries of runs
   */
  record Round(
      boolean force, List<Path> blobs, List<RunWriter.SyncPoint> points, List<Summary> summaries) {}

  /**
   * How a round went.
   *
   * @param failed the points whose fsync failed
   * @param failedBlobs the files that are not safe on the device
   * @param error the first failure of an fsync, or null
   * @param unwritten the runs whose summaries could not be written
   * @param summaryError the first failure of a summary, or null
   */
  record Outcome(
      Round round,
      List<RunWriter.SyncPoint> failed,
      List<Path> failedBlobs,
      @Nullable IOException error,
      List<RunWriter> unwritten,
      @Nullable IOException summaryError) {}

  private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
  private final ConcurrentLinkedQueue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
  private final Runnable wake;
  private final Thread thread;
  private boolean stopped; // of the thread alone

  SyncThread(Runnable wake) {
    this.wake = wake;
    this.thread = Threads.daemon("sync", this::loop);
  }

  void start() {
    thread.start();
  }

  void submit(Round round) {
    tasks.add(
        () -> {
          outcomes.add(run(round));
          wake.run();
        });
  }

  /** Does something else in its turn. */
  void execute(Runnable task) {
    tasks.add(task);
  }

  @Nullable Outcome poll() {
    return outcomes.poll();
  }

  void stop() {
    tasks.add(() -> stopped = true);
  }

  boolean awaitEnd(long millis) {
    try {
      thread.join(Math.max(1, millis));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return !thread.isAlive();
  }

  private void loop() {
    while (!stopped) {
      try {
        tasks.take().run();
      } catch (InterruptedException e) {
        // Nothing of ours interrupts this thread; whoever did has no claim on it.
      } catch (RuntimeException | Error e) {
        LOG.warn("the journal's sync thread goes on after {}", e.toString());
      }
    }
  }

  /** Does a round; every failure is in its outcome. */
  static Outcome run(Round round) {
    List<RunWriter.SyncPoint> failed = new ArrayList<>();
    List<Path> failedBlobs = new ArrayList<>();
    IOException error = null;
    for (Path blob : round.force() ? round.blobs() : List.<Path>of()) {
      try {
        forcePath(blob, false);
        forcePath(blob.resolveSibling("."), true);
      } catch (NoSuchFileException e) {
        // Erased meanwhile.
      } catch (IOException | RuntimeException | Error e) {
        if (!rewritten(blob)) {
          failedBlobs.add(blob);
          error = error == null ? asIo(e) : error;
        }
      }
    }
    Set<Path> folders = new HashSet<>();
    for (RunWriter.SyncPoint point : round.points()) {
      try {
        sync(point, round.force(), folders);
      } catch (IOException | RuntimeException | Error e) {
        failed.add(point);
        error = error == null ? asIo(e) : error;
      }
    }
    List<RunWriter> unwritten = new ArrayList<>();
    IOException summaryError = null;
    for (Summary summary : round.summaries()) {
      try {
        write(summary);
      } catch (NoSuchFileException e) {
        // The run was erased meanwhile.
      } catch (IOException | RuntimeException | Error e) {
        unwritten.add(summary.run());
        summaryError = summaryError == null ? asIo(e) : summaryError;
      }
    }
    return new Outcome(round, failed, failedBlobs, error, unwritten, summaryError);
  }

  /** Writes a file again: after a failed fsync, another fsync of the same file proves nothing. */
  private static boolean rewritten(Path blob) {
    Path fresh = blob.resolveSibling(blob.getFileName() + ".tmp");
    try {
      Files.copy(blob, fresh, StandardCopyOption.REPLACE_EXISTING);
      forcePath(fresh, false);
      Files.move(fresh, blob, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return true;
    } catch (IOException | RuntimeException e) {
      return false; // told by the failure that led here
    }
  }

  private static IOException asIo(Throwable e) {
    return e instanceof IOException io ? io : new IOException(e);
  }

  /**
   * Syncs a segment, and the names that lead to it.
   *
   * @param folders those that were synced in this round already
   */
  private static void sync(RunWriter.SyncPoint point, boolean force, Set<Path> folders)
      throws IOException {
    try {
      if (force) {
        point.file().force();
        if (point.newFile()) {
          Path folder = point.run().folder();
          for (Path named : List.of(folder, folder.resolveSibling("."))) {
            if (!folders.contains(named)) {
              forcePath(named, true);
              folders.add(named);
            }
          }
        }
      }
    } finally {
      if (point.last()) {
        point.file().close();
      }
    }
  }

  /** Syncs a file, or a folder's list of names; Windows has no such thing for folders. */
  static void forcePath(Path path, boolean folder) throws IOException {
    if (folder && path.getFileSystem().getSeparator().equals("\\")) {
      return;
    }
    if (!Files.exists(path)) {
      return;
    }
    try (FileChannel channel =
        FileChannel.open(path, folder ? StandardOpenOption.READ : StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /** Puts a summary in place, in one step: readers see the old one or the new one. */
  static void write(Summary summary) throws IOException {
    Path target = summary.run().summaryFile();
    Path fresh = target.resolveSibling(target.getFileName() + ".tmp");
    try {
      Files.writeString(fresh, summary.json());
      Files.move(
          fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      Files.deleteIfExists(fresh);
      throw e;
    }
  }
}
