package io.plumbline.drift;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * A window in which a column was flagged, and on which an alarm that must last therefore rests.
 *
 * @param name when it began, such as {@code 2013-07-01}, or which one it was, such as {@code window
 *     3}, counted from 1, where windows have no time
 * @param flagged what that window alone said: a warning or an alert
 * @param effect how far the column had moved, in the policy's measure; NaN if there is none
 * @param explanation what had moved, and by how much, in a sentence
 */
public record FlaggedWindow(String name, Verdict flagged, double effect, String explanation) {

  /** Names a window by its time, in UTC, else by its number. */
  static String name(WindowCounts window, int number) {
    return window.from().map(FlaggedWindow::day).orElse("window " + number);
  }

  private static String day(Instant from) {
    LocalDate day = LocalDate.ofInstant(from, ZoneOffset.UTC);
    boolean midnight = day.atStartOfDay().toInstant(ZoneOffset.UTC).equals(from);
    return midnight ? day.toString() : from.toString();
  }
}
