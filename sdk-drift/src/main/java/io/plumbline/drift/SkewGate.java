package io.plumbline.drift;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Compares the first rows after a deploy with the profile that the model came with, by stricter
 * limits than those of drift: what a deploy breaks shows at once, long before business figures do.
 * Immutable.
 *
 * <pre>{@code
 * SkewGate gate = SkewGate.against(profile).rows(1_000).without("hour");
 * SkewGate.Finding finding = gate.judge(counter.snapshot());
 * if (finding.state() == SkewGate.State.STOP) {
 *   registry.rollback("flight-delay", "champion", String.join("; ", finding.reasons()));
 * }
 * }</pre>
 *
 * <p>It stops when a rate (missing, out of range, new category, mistyped) has risen by 0.2
 * percentage points beyond chance, or when a column moved by a corrected PSI of 0.02, ten times
 * sooner than drift alerts. A column whose own reference moves more than that from chunk to chunk,
 * such as the weather, must move by more than its 99th percentile. Leave out what an hour cannot
 * show, such as the time of day.
 *
 * <p>Before the last of the rows it says {@link State#WAIT}, unless something is so plainly broken,
 * by the alert limits of {@link AlarmPolicy#standard}, that it need not wait.
 */
public final class SkewGate {
  private static final int ROWS = 1_000;
  private static final AlarmPolicy STRICT =
      AlarmPolicy.standard()
          .withEffect(AlarmPolicy.Effect.PSI_CORRECTED, 0.02, 0.05)
          .withPersistence(1, 1)
          .withRates(0.99, 0.002, 0.02);

  private final Profile profile;
  private final long rows;
  private final Set<String> left;

  private SkewGate(Profile profile, long rows, Set<String> left) {
    this.profile = profile;
    this.rows = rows;
    this.left = left;
  }

  /** What to do. */
  public enum State {
    /** There are not enough rows yet, and nothing is plainly broken. */
    WAIT,
    /** The first rows are like the training data. */
    PASS,
    /** They are not: roll back, and look at the reasons. */
    STOP
  }

  /**
   * What the gate says.
   *
   * @param rows the rows that it has seen
   * @param reasons why it stops, as sentences; none otherwise
   * @param report the comparison by the gate's limits; empty while there are too few rows for any
   */
  public record Finding(
      State state, long rows, List<String> reasons, Optional<DriftReport> report) {
    /** Copies the reasons. */
    public Finding {
      Objects.requireNonNull(state, "state");
      reasons = List.copyOf(reasons);
    }
  }

  /** A gate of the first 1,000 rows. */
  public static SkewGate against(Profile profile) {
    return new SkewGate(profile, ROWS, Set.of());
  }

  /**
   * The same with another number of rows.
   *
   * @param first at least 200
   */
  public SkewGate rows(long first) {
    if (first < AlarmPolicy.LEAST_ROWS) {
      throw new IllegalArgumentException(
          "rows is " + first + "; fewer than " + AlarmPolicy.LEAST_ROWS + " say nothing");
    }
    return new SkewGate(profile, first, left);
  }

  /** The same without some columns. */
  public SkewGate without(String... columns) {
    Set<String> all = new HashSet<>(left);
    all.addAll(List.of(columns));
    return new SkewGate(profile, rows, Set.copyOf(all));
  }

  /**
   * Judges the rows since the deploy.
   *
   * @param first counted with {@link Profile#counter}, all rows since the deploy
   * @throws IllegalArgumentException if no column is left to look at
   */
  public Finding judge(WindowCounts first) {
    List<String> names =
        profile.columns().stream()
            // What came true is not known in the first hour.
            .filter(column -> column.role() != ColumnRole.TARGET)
            .map(ColumnProfile::name)
            .filter(name -> !left.contains(name))
            .toList();
    if (names.isEmpty()) {
      throw new IllegalArgumentException("every column of the profile is left out");
    }
    WindowCounts watched = first.only(names);
    long seen = watched.rows();
    if (seen < AlarmPolicy.LEAST_ROWS) {
      return new Finding(State.WAIT, seen, List.of(), Optional.empty());
    }
    boolean complete = seen >= rows;
    DriftReport report =
        Drift.compare(
            profile.label().orElse("profile " + profile.id().substring(0, 12)),
            profile.counts().only(names),
            watched,
            complete ? STRICT : AlarmPolicy.standard());
    List<String> reasons = new ArrayList<>();
    report.absent().forEach(name -> reasons.add(Words.quoted(name) + ": " + report.absence()));
    for (ColumnDrift column : report.columns()) {
      rates(column, complete ? Verdict.WARN : Verdict.ALERT, reasons);
      if (complete) {
        moved(column, reasons);
      }
    }
    State otherwise = complete ? State.PASS : State.WAIT;
    return new Finding(
        reasons.isEmpty() ? otherwise : State.STOP, seen, reasons, Optional.of(report));
  }

  private static void rates(ColumnDrift column, Verdict from, List<String> reasons) {
    for (RateChange rate : column.rates()) {
      if (rate.verdict().compareTo(from) >= 0) {
        reasons.add(
            Words.quoted(column.name())
                + ": "
                + Rates.words(rate.name())
                + " rose from "
                + Words.percent(rate.referenceRate())
                + " to "
                + Words.percent(rate.rate())
                + " of the rows");
      }
    }
  }

  private void moved(ColumnDrift column, List<String> reasons) {
    Baseline usual = profile.column(column.name()).baselines().get(STRICT.effect().method());
    boolean more = usual == null || column.effect() > usual.p99();
    if (more && column.moved(STRICT).alarms()) {
      reasons.add(
          String.format(
              Locale.ROOT,
              "%s: %s. %s %.3f%s",
              Words.quoted(column.name()),
              Words.moves(column.moved()),
              STRICT.effect().words(),
              column.effect(),
              usual == null
                  ? ""
                  : String.format(
                      Locale.ROOT, ", more than the reference's own %.3f", usual.p99())));
    }
  }
}
