package io.plumbline.benchmarks;

import io.plumbline.Config;
import io.plumbline.tracking.TrackingClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Stores that are made for one measurement. */
final class Stores {
  private Stores() {}

  /** Makes a folder beside the benchmarks' classes: the disk that is measured is the checkout's. */
  static Path folder() throws IOException {
    Path target = Path.of(System.getProperty("bench.folder", "benchmarks/target/figures"));
    Files.createDirectories(target);
    return Files.createTempDirectory(target.toAbsolutePath(), "store");
  }

  static TrackingClient open(Path folder) {
    return TrackingClient.create(Config.builder().isolated().store(folder).build());
  }

  static long bytes(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(Stores::size).sum();
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
