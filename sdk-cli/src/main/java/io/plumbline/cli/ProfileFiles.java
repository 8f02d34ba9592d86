package io.plumbline.cli;

import io.plumbline.data.CsvReader;
import io.plumbline.drift.Profile;
import io.plumbline.drift.WindowCounts;
import io.plumbline.internal.Printable;
import io.plumbline.internal.json.JsonException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that are a profile's JSON, or CSV from which a profile can be made. */
final class ProfileFiles {
  private ProfileFiles() {}

  /** Reads a profile, or makes one of a CSV file's rows. */
  static Profile profile(Path file) throws IOException {
    if (isJson(file)) {
      return read(file);
    }
    try (CsvReader csv = CsvReader.open(file)) {
      return Profile.builder().label(String.valueOf(file.getFileName())).add(csv).build();
    }
  }

  /** Counts a CSV file's rows into a profile's bins; a profile's JSON has counts of its own. */
  static WindowCounts window(Path file, Profile reference) throws IOException {
    if (isJson(file)) {
      return read(file).counts();
    }
    try (CsvReader csv = CsvReader.open(file)) {
      var counter = reference.counter();
      counter.countAll(csv);
      return counter.take();
    }
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

  private static boolean isJson(Path file) throws IOException {
    check(file);
    try (InputStream in = Files.newInputStream(file)) {
      return in.read() == '{';
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
