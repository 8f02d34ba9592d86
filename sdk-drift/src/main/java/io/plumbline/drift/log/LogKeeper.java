package io.plumbline.drift.log;

import io.plumbline.drift.internal.log.LogFolders;
import io.plumbline.drift.internal.log.LogPaths;
import io.plumbline.internal.OncePerMinute;
import io.plumbline.internal.Time;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Predicate;

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
  private final Predicate<Path> isWritten;
  private final Consumer<Path> onRepaired;
  private long next;

  /**
   * Makes a keeper.
   *
   * @param writer the name of the writer that it belongs to
   * @param isWritten whether that writer writes to a part
   * @param onRepaired is told of parts that are complete now
   */
  LogKeeper(
      Path root,
      LogOptions options,
      Time time,
      LogCounters counters,
      OncePerMinute warnings,
      String writer,
      Predicate<Path> isWritten,
      Consumer<Path> onRepaired) {
    this.writer = writer;
    this.isWritten = isWritten;
    this.onRepaired = onRepaired;
    this.root = root;
    this.retention = new LogRetention(root, options, time, counters, warnings);
    this.time = time;
    this.counters = counters;
    this.warnings = warnings;
  }

  /** Says that an error of the disk has left a part behind. */
  void leftBehind() {
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
      if (isWritten.test(open.path())) {
        continue;
      }
      boolean own = LogPaths.writer(String.valueOf(open.path().getFileName())).equals(writer);
      LogFileReport report =
          own ? LogRepair.complete(open.path()) : LogRepair.adopt(root, open.path());
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
}
