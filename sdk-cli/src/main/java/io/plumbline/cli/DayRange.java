package io.plumbline.cli;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which days of a log are meant, by event time. */
final class DayRange {
  @Option(
      names = "--from",
      paramLabel = "DATE",
      description = "Only rows of this day and later ones (UTC), of a log.")
  private @Nullable LocalDate from;

  @Option(names = "--to", paramLabel = "DATE", description = "Only rows up to this day.")
  private @Nullable LocalDate to;

  /** The first day; null for all. */
  @Nullable LocalDate from() {
    return from;
  }

  /** The last day; null for all. */
  @Nullable LocalDate to() {
    return to;
  }

  /** Whether no day can be meant. */
  boolean isReversed() {
    return isReversed(from, to);
  }

  static boolean isReversed(@Nullable LocalDate first, @Nullable LocalDate last) {
    return first != null && last != null && last.isBefore(first);
  }
}
