package io.plumbline.drift.log;

import io.plumbline.drift.Profile;
import io.plumbline.drift.ProfileCounter;
import io.plumbline.drift.WindowWriter;
import io.plumbline.drift.Windows;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;

/** A program that counts rows and keeps the counts after each, until it is killed. */
final class WindowChild {
  static final Instant START = Instant.parse("2026-11-26T10:00:00Z");

  private WindowChild() {}

  static Profile profile() {
    double[] numbers = new double[1_000];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i;
    }
    return Profile.builder().add("a", numbers).add("b", numbers).build();
  }

  /** Arguments: the log's folder, and the file into which it says how many rows it has kept. */
  public static void main(String[] arguments) throws Exception {
    Profile profile = profile();
    ProfileCounter counter = profile.counter();
    WindowWriter writer = WindowWriter.in(Path.of(arguments[0]));
    try (FileChannel told =
        FileChannel.open(
            Path.of(arguments[1]), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (long row = 1; ; row++) {
        counter.count(0, (double) (row % 1_000));
        counter.count(1, (double) (row % 7));
        writer.write(
            "flights",
            "3",
            new Windows.Window(
                Windows.ALL, counter.snapshot().between(START, START.plus(Duration.ofHours(1)))));
        told.write(ByteBuffer.allocate(8).putLong(0, row), 0);
      }
    }
  }
}
