package io.plumbline.drift.log;

import io.plumbline.drift.internal.log.LogFolders;
import io.plumbline.drift.internal.log.Shipped;
import io.plumbline.internal.OncePerMinute;
import io.plumbline.internal.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Deletes closed parts that are too old or too much; those that are still to be shipped last. */
final class LogRetention {
  private final Path root;
  private final LogOptions options;
  private final Time time;
  private final LogCounters counters;
  private final OncePerMinute warnings;

  LogRetention(
      Path root, LogOptions options, Time time, LogCounters counters, OncePerMinute warnings) {
    this.root = root;
    this.options = options;
    this.time = time;
    this.counters = counters;
    this.warnings = warnings;
  }

  /** Looks at the complete parts of the log, in any order. */
  void tidy(List<LogFolders.Found> complete) throws IOException {
    Duration age = options.retention();
    if (age == null && options.diskBudget() == 0) {
      return;
    }
    long oldest = age == null ? Long.MIN_VALUE : time.millis() - age.toMillis();
    long bytes = 0;
    List<LogFolders.Found> free = new ArrayList<>();
    List<LogFolders.Found> unshipped = new ArrayList<>();
    for (LogFolders.Found part : oldestFirst(complete)) {
      boolean mayGo = !options.keepUnshipped() || Shipped.is(part.path());
      if (mayGo && part.modified() < oldest) {
        delete(part);
        counters.expired();
      } else {
        (mayGo ? free : unshipped).add(part);
        bytes += part.size();
      }
    }
    if (options.diskBudget() > 0) {
      bytes = cut(free, bytes, counters::overBudget);
      bytes = cut(unshipped, bytes, this::lost);
    }
  }

  private static List<LogFolders.Found> oldestFirst(List<LogFolders.Found> complete) {
    List<LogFolders.Found> sorted = new ArrayList<>(complete);
    sorted.sort(
        Comparator.comparingLong(LogFolders.Found::modified).thenComparing(LogFolders.Found::path));
    return sorted;
  }

  /** Deletes the first ones until the bytes fit; returns how many bytes are left. */
  private long cut(List<LogFolders.Found> parts, long bytes, Runnable count) throws IOException {
    for (LogFolders.Found part : parts) {
      if (bytes <= options.diskBudget()) {
        break;
      }
      delete(part);
      bytes -= part.size();
      count.run();
    }
    return bytes;
  }

  private void lost() {
    counters.unshipped();
    warnings.warn(
        "unshipped",
        "the prediction log "
            + root
            + " has more bytes than its budget, and a part was deleted before it was shipped");
  }

  /** The part first: a note without its part means nothing, a part without its note is shipped. */
  private static void delete(LogFolders.Found part) throws IOException {
    Files.deleteIfExists(part.path());
    Shipped.forget(part.path());
  }
}
