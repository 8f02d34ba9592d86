package io.plumbline.cli;

import io.plumbline.drift.Profile;
import io.plumbline.drift.WindowCounts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.NavigableSet;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Rows that are compared: of a version, as they were counted while serving, or of a file or a log.
 *
 * @param counted the rows of a version; null for those of a path
 */
record DriftRows(Path path, LogRange range, Profile profile, @Nullable VersionRows counted) {
  static DriftRows of(Path path, LogRange range, Profile profile) {
    boolean known = VersionRows.isKnown(path, range);
    return new DriftRows(path, range, profile, known ? VersionRows.of(path, range, profile) : null);
  }

  /** The rows of a version; its counts may be in the bins of the profile that it came with. */
  static DriftRows of(Path path, LogRange range, Profile profile, @Nullable Profile own) {
    boolean others =
        VersionRows.isKnown(path, range) && VersionRows.ofOtherBins(path, range, profile) > 0;
    return of(path, range, own != null && others ? own : profile);
  }

  /** The slices that there are rows of. */
  static NavigableSet<String> slices(Path path, LogRange range, Profile profile)
      throws IOException {
    if (VersionRows.isKnown(path, range)) {
      return VersionRows.slices(path, range, profile);
    }
    requireLog(path, "--slice");
    return new LogRows(path, range).slices();
  }

  /** All rows in one. */
  WindowCounts whole() throws IOException {
    return counted == null ? ProfileFiles.window(path, range, profile) : counted.whole();
  }

  /** The rows window by window, in the order of time; those without rows are left out. */
  SortedMap<Instant, WindowCounts> windows(CalendarWindow length) throws IOException {
    if (counted != null) {
      return counted.windows(length);
    }
    requireLog(path, "--window");
    return new LogRows(path, range).count(profile, length);
  }

  private static void requireLog(Path path, String option) throws IOException {
    if (ProfileFiles.kind(path) != ProfileFiles.Kind.LOG) {
      throw new IllegalArgumentException(
          option + " is for the rows of a prediction log, or of one of its files");
    }
  }
}
