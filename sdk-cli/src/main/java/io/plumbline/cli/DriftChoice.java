package io.plumbline.cli;

import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of {@code drift} that say which rows of a log are compared, and with which. */
final class DriftChoice {
  private static final String REFERENCE = "reference";
  private static final String PREVIOUS = "previous";
  private static final String ALL = "all";

  @Mixin private DayRange days = new DayRange();

  @Option(
      names = "--model-version",
      paramLabel = "VERSION",
      description =
          "Only rows that this version has made, of a log; all for those of all versions. With"
              + " MODEL, its own unless given.")
  private @Nullable String version;

  @Option(
      names = "--slice",
      paramLabel = "NAME",
      description =
          "Only rows of this slice, of a log; all compares each slice by itself. The reference is"
              + " that of all rows.")
  private @Nullable String slice;

  @Option(
      names = "--reference-from",
      paramLabel = "DATE",
      description = "As --from, of a log that is the reference.")
  private @Nullable LocalDate referenceFrom;

  @Option(
      names = "--reference-to",
      paramLabel = "DATE",
      description = "As --to, of a log that is the reference.")
  private @Nullable LocalDate referenceTo;

  @Option(
      names = "--window",
      paramLabel = "LENGTH",
      converter = CalendarWindow.Converter.class,
      description =
          "Cut the rows of a log into windows: hour, day, week or month. A line for each; the last"
              + " is judged, and drift must last.")
  private @Nullable CalendarWindow window;

  @Option(
      names = "--against",
      paramLabel = "WHAT",
      description =
          "reference (the default); previous: each window with the one before; a VERSION, such as"
              + " 2: with the rows of the log that this one has made. The last two are judged"
              + " window by window; the reference has the bins.")
  private @Nullable String against;

  /** What is wrong with the call; null if nothing is. */
  @Nullable String problem() {
    if (days.isReversed() || DayRange.isReversed(referenceFrom, referenceTo)) {
      return "the day to which rows are wanted is before the one from which they are";
    }
    if (againstPrevious() && window == null) {
      return "--against previous compares windows: say how long they are with --window";
    }
    if (version != null && version.equals(againstVersion())) {
      return "--against " + against + " is the version of --model-version: name another one";
    }
    return null;
  }

  /** Which options were given, by name. */
  Map<String, Boolean> given() {
    Map<String, Boolean> given = new LinkedHashMap<>();
    given.put("--from", days.from() != null);
    given.put("--to", days.to() != null);
    given.put("--model-version", version != null);
    given.put("--slice", slice != null);
    given.put("--reference-from", referenceFrom != null);
    given.put("--reference-to", referenceTo != null);
    given.put("--window", window != null);
    given.put("--against", against != null);
    return given;
  }

  /**
   * The rows that are compared, of all slices.
   *
   * @param model of this model; null for all
   * @param own of this version unless another one is given; null for all
   */
  LogRange rows(@Nullable String model, @Nullable String own) {
    String wanted = version == null ? own : version.equals(ALL) ? null : version;
    return new LogRange(model, wanted, days.from(), days.to());
  }

  /** The rows of a log that is the reference. */
  LogRange referenceRows() {
    return new LogRange(null, null, referenceFrom, referenceTo);
  }

  @Nullable CalendarWindow window() {
    return window;
  }

  /** The slice that is meant; null for the rows of all. */
  @Nullable String slice() {
    return slice;
  }

  /** Whether each slice is compared by itself. */
  boolean eachSlice() {
    return ALL.equals(slice);
  }

  boolean againstPrevious() {
    return PREVIOUS.equals(against);
  }

  /** The version that the rows are compared with; null if there is none. */
  @Nullable String againstVersion() {
    return against == null || against.equals(REFERENCE) || againstPrevious() ? null : against;
  }
}
