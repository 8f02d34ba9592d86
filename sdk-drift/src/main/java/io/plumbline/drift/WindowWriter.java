package io.plumbline.drift;

import io.plumbline.StoreException;
import io.plumbline.drift.internal.log.LogFolders;
import io.plumbline.drift.internal.log.LogPaths;
import io.plumbline.drift.internal.log.WriterLock;
import io.plumbline.internal.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Keeps the counts of windows on disk, in the folder {@code _windows} of a prediction log: they
 * survive the process, and have every row, however few of them the log has. {@link WindowStore}
 * reads them.
 *
 * <p>Each writer has files of its own, so that any number of them, also of other processes and
 * hosts, may share a folder. A file is replaced in one step: a reader finds the window as it was or
 * as it is. Safe for many threads, as long as each window is one's.
 *
 * <pre>{@code
 * WindowWriter writer = WindowWriter.in(Path.of("log"));
 * for (Windows.Window window : windows.changed()) { // each minute, say
 *   writer.write("flight-delay", "3", window);
 * }
 * }</pre>
 */
public final class WindowWriter {
  static final long FORMAT = 1;

  private final Path folder;
  private final String name = WriterLock.newWriter();

  private WindowWriter(Path folder) {
    this.folder = folder;
  }

  /**
   * Makes a writer with a name of its own. Nothing is written yet.
   *
   * @param log the folder of a prediction log, which is made when it is not there
   */
  public static WindowWriter in(Path log) {
    return new WindowWriter(log.toAbsolutePath().normalize());
  }

  /**
   * Keeps a window, in place of what this writer has kept before of the same model, version, slice
   * and begin.
   *
   * @param window with its time, from 1 minute to 1 day; see {@link Windows#changed}
   * @throws StoreException if the disk refuses; what it had before is still there
   * @throws IllegalArgumentException if the window has no time, or another length
   */
  public void write(String model, String version, Windows.Window window) {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(version, "version");
    Instant from = window.counts().from().orElseThrow(WindowWriter::noTime);
    Instant to = window.counts().to().orElseThrow(WindowWriter::noTime);
    requireLength(from, to);
    Path days = folder.resolve(LogPaths.WINDOWS);
    long day = Math.floorDiv(from.getEpochSecond(), Duration.ofDays(1).toSeconds());
    Path place = LogPaths.folder(days, model, version, day);
    Path file = place.resolve(LogPaths.window(from, window.slice(), name));
    byte[] json = document(model, version, window);
    try {
      LogFolders.create(place);
      LogFolders.replace(file, json, false);
    } catch (IOException e) {
      throw new StoreException("the counts of a window can't be written to " + file + ": " + e, e);
    }
  }

  static void requireLength(Instant from, Instant to) {
    Duration length = Duration.between(from, to);
    boolean whole = from.getEpochSecond() % 60 == 0 && from.getNano() == 0;
    if (!whole
        || length.compareTo(Duration.ofMinutes(1)) < 0
        || length.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException(
          "a window that is kept begins with a minute and lasts from 1 minute to 1 day; this one is"
              + " from "
              + from
              + " to "
              + to);
    }
  }

  private byte[] document(String model, String version, Windows.Window window) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("window", FORMAT);
    json.put("model", model);
    json.put("version", version);
    json.put("slice", window.slice());
    json.put("writer", name);
    json.put("counts", window.counts().toMap());
    return Json.canonical(json);
  }

  private static IllegalArgumentException noTime() {
    return new IllegalArgumentException("a window without a time can't be kept; see between()");
  }
}
