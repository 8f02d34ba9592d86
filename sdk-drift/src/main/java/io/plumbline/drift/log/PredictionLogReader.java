package io.plumbline.drift.log;

import io.plumbline.NotFoundException;
import io.plumbline.StoreException;
import io.plumbline.drift.internal.arrow.IpcFile;
import io.plumbline.drift.internal.log.LogFolders;
import io.plumbline.drift.internal.log.LogPaths;
import io.plumbline.internal.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads a prediction log, or any Arrow file, some rows at a time. Memory does not grow with the
 * log. For one thread.
 *
 * <pre>{@code
 * try (PredictionLogReader log = PredictionLogReader.open(Path.of("log"), LogFilter.ALL)) {
 *   for (LogBatch rows = log.next(); rows != null; rows = log.next()) {
 *     double[] temperature = rows.doubles("temperature");
 *   }
 * }
 * }</pre>
 *
 * <p>Besides the logs of this SDK it reads the Arrow files and streams of pyarrow, pandas and
 * polars: numbers, booleans, texts, dictionaries of texts, dates and times, fixed-size lists of
 * floats.
 */
public final class PredictionLogReader implements AutoCloseable {
  private final List<Path> files;
  private final LogFilter filter;
  private int opened;
  private @Nullable Opened current;

  /** A file that is being read. */
  interface Opened {
    /** The next rows; null behind the last. */
    @Nullable LogBatch next();

    Map<String, String> metadata();

    void close() throws IOException;
  }

  private PredictionLogReader(List<Path> files, LogFilter filter) {
    this.files = files;
    this.filter = filter;
  }

  /**
   * Opens a file, or all parts below a folder in the order of their paths. Folders with other names
   * than a log's are not looked into.
   *
   * @param path a file of any name ({@code .jsonl} for JSON lines, all others are Arrow), or a
   *     folder of {@code _model=.../_version=.../_date=...}
   * @throws NotFoundException if there is no such file or folder
   * @throws StoreException if the folder can't be listed
   */
  public static PredictionLogReader open(Path path, LogFilter filter) {
    Objects.requireNonNull(filter, "filter");
    if (!Files.exists(path)) {
      throw new NotFoundException("there is no prediction log " + path);
    }
    return new PredictionLogReader(parts(path, filter), filter);
  }

  /**
   * The files that {@link #open} would read, in their order.
   *
   * @throws StoreException if the folder can't be listed
   */
  public static List<Path> parts(Path path, LogFilter filter) {
    return list(path, () -> LogFolders.find(path, names(filter)), filter);
  }

  /** As {@link #parts(Path, LogFilter)}, and tells of folders that can't be read. */
  static List<Path> parts(Path path, LogFilter filter, BiConsumer<Path, IOException> passedOver) {
    return list(
        path,
        () ->
            LogFolders.find(
                path,
                names(filter),
                (folder, e) -> {
                  if (isWanted(folder.toAbsolutePath(), filter)) {
                    passedOver.accept(folder, e);
                  }
                }),
        filter);
  }

  private static List<Path> list(
      Path path, Guard.Reading<List<LogFolders.Found>> find, LogFilter filter) {
    if (Files.isRegularFile(path)) {
      return List.of(path);
    }
    try {
      List<Path> parts = new ArrayList<>();
      for (LogFolders.Found found : find.read()) {
        if (isWanted(found.path().toAbsolutePath(), filter)) {
          parts.add(found.path());
        }
      }
      return parts;
    } catch (IOException e) {
      throw new StoreException("the prediction log " + path + " can't be listed: " + e, e);
    }
  }

  private static Predicate<String> names(LogFilter filter) {
    return name -> isData(name) || filter.openParts() && LogFolders.isOpenPart(name);
  }

  private static boolean isData(String name) {
    return !name.startsWith(".")
        && (name.endsWith(".arrow")
            || name.endsWith(".feather")
            || name.endsWith(".arrows")
            || name.endsWith(".jsonl"));
  }

  /** Asks the names of the folders; a path without such a folder is wanted. */
  private static boolean isWanted(Path path, LogFilter filter) {
    for (Path part : path) {
      String name = part.toString();
      if (isOther(name, LogPaths.MODEL, filter.model())
          || isOther(name, LogPaths.VERSION, filter.version())
          || name.startsWith(LogPaths.DATE)
              && !isWanted(name.substring(LogPaths.DATE.length()), filter)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isOther(String name, String key, @Nullable String wanted) {
    return wanted != null
        && name.startsWith(key)
        && !name.substring(key.length()).equals(LogPaths.encode(wanted));
  }

  private static boolean isWanted(String day, LogFilter filter) {
    LocalDate from = filter.from();
    LocalDate to = filter.to();
    if (from == null && to == null) {
      return true;
    }
    try {
      LocalDate date = LocalDate.parse(day);
      return (from == null || !date.isBefore(from)) && (to == null || !date.isAfter(to));
    } catch (DateTimeParseException e) {
      return true;
    }
  }

  /**
   * The next rows; null behind the last.
   *
   * @throws io.plumbline.IntegrityException if a file is damaged; the message names it
   * @throws StoreException if a file can't be read
   * @throws IllegalArgumentException if a file is whole, but has something that is not read here
   */
  public @Nullable LogBatch next() {
    while (true) {
      Opened file = current;
      if (file == null) {
        if (opened == files.size()) {
          return null;
        }
        file = opened(files.get(opened++));
        current = file;
        requireKnown(file);
      }
      LogBatch batch = file.next();
      if (batch != null) {
        return batch;
      }
      closeFile();
    }
  }

  /** What another program has written says nothing of a format; what a later version has, does. */
  private void requireKnown(Opened file) {
    String format = file.metadata().get(LogSchema.FORMAT_KEY);
    if (format != null && !format.equals(Integer.toString(LogSchema.FORMAT))) {
      throw new IllegalArgumentException(
          file()
              + " is of format "
              + Printable.quote(format)
              + ", and this version of the SDK reads format "
              + LogSchema.FORMAT
              + ": read it with a later version");
    }
  }

  private Opened opened(Path path) {
    String name = String.valueOf(path.getFileName());
    if (name.contains(".jsonl")) {
      return JsonLinesFile.open(path, filter);
    }
    IpcFile file =
        Guard.reading(
            path, () -> IpcFile.open(path, filter.compression(), LogFolders.isOpenPart(name)));
    return new ArrowFile(path, file, filter);
  }

  /** An Arrow file that is being read. */
  private static final class ArrowFile implements Opened {
    private final Path path;
    private final IpcFile file;
    private final ArrowBatch batch;

    ArrowFile(Path path, IpcFile file, LogFilter filter) {
      this.path = path;
      this.file = file;
      this.batch = new ArrowBatch(path, file, filter);
    }

    @Override
    public @Nullable LogBatch next() {
      batch.moved();
      return Guard.reading(path, file::next) ? batch : null;
    }

    @Override
    public Map<String, String> metadata() {
      return Map.copyOf(file.metadata());
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  /**
   * The file that the current rows are from.
   *
   * @throws IllegalStateException if there are no current rows
   */
  public Path file() {
    if (current == null) {
      throw new IllegalStateException("there are no current rows");
    }
    return files.get(opened - 1);
  }

  /**
   * What the file of the current rows says of itself, such as {@code plumbline.model}; see {@link
   * LogSchema#metadata}.
   *
   * @throws IllegalStateException if there are no current rows
   */
  public Map<String, String> metadata() {
    Opened file = current;
    if (file == null) {
      throw new IllegalStateException("there are no current rows");
    }
    return file.metadata();
  }

  private void closeFile() {
    Opened file = current;
    current = null;
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        throw new StoreException(files.get(opened - 1) + " can't be closed: " + e, e);
      }
    }
  }

  @Override
  public void close() {
    opened = files.size();
    closeFile();
  }
}
