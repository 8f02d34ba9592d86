package io.plumbline.drift;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compares window after window with a reference, and raises an alarm when drift lasts: when a
 * column was flagged in 2 of the last 3 windows, by the standard policy. One monitor serves one
 * thread.
 *
 * <p>A window with too few rows is kept and merged into the next one.
 */
public final class DriftMonitor {
  private final Profile reference;
  private final AlarmPolicy policy;
  private final Map<String, Deque<FlaggedWindow>> history = new HashMap<>();
  private int windows;
  private @Nullable WindowCounts waiting;

  /** A monitor by the standard policy. */
  public DriftMonitor(Profile reference) {
    this(reference, AlarmPolicy.standard());
  }

  /** A monitor. */
  public DriftMonitor(Profile reference, AlarmPolicy policy) {
    this.reference = Objects.requireNonNull(reference, "reference");
    this.policy = Objects.requireNonNull(policy, "policy");
  }

  /** A monitor by the standard policy that has seen these windows already. */
  public static DriftMonitor continuing(Profile reference, List<WindowCounts> before, Instant now) {
    return continuing(reference, AlarmPolicy.standard(), before, now);
  }

  /**
   * A monitor that has seen these windows already, so that a restart neither forgets nor repeats an
   * alarm.
   *
   * @param before in order of time, such as {@link KeptWindows#tumbling} gives them. Those that are
   *     not over are merged into the next window
   * @param now the time, by which windows are over
   */
  public static DriftMonitor continuing(
      Profile reference, AlarmPolicy policy, List<WindowCounts> before, Instant now) {
    DriftMonitor monitor = new DriftMonitor(reference, policy);
    for (WindowCounts window : before) {
      if (window.to().isPresent() && window.to().get().isAfter(now)) {
        WindowCounts open = monitor.waiting;
        monitor.waiting = open == null ? window : open.merge(window);
      } else {
        DriftReport unused = monitor.add(window);
      }
    }
    return monitor;
  }

  /**
   * Compares the next window, together with those before it that had too few rows.
   *
   * @return {@link Verdict#INSUFFICIENT} if there still are too few
   */
  public DriftReport add(WindowCounts window) {
    WindowCounts whole = waiting == null ? window : waiting.merge(window);
    DriftReport report = Drift.compare(reference, whole, policy);
    if (whole.rows() < policy.leastRows()) {
      waiting = whole;
      return report;
    }
    waiting = null;
    windows++;
    String name = FlaggedWindow.name(whole, windows);
    List<ColumnDrift> judged = new ArrayList<>();
    for (ColumnDrift column : report.columns()) {
      judged.add(judge(column, name));
    }
    return report.judged(judged, policy.windows());
  }

  /** The rows that wait for the next window because they are too few. */
  public Optional<WindowCounts> waiting() {
    return Optional.ofNullable(waiting);
  }

  private ColumnDrift judge(ColumnDrift column, String window) {
    if (column.flagged() == Verdict.INSUFFICIENT) {
      return column;
    }
    Deque<FlaggedWindow> last = history.computeIfAbsent(column.name(), name -> new ArrayDeque<>());
    last.addLast(
        new FlaggedWindow(window, column.flagged(), column.effect(), column.explanation()));
    if (last.size() > policy.windows()) {
      last.removeFirst();
    }
    List<FlaggedWindow> flagged = last.stream().filter(seen -> seen.flagged().alarms()).toList();
    long alerts = flagged.stream().filter(seen -> seen.flagged() == Verdict.ALERT).count();
    Verdict verdict = Verdict.OK;
    if (flagged.size() >= policy.persistence()) {
      verdict = alerts >= policy.persistence() ? Verdict.ALERT : Verdict.WARN;
    }
    return column.judged(
        verdict,
        verdict.alarms() ? flagged : List.of(),
        explain(column, flagged, last.size(), verdict.alarms()));
  }

  /** What this window says, and which windows the verdict rests on. */
  private String explain(
      ColumnDrift column, List<FlaggedWindow> flagged, int remembered, boolean alarms) {
    if (flagged.isEmpty() || policy.windows() == 1) {
      return column.explanation();
    }
    String lasting =
        remembered == 1
            ? "flagged in the only window so far"
            : "flagged in " + flagged.size() + " of the last " + remembered + " windows";
    String each =
        flagged.stream()
            .map(
                seen ->
                    seen.name() + " (" + String.format(Locale.ROOT, "%.3f", seen.effect()) + ")")
            .collect(Collectors.joining(", "));
    if (column.flagged().alarms() || !alarms) {
      return column.explanation() + ". " + lasting + ": " + each;
    }
    FlaggedWindow latest = flagged.get(flagged.size() - 1);
    return "calm in this window, but "
        + lasting
        + ": "
        + each
        + ". "
        + latest.name()
        + ": "
        + latest.explanation();
  }
}
