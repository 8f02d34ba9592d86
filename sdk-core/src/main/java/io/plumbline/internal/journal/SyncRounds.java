package io.plumbline.internal.journal;

import io.plumbline.internal.OncePerMinute;
import io.plumbline.internal.config.FsyncPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a round of fsyncs is due and what depends on it. One round runs at a time. Of the
 * writer thread alone, but for {@link #blob} and {@link #problem}.
 */
final class SyncRounds {
  /** So many closed segments may wait for their fsync: each is an open file of the host. */
  private static final int CROWD = 64;

  private final JournalOptions options;
  private final boolean force;
  private final OncePerMinute warnings;
  private final SyncThread thread;

  private final Queue<Path> blobs = new ConcurrentLinkedQueue<>();
  private final Set<RunWriter> written = new LinkedHashSet<>();
  private final List<RunWriter.SyncPoint> detached = new ArrayList<>();
  private final Map<RunWriter, SyncThread.Summary> summaries = new LinkedHashMap<>();
  private final List<Receipt> flushes = new ArrayList<>();
  private final List<Receipt> flushesInFlight = new ArrayList<>();
  private boolean soon;
  private boolean inFlight;
  private long last;
  private volatile @Nullable String problem;

  SyncRounds(JournalOptions options, OncePerMinute warnings, Runnable wake) {
    this.options = options;
    this.force = options.fsync() != FsyncPolicy.NONE;
    this.warnings = warnings;
    this.thread = new SyncThread(wake);
    this.last = options.time().nanos();
  }

  void start() {
    thread.start();
  }

  // ---- what rounds are made of

  /** Has a whole file synced in the next round. */
  void blob(Path file) {
    if (force) {
      blobs.add(file);
    }
  }

  /** Takes note that a run has written something. */
  void wrote(RunWriter run) {
    written.add(run);
  }

  /** Has a segment synced and closed. */
  void detach(RunWriter run) {
    RunWriter.SyncPoint point = run.detach();
    if (point != null) {
      detached.add(point);
      written.remove(run);
    }
  }

  /** Has a run's summary put in place, if it has changed. */
  void summarize(RunWriter run) {
    String json = run.newSummary();
    if (json != null) {
      summaries.put(run, new SyncThread.Summary(run, json));
    }
  }

  /** Keeps a receipt until a round that begins from now on has succeeded. */
  void flush(Receipt receipt) {
    flushes.add(receipt);
  }

  /** Has a round begin at once, not at the end of the interval. */
  void soon() {
    soon = true;
  }

  /** Has something else done by the thread that syncs. */
  void execute(Runnable task) {
    thread.execute(task);
  }

  /** Forgets a run that is being erased. */
  void drop(RunWriter run) {
    written.remove(run);
    summaries.remove(run);
  }

  // ---- rounds

  /** Returns whether so many closed segments wait that no more should be added. */
  boolean crowded() {
    return detached.size() >= CROWD;
  }

  /** Returns whether nothing waits and nothing runs. */
  boolean idle() {
    return !inFlight
        && detached.isEmpty()
        && summaries.isEmpty()
        && flushes.isEmpty()
        && flushesInFlight.isEmpty()
        && (!force || (written.isEmpty() && blobs.isEmpty()));
  }

  /** Returns what is wrong with fsyncs now, or null. */
  @Nullable String problem() {
    return problem;
  }

  /**
   * Takes note of a round that has ended.
   *
   * @return the runs that have to be relocated, because an fsync of theirs has failed
   */
  Set<RunWriter> finished() {
    SyncThread.Outcome outcome = thread.poll();
    if (outcome == null) {
      return Set.of();
    }
    inFlight = false;
    summariesDone(outcome);
    Set<RunWriter> again = new LinkedHashSet<>();
    for (RunWriter.SyncPoint point : outcome.failed()) {
      if (!point.run().isStale(point)) {
        again.add(point.run());
      }
    }
    for (RunWriter.SyncPoint point : outcome.round().points()) {
      // If one of a run's files has failed, all its chunks are written again: none is given up.
      if (force && !outcome.failed().contains(point) && !again.contains(point.run())) {
        point.run().synced(point);
      }
    }
    blobs.addAll(outcome.failedBlobs());
    if (outcome.error() != null) {
      problem = "an fsync failed: " + outcome.error().getMessage() + "; it is written again";
      warnings.warn(
          "fsync failed", "an fsync failed, what it covered is written again: " + outcome.error());
      // What they wait for has to be synced in its new place first.
      flushes.addAll(flushesInFlight);
    } else {
      if (!outcome.round().points().isEmpty()) {
        problem = null;
      }
      flushesInFlight.forEach(Receipt::complete);
    }
    flushesInFlight.clear();
    return again;
  }

  private void summariesDone(SyncThread.Outcome outcome) {
    outcome.unwritten().forEach(RunWriter::summaryFailed);
    if (outcome.summaryError() != null) {
      warnings.warn("summary", "the summary of a run waits: " + outcome.summaryError());
    }
  }

  /**
   * Begins a round if one is due; all that was accepted so far has to be written.
   *
   * @param pressed whether memory is short for what is not synced
   */
  void begin(boolean pressed) {
    if (inFlight) {
      return;
    }
    boolean due =
        soon
            || !flushes.isEmpty()
            || pressed
            || options.fsync() == FsyncPolicy.BATCH
            || options.time().nanos() - last >= options.fsyncNanos();
    if (!due && detached.isEmpty() && summaries.isEmpty()) {
      return;
    }
    List<RunWriter.SyncPoint> points = new ArrayList<>(detached);
    detached.clear();
    List<Path> files = new ArrayList<>();
    // A blob goes with, and before, the segments that may name it.
    for (Path blob = blobs.poll(); blob != null; blob = blobs.poll()) {
      files.add(blob);
    }
    if (due) {
      soon = false;
      last = options.time().nanos();
      addPoints(points);
      flushesInFlight.addAll(flushes);
      flushes.clear();
    }
    List<SyncThread.Summary> changed = List.copyOf(summaries.values());
    summaries.clear();
    if (points.isEmpty() && files.isEmpty() && changed.isEmpty()) {
      flushesInFlight.forEach(Receipt::complete);
      flushesInFlight.clear();
      return;
    }
    inFlight = true;
    thread.submit(new SyncThread.Round(force, files, points, changed));
  }

  private void addPoints(List<RunWriter.SyncPoint> points) {
    if (force) {
      for (RunWriter run : written) {
        RunWriter.SyncPoint point = run.syncPoint();
        if (point != null) {
          points.add(point);
        }
      }
    }
    written.clear();
  }

  // ---- the end

  /** Ends the thread, closes what it has not closed, and lets go of those who wait. */
  void end(long millis) {
    thread.stop();
    thread.awaitEnd(millis);
    for (RunWriter.SyncPoint point : detached) {
      try {
        point.file().close();
      } catch (IOException e) {
        warnings.warn("close", "a segment could not be closed: " + e);
      }
    }
    flushes.forEach(Receipt::abandon);
    flushesInFlight.forEach(Receipt::abandon);
  }
}
