package io.plumbline.drift;

import io.plumbline.StoreException;
import io.plumbline.drift.internal.log.LogFolders;
import io.plumbline.drift.internal.log.LogPaths;
import io.plumbline.drift.log.LogFileReport;
import io.plumbline.internal.Printable;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads the counts of windows that are kept beside a prediction log, of all who have written there,
 * and keeps their folder in bounds.
 *
 * <pre>{@code
 * KeptWindows kept = WindowStore.of(Path.of("log")).read("flight-delay", "3", profile);
 * DriftMonitor monitor =
 *     DriftMonitor.continuing(profile, kept.tumbling(Windows.ALL, Duration.ofHours(1)), Instant.now());
 * }</pre>
 *
 * <p>Files are not trusted: one that is damaged, or says something else than its place, is named in
 * {@link KeptWindows#problems}, and the rest is read.
 */
public final class WindowStore {
  /** What a window takes is kilobytes; whoever has thousands of columns takes a few megabytes. */
  private static final long LARGEST = 64 << 20;

  private static final Duration LEFT_BEHIND = Duration.ofHours(1);

  private final Path folder;

  private WindowStore(Path folder) {
    this.folder = folder;
  }

  /**
   * The windows of a log, whether there are any or not.
   *
   * @param log the folder of a prediction log
   */
  public static WindowStore of(Path log) {
    return new WindowStore(log.toAbsolutePath().normalize().resolve(LogPaths.WINDOWS));
  }

  /** The folder of a version's windows, whether it is there or not. */
  public Path folder(String model, String version) {
    return folder
        .resolve(LogPaths.MODEL + LogPaths.encode(model))
        .resolve(LogPaths.VERSION + LogPaths.encode(version));
  }

  /**
   * Reads all windows of a version.
   *
   * @param profile into whose bins they were counted: the version's own
   * @throws StoreException if the folder can't be read
   */
  public KeptWindows read(String model, String version, Profile profile) {
    return read(model, version, profile, LocalDate.MIN, LocalDate.MAX);
  }

  /**
   * Reads the windows of a version that begin on some days.
   *
   * @param first the first day (UTC)
   * @param last the last day
   * @throws StoreException if the folder can't be read
   */
  public KeptWindows read(
      String model, String version, Profile profile, LocalDate first, LocalDate last) {
    Objects.requireNonNull(profile, "profile");
    Path place = folder(model, version);
    KeptWindows.Builder kept = new KeptWindows.Builder();
    for (LogFolders.Found file : find(place, kept)) {
      if (isBetween(file.path(), first, last)) {
        read(file, model, version, profile, kept);
      }
    }
    return kept.build();
  }

  /**
   * Deletes files that are too old, and the oldest ones of too many; also what a killed process has
   * left unfinished.
   *
   * @param retention files that were last written before so long are deleted; null for none
   * @param diskBudget the bytes of all files together, above which the oldest are deleted; 0 for no
   *     limit
   * @return how many windows were deleted
   * @throws StoreException if the folder can't be read, or a file not be deleted
   */
  public long tidy(@Nullable Duration retention, long diskBudget) {
    long now = System.currentTimeMillis();
    try {
      List<LogFolders.Found> files = new ArrayList<>();
      for (LogFolders.Found file : LogFolders.find(folder, WindowStore::isOurs)) {
        if (isWindow(String.valueOf(file.path().getFileName()))) {
          files.add(file);
        } else if (file.modified() < now - LEFT_BEHIND.toMillis()) {
          Files.deleteIfExists(file.path());
        }
      }
      files.sort(
          Comparator.comparingLong(LogFolders.Found::modified)
              .thenComparing(LogFolders.Found::path));
      long oldest =
          retention == null ? Long.MIN_VALUE : now - TimeUnit.MILLISECONDS.convert(retention);
      long bytes = files.stream().mapToLong(LogFolders.Found::size).sum();
      long deleted = 0;
      for (LogFolders.Found file : files) {
        if (file.modified() >= oldest && (diskBudget == 0 || bytes <= diskBudget)) {
          break;
        }
        Files.deleteIfExists(file.path());
        bytes -= file.size();
        deleted++;
      }
      return deleted;
    } catch (IOException e) {
      throw new StoreException("the windows in " + folder + " can't be tidied up: " + e, e);
    }
  }

  /**
   * Reads all windows of all versions, and checks what can be checked without their profiles: that
   * each is whole, adds up, and lies where it belongs.
   *
   * @return one report for each folder that can't be read and one for each file; none where no
   *     windows are kept
   * @throws StoreException if the folder can't be read
   */
  public List<LogFileReport> verify() {
    if (!Files.isDirectory(folder)) {
      return List.of(); // none are kept, or the log is one file
    }
    KeptWindows.Builder folders = new KeptWindows.Builder();
    List<LogFileReport> reports = new ArrayList<>();
    for (LogFolders.Found file : find(folder, folders)) {
      verify(file, reports);
    }
    for (String problem : folders.build().problems()) {
      reports.add(new LogFileReport(folder, 0, 0, 0, problem));
    }
    return reports;
  }

  private static void verify(LogFolders.Found file, List<LogFileReport> reports) {
    long rows = 0;
    String problem = "";
    try {
      JsonObject json = json(file);
      Path version = Objects.requireNonNull(file.path().getParent()).getParent();
      Path own =
          Path.of(
              LogPaths.MODEL + LogPaths.encode(json.string("model")),
              LogPaths.VERSION + LogPaths.encode(json.string("version")));
      check(json, json.string("model"), json.string("version"));
      if (version == null || !version.endsWith(own)) {
        throw new JsonException("it is a window of " + own + ", and not of what its folder says");
      }
      JsonObject counts = json.object("counts");
      checkPlace(
          file.path(),
          Optional.ofNullable(WindowCounts.instant(counts, "from")),
          Optional.ofNullable(WindowCounts.instant(counts, "to")),
          json.string("slice"),
          json.string("writer"));
      rows = WindowCounts.verify(counts);
    } catch (NoSuchFileException e) {
      return; // Somebody tidies up.
    } catch (IOException | IllegalArgumentException | ArithmeticException e) {
      problem = file.path() + ": " + Printable.line(String.valueOf(e.getMessage()));
    }
    reports.add(new LogFileReport(file.path(), rows, 0, file.size(), problem));
  }

  private static List<LogFolders.Found> find(Path place, KeptWindows.Builder kept) {
    try {
      return LogFolders.find(
          place,
          WindowStore::isWindow,
          (folder, e) -> kept.problem(Printable.escape(LogFolders.passedOver(folder, e))));
    } catch (IOException e) {
      throw new StoreException("the windows in " + place + " can't be read: " + e, e);
    }
  }

  private static boolean isOurs(String name) {
    return isWindow(name) || name.endsWith(LogFolders.TEMPORARY);
  }

  private static boolean isWindow(String name) {
    return name.startsWith(LogPaths.WINDOW) && name.endsWith(".json");
  }

  /** By the folder; a file that lies elsewhere is read, and says then what is wrong with it. */
  private static boolean isBetween(Path file, LocalDate first, LocalDate last) {
    String name = String.valueOf(Objects.requireNonNull(file.getParent()).getFileName());
    if (!name.matches(LogPaths.DATE + "\\d{4}-\\d{2}-\\d{2}")) {
      return true;
    }
    String day = name.substring(LogPaths.DATE.length());
    return (first.equals(LocalDate.MIN) || day.compareTo(first.toString()) >= 0)
        && (last.equals(LocalDate.MAX) || day.compareTo(last.toString()) <= 0);
  }

  // ---- one file

  private static void read(
      LogFolders.Found file,
      String model,
      String version,
      Profile profile,
      KeptWindows.Builder kept) {
    String place = file.path().toString();
    try {
      JsonObject json = json(file);
      check(json, model, version);
      JsonObject counts = json.object("counts");
      if (!counts.string("frame").equals(profile.frame().digest())) {
        kept.ofOtherBins();
        return;
      }
      WindowCounts window = WindowCounts.from(counts, profile);
      String slice = json.string("slice");
      String writer = json.string("writer");
      checkPlace(file.path(), window.from(), window.to(), slice, writer);
      kept.add(new KeptWindows.Kept(slice, writer, window));
    } catch (NoSuchFileException e) {
      // Somebody tidies up.
    } catch (IOException | IllegalArgumentException | ArithmeticException e) {
      // The whole path, however long: somebody will want to look at the file.
      kept.problem(Printable.escape(place) + ": " + Printable.line(String.valueOf(e.getMessage())));
    }
  }

  private static JsonObject json(LogFolders.Found file) throws IOException {
    if (file.size() > LARGEST) {
      throw new JsonException(file.path() + " has " + file.size() + " bytes: that is no window");
    }
    return Json.object(Files.readAllBytes(file.path()), "window");
  }

  private static void check(JsonObject json, String model, String version) {
    if (json.longValue("window") != WindowWriter.FORMAT) {
      throw new JsonException(
          "window is not " + WindowWriter.FORMAT + ", the version of the format known here");
    }
    if (!json.string("model").equals(model) || !json.string("version").equals(version)) {
      throw new JsonException(
          "it is a window of "
              + Printable.quote(json.string("model") + "/" + json.string("version"))
              + ", and not of what its folder says");
    }
  }

  /** A file under a name that is not its own would be counted twice, or in another's place. */
  private static void checkPlace(
      Path file, Optional<Instant> begin, Optional<Instant> end, String slice, String writer) {
    Instant from = begin.orElseThrow(WindowStore::noTime);
    WindowWriter.requireLength(from, end.orElseThrow(WindowStore::noTime));
    Path folder = Objects.requireNonNull(file.getParent());
    String date = LogPaths.DATE + LocalDate.ofInstant(from, ZoneOffset.UTC);
    boolean named = file.endsWith(LogPaths.window(from, slice, writer));
    if (!named || !folder.endsWith(date)) {
      throw new JsonException("its name or its folder is not that of the window in it");
    }
  }

  private static JsonException noTime() {
    return new JsonException("window.counts lacks from or to");
  }
}
