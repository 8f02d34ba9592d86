package io.plumbline.internal.journal;

import io.plumbline.internal.OncePerMinute;
import io.plumbline.internal.config.FsyncPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The runs that a journal has open: one run has one {@link RunWriter}, however often it is opened,
 * because both would write the same files.
 */
final class OpenRuns {
  private final Path store;
  private final JournalOptions options;
  private final String writer;
  private final OncePerMinute warnings;
  private final RunWriter.Retained retained = new RunWriter.Retained();
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, RunWriter> open = new HashMap<>();

  OpenRuns(Path store, JournalOptions options, String writer, OncePerMinute warnings) {
    this.store = store;
    this.options = options;
    this.writer = writer;
    this.warnings = warnings;
  }

  /** Returns how much memory waits for fsyncs; for the writer thread. */
  RunWriter.Retained retained() {
    return retained;
  }

  /**
   * Opens a run.
   *
   * @param lastStamp later events get no earlier stamps than this
   * @param reopened is told, before anybody else can close it, if the run was open already
   */
  RunWriter open(String runId, long lastStamp, Consumer<RunWriter> reopened) {
    lock.lock();
    try {
      RunWriter run = open.get(runId);
      if (run == null) {
        run = make(runId, lastStamp);
        open.put(runId, run);
      } else {
        reopened.accept(run);
      }
      run.users++;
      return run;
    } finally {
      lock.unlock();
    }
  }

  private RunWriter make(String runId, long lastStamp) {
    Path folder = store.resolve("runs").resolve(RunFolders.name(runId));
    WriterView earlier = WriterView.empty();
    try {
      earlier = WriterView.load(folder, writer);
    } catch (IOException e) {
      warnings.warn("reopen", "run " + runId + " can't be read before it goes on: " + e);
    }
    earlier.state().advance(lastStamp);
    return new RunWriter(
        options,
        runId,
        folder,
        writer,
        earlier,
        options.fsync() == FsyncPolicy.NONE ? null : retained);
  }

  /**
   * Takes note that one who had opened the run does not need it any more.
   *
   * @param then is told whether nobody needs it, before anybody else can open it
   */
  void close(RunWriter run, Consumer<Boolean> then) {
    lock.lock();
    try {
      run.users--;
      then.accept(run.users == 0);
    } finally {
      lock.unlock();
    }
  }

  /** Forgets a run, unless somebody has opened it again; returns whether it is forgotten. */
  boolean forget(RunWriter run) {
    lock.lock();
    try {
      return run.users == 0 && open.remove(run.runId(), run);
    } finally {
      lock.unlock();
    }
  }

  /** Forgets a run whoever has it open; returns it, or null if it is not open. */
  @Nullable RunWriter drop(String runId) {
    lock.lock();
    try {
      return open.remove(runId);
    } finally {
      lock.unlock();
    }
  }
}
