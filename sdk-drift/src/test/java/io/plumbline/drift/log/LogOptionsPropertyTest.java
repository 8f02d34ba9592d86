package io.plumbline.drift.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.internal.journal.Disk;
import io.plumbline.tck.FakeClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

@Label("The durations of a log's options")
class LogOptionsPropertyTest {
  @Property(tries = 40)
  @Label("of any length are refused at once, or can be written with")
  void durations(@ForAll long seconds, @ForAll @IntRange(max = 999_999_999) int nanos)
      throws IOException {
    Duration duration = Duration.ofSeconds(seconds, nanos);
    if (duration.isNegative() || duration.isZero()) {
      assertThatThrownBy(() -> LogOptions.DEFAULT.withRoll(1 << 20, duration))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> LogOptions.DEFAULT.withRetention(duration))
          .isInstanceOf(IllegalArgumentException.class);
      return;
    }
    Path log = Files.createTempDirectory("log");
    try {
      write(log, duration);
    } finally {
      try (Stream<Path> files = Files.walk(log)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static void write(Path log, Duration duration) {
    LogOptions options = LogOptions.DEFAULT.withRoll(1 << 20, duration).withRetention(duration);
    FakeClock clock = new FakeClock(Sample.START / 1_000);
    LogSchema schema = LogChild.schema();
    try (PredictionLogWriter writer = PredictionLogWriter.open(log, options, clock, Disk.REAL)) {
      LogChild.fill(writer.row(schema, Sample.START), schema, 0);
      writer.flush();
      clock.pass(Duration.ofSeconds(Math.min(duration.toSeconds(), 86_399) + 1));
      writer.flush();
      List<Path> closed = PredictionLogReader.parts(log, LogFilter.ALL);
      assertThat(closed).hasSize(duration.compareTo(Duration.ofDays(1)) <= 0 ? 1 : 0);
    }
  }
}
