package io.plumbline.drift.log;

import io.plumbline.drift.internal.log.LogFolders;
import io.plumbline.drift.internal.log.LogPaths;
import io.plumbline.drift.internal.log.OpenPart;
import io.plumbline.internal.OncePerMinute;
import io.plumbline.internal.Time;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a log in order: repairs what was left behind, deletes what is too old or too much. The
 * writer's thread says when; the work, which may take long, is done by another.
 */
final class LogKeeper {
  private static final long INTERVAL = Duration.ofMinutes(1).toNanos();

  /** So soon after an error of the disk its part is tried to be repaired. */
  private static final long RETRY = Duration.ofSeconds(10).toNanos();

  private final Path root;
  private final LogRetention retention;
  private final Time time;
  private final LogCounters counters;
  private final OncePerMinute warnings;
  private final String writer;
  private final Map<Path, OpenPart.Left> leftBehind = new ConcurrentHashMap<>();
  private final Consumer<Path> onRepaired;
  private final Executor executor;
  private final AtomicBoolean isAtWork = new AtomicBoolean();

  /** Held while a log is tidied up. */
  private final ReentrantLock work = new ReentrantLock();

  private volatile boolean closed;

  /** The writer's thread alone asks for it. */
  private long next;

  /**
   * Makes a keeper.
   *
   * @param writer the name of the writer that it belongs to
   * @param executor runs what takes long
   * @param onRepaired is told of parts that are complete now
   */
  LogKeeper(
      Path root,
      LogOptions options,
      Time time,
      LogCounters counters,
      OncePerMinute warnings,
      String writer,
      Executor executor,
      Consumer<Path> onRepaired) {
    this.writer = writer;
    this.executor = executor;
    this.onRepaired = onRepaired;
    this.root = root;
    this.retention = new LogRetention(root, options, time, counters, warnings);
    this.time = time;
    this.counters = counters;
    this.warnings = warnings;
  }

  /** Says that an error of the disk has left a part behind. */
  void leftBehind(OpenPart.Left part) {
    leftBehind.put(part.path(), part);
    next = time.nanos() + RETRY;
  }

  /** Has the log tidied up, if it is time and nobody is at it. */
  void tidyNowAndThen() {
    long now = time.nanos();
    if (now - next >= 0 && isAtWork.compareAndSet(false, true)) {
      next = now + INTERVAL;
      executor.execute(
          () -> {
            try {
              tidy();
            } finally {
              isAtWork.set(false);
            }
          });
    }
  }

  /** Tidies up, on the caller's thread. */
  void tidy() {
    work.lock();
    try {
      List<LogFolders.Found> complete = new ArrayList<>();
      for (LogFolders.Found part : LogFolders.find(root, LogKeeper::isAnyPart, this::passOver)) {
        if (closed) {
          return;
        }
        if (LogFolders.isPart(String.valueOf(part.path().getFileName()))) {
          complete.add(part);
        } else {
          repair(part, complete);
        }
      }
      retention.tidy(complete);
    } catch (IOException | RuntimeException e) {
      warnings.warn("tidy", "the prediction log " + root + " can't be tidied up: " + e);
    } finally {
      work.unlock();
    }
  }

  private static boolean isAnyPart(String name) {
    return LogFolders.isPart(name) || LogFolders.isOpenPart(name);
  }

  private void passOver(Path folder, IOException e) {
    warnings.warn("folder", LogFolders.passedOver(folder, e));
  }

  /** One part that can't be repaired does not keep the others from it. */
  private void repair(LogFolders.Found open, List<LogFolders.Found> complete) {
    try {
      LogFileReport report = repair(open.path());
      if (report == null) {
        return;
      }
      if (!report.isSound()) {
        warnings.warn("repair", report.path() + " can't be repaired: " + report.problem());
      } else if (report.rows() > 0) {
        counters.repaired();
        onRepaired.accept(report.path());
        complete.add(new LogFolders.Found(report.path(), report.bytes(), time.millis()));
      }
    } catch (IOException e) {
      warnings.warn("repair", open.path() + " can't be repaired: " + e);
    }
  }

  /** Of the own parts, only those are repaired that the writer has given up. */
  private @Nullable LogFileReport repair(Path open) throws IOException {
    if (!LogPaths.writer(String.valueOf(open.getFileName())).equals(writer)) {
      return LogRepair.adopt(root, open);
    }
    OpenPart.Left left = leftBehind.get(open);
    if (left == null) {
      return null;
    }
    left.cut();
    LogFileReport report = LogRepair.complete(open);
    leftBehind.remove(open);
    return report;
  }

  /**
   * Ends: waits for the part that is being repaired, and takes back, if that was not possible
   * before, what would be there twice after a repair.
   */
  void close() {
    closed = true;
    work.lock();
    try {
      leftBehind.values().forEach(this::cut);
    } finally {
      work.unlock();
    }
  }

  private void cut(OpenPart.Left left) {
    try {
      left.cut();
    } catch (IOException e) {
      warnings.warn("cut", left.path() + " may have rows that are in another part, too: " + e);
    }
  }
}
