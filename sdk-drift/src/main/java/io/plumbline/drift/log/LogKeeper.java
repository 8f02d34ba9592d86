package io.plumbline.drift.log;

import io.plumbline.drift.internal.log.LogFolders;
import io.plumbline.drift.internal.log.LogPaths;
import io.plumbline.drift.internal.log.OpenPart;
import io.plumbline.internal.OncePerMinute;
import io.plumbline.internal.Time;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Keeps a log in order: repairs what was left behind, deletes what is too old or too much. */
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
  private long next;

  /**
   * Makes a keeper.
   *
   * @param writer the name of the writer that it belongs to
   * @param onRepaired is told of parts that are complete now
   */
  LogKeeper(
      Path root,
      LogOptions options,
      Time time,
      LogCounters counters,
      OncePerMinute warnings,
      String writer,
      Consumer<Path> onRepaired) {
    this.writer = writer;
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

  void tidyNowAndThen() {
    if (time.nanos() - next >= 0) {
      tidy();
    }
  }

  void tidy() {
    next = time.nanos() + INTERVAL;
    try {
      repairLeftovers();
      retention.tidy();
    } catch (IOException e) {
      warnings.warn("tidy", "the prediction log " + root + " can't be tidied up: " + e);
    }
  }

  private void repairLeftovers() throws IOException {
    for (LogFolders.Found open : LogFolders.find(root, LogFolders::isOpenPart)) {
      LogFileReport report = repair(open.path());
      if (report == null) {
        continue;
      }
      if (!report.isSound()) {
        warnings.warn("repair", report.path() + " can't be repaired: " + report.problem());
      } else if (report.rows() > 0) {
        counters.repaired();
        onRepaired.accept(report.path());
      }
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

  /** Takes back, if that was not possible before, what would be there twice after a repair. */
  void close() {
    for (OpenPart.Left left : leftBehind.values()) {
      try {
        left.cut();
      } catch (IOException e) {
        warnings.warn("cut", left.path() + " may have rows that are in another part, too: " + e);
      }
    }
  }
}
