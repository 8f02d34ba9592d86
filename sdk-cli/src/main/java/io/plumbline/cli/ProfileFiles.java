package io.plumbline.cli;

import io.plumbline.data.CsvReader;
import io.plumbline.drift.Profile;
import io.plumbline.drift.ProfileBuilder;
import io.plumbline.drift.WindowCounts;
import io.plumbline.internal.Printable;
import io.plumbline.internal.json.JsonException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Files that are a profile's JSON, or rows from which a profile can be made. */
final class ProfileFiles {
  private static final String ARROW = "ARROW1";

  /** What a path holds. */
  enum Kind {
    /** A profile's JSON. */
    PROFILE,
    /** Rows of CSV, plain or gzip. */
    CSV,
    /** A folder of a prediction log, or one file of Arrow's formats or of JSON lines. */
    LOG
  }

  private ProfileFiles() {}

  /** Says what a path holds, by its name and its first bytes. */
  static Kind kind(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      return Kind.LOG;
    }
    check(path);
    String name = String.valueOf(path.getFileName());
    byte[] first;
    try (InputStream in = Files.newInputStream(path)) {
      first = in.readNBytes(ARROW.length());
    }
    boolean named = Stream.of(".arrow", ".feather", ".jsonl").anyMatch(name::contains);
    if (named || new String(first, StandardCharsets.ISO_8859_1).equals(ARROW)) {
      return Kind.LOG;
    }
    return first.length > 0 && first[0] == '{' ? Kind.PROFILE : Kind.CSV;
  }

  /** Reads a profile, or makes one of rows. */
  static Profile profile(Path path) throws IOException {
    return profile(path, LogRange.ALL);
  }

  /** The same, where only some rows of a log are meant. */
  static Profile profile(Path path, LogRange range) throws IOException {
    if (kind(path, range) == Kind.PROFILE) {
      return read(path);
    }
    return make(path, range, Profile.builder().label(label(path, range)));
  }

  /** What people call the profile of a path's rows, unless they say something else. */
  static String label(Path path, LogRange range) {
    return (path.getFileName() + " " + range).trim();
  }

  /**
   * Makes a profile of rows.
   *
   * @param builder knows how, and has no rows yet
   */
  static Profile make(Path path, LogRange range, ProfileBuilder builder) throws IOException {
    switch (kind(path, range)) {
      case PROFILE ->
          throw new IllegalArgumentException(
              quoted(path)
                  + " is JSON, as a profile is, and has no rows; give CSV, an Arrow file, lines of"
                  + " JSON (.jsonl) or a prediction log");
      case LOG -> new LogRows(path, range).addTo(builder);
      case CSV -> {
        try (CsvReader csv = CsvReader.open(path)) {
          builder.add(csv);
        }
      }
    }
    try {
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(quoted(path) + ": " + e.getMessage(), e);
    }
  }

  /** Counts rows into a profile's bins; a profile's JSON has counts of its own. */
  static WindowCounts window(Path path, Profile reference) throws IOException {
    return window(path, LogRange.ALL, reference);
  }

  /** The same, where only some rows of a log are meant. */
  static WindowCounts window(Path path, LogRange range, Profile reference) throws IOException {
    return switch (kind(path, range)) {
      case PROFILE -> read(path).counts();
      case LOG -> new LogRows(path, range).count(reference);
      case CSV -> {
        try (CsvReader csv = CsvReader.open(path)) {
          var counter = reference.counter();
          counter.countAll(csv);
          yield counter.take();
        }
      }
    };
  }

  private static Kind kind(Path path, LogRange range) throws IOException {
    Kind kind = kind(path);
    if (kind != Kind.LOG && !range.isAll()) {
      throw new IllegalArgumentException(
          "rows can be chosen by date, version or slice only in a prediction log or one of its files,"
              + " and "
              + quoted(path)
              + " is neither");
    }
    return kind;
  }

  /** Reads a profile's JSON. */
  static Profile read(Path file) throws IOException {
    check(file);
    try {
      return Profile.fromJson(Files.readAllBytes(file));
    } catch (JsonException e) {
      throw new IllegalArgumentException(quoted(file) + ": " + e.getMessage(), e);
    }
  }

  private static void check(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException("there is no file " + quoted(file));
    }
  }

  private static String quoted(Path file) {
    return Printable.quote(file.toString());
  }
}
