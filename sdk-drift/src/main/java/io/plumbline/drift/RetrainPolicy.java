package io.plumbline.drift;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Says when a model should be trained again: because it is old, because its data has drifted, or
 * because it performs worse than it was registered with. Immutable, and a pure function: when it is
 * asked, and who trains, is the business of a scheduler outside.
 *
 * <pre>{@code
 * RetrainPolicy policy = RetrainPolicy.standard().olderThan(Duration.ofDays(90)).withApproval();
 * RetrainDecision decision =
 *     policy.decide(
 *         RetrainEvidence.of("models:/flight-delay/3", trainedAt).drift(report).performance("auc", finding),
 *         Instant.now());
 * System.exit(decision.exitCode());
 * }</pre>
 *
 * <p>Columns that go missing or change their type are no reason to train: a model of broken data is
 * a broken model. Where they come together with a reason, somebody must approve, whatever the
 * policy.
 */
public final class RetrainPolicy {
  // What says that the input is broken, and not that the world has moved.
  private static final Set<String> BROKEN = Set.of("missing", "mistyped", "absent");
  private static final int NAMED = 3;

  private final @Nullable Duration age;
  private final int alerts;
  private final boolean approval;

  private RetrainPolicy(@Nullable Duration age, int alerts, boolean approval) {
    this.age = age;
    this.alerts = alerts;
    this.approval = approval;
  }

  /**
   * The standard policy: no schedule; one column with an alert is enough, and so is one alarm about
   * performance; nobody needs to approve.
   */
  public static RetrainPolicy standard() {
    return new RetrainPolicy(null, 1, false);
  }

  /**
   * The same, where a model is also trained again because of its age.
   *
   * @param limit positive
   */
  public RetrainPolicy olderThan(Duration limit) {
    if (limit.isNegative() || limit.isZero()) {
      throw new IllegalArgumentException("the age must be positive, not " + limit);
    }
    return new RetrainPolicy(limit, alerts, approval);
  }

  /**
   * The same with another number of columns whose verdict must be {@link Verdict#ALERT}.
   *
   * @param columns at least 1
   */
  public RetrainPolicy alertedColumns(int columns) {
    if (columns < 1) {
      throw new IllegalArgumentException("columns is " + columns + "; it must be at least 1");
    }
    return new RetrainPolicy(age, columns, approval);
  }

  /** The same, where somebody must approve before a model is trained again. */
  public RetrainPolicy withApproval() {
    return new RetrainPolicy(age, alerts, true);
  }

  /**
   * Decides.
   *
   * @param now the time of the decision
   */
  public RetrainDecision decide(RetrainEvidence evidence, Instant now) {
    Objects.requireNonNull(now, "now");
    List<RetrainDecision.Reason> reasons = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    schedule(evidence, now, reasons, notes);
    boolean broken = false;
    for (DriftReport report : evidence.drift()) {
      broken |= drift(report, reasons, notes);
    }
    evidence.performance().forEach((metric, finding) -> judge(metric, finding, reasons, notes));
    RetrainDecision.Verdict verdict = RetrainDecision.Verdict.KEEP;
    if (!reasons.isEmpty()) {
      boolean free = !approval && !broken;
      verdict =
          isApproved(evidence, now, notes) || free
              ? RetrainDecision.Verdict.RETRAIN
              : RetrainDecision.Verdict.WAIT_FOR_APPROVAL;
    }
    return new RetrainDecision(verdict, evidence.model(), now, reasons, notes);
  }

  private void schedule(
      RetrainEvidence evidence,
      Instant now,
      List<RetrainDecision.Reason> reasons,
      List<String> notes) {
    Duration old = Duration.between(evidence.trainedAt(), now);
    if (old.isNegative()) {
      notes.add(
          "the model was trained at " + evidence.trainedAt() + ", after now: check the clock");
    } else if (age != null && old.compareTo(age) > 0) {
      String sentence = "the model is " + days(old) + " old, more than " + days(age);
      reasons.add(new RetrainDecision.Reason(RetrainDecision.Kind.SCHEDULE, sentence));
    }
  }

  /** Whether the data is broken, which is not to be learned. */
  private boolean drift(
      DriftReport report, List<RetrainDecision.Reason> reasons, List<String> notes) {
    if (report.verdict() == Verdict.INSUFFICIENT) {
      notes.add("drift is not known: there are " + report.window().rows() + " rows, too few");
      return false;
    }
    List<ColumnDrift> broken = report.alarms().stream().filter(RetrainPolicy::isBroken).toList();
    List<String> names = new ArrayList<>(report.absent());
    broken.forEach(column -> names.add(column.name()));
    if (!names.isEmpty()) {
      notes.add(
          "repair the input before training: values of "
              + names.stream().map(Words::quoted).collect(Collectors.joining(", "))
              + " are missing or of a wrong type");
    }
    List<ColumnDrift> moved =
        report.alarms().stream()
            .filter(column -> column.verdict() == Verdict.ALERT && !isBroken(column))
            .toList();
    if (moved.size() >= alerts) {
      reasons.add(new RetrainDecision.Reason(RetrainDecision.Kind.DRIFT, words(moved)));
    } else if (!moved.isEmpty()) {
      notes.add(words(moved) + ". That is fewer than " + alerts + " columns");
    }
    return !names.isEmpty();
  }

  private static boolean isBroken(ColumnDrift column) {
    return column.rates().stream()
        .filter(rate -> BROKEN.contains(rate.name()))
        .anyMatch(rate -> rate.verdict().alarms());
  }

  private static String words(List<ColumnDrift> moved) {
    String count = moved.size() == 1 ? "1 column" : moved.size() + " columns";
    String named =
        moved.stream()
            .limit(NAMED)
            .map(column -> Words.quoted(column.name()) + ": " + column.explanation())
            .collect(Collectors.joining("; "));
    return count + " drifted: " + named + (moved.size() > NAMED ? "; and others" : "");
  }

  private static void judge(
      String metric,
      PerformanceAlarm.Finding finding,
      List<RetrainDecision.Reason> reasons,
      List<String> notes) {
    switch (finding.state()) {
      case ALARM ->
          reasons.add(
              new RetrainDecision.Reason(
                  RetrainDecision.Kind.PERFORMANCE,
                  metric + " fell: " + finding.reason() + " (" + finding.rows() + " rows)"));
      case SUSPECT -> notes.add(metric + " is suspect: " + finding.reason());
      case IMMATURE, INSUFFICIENT -> notes.add(metric + " is not known: " + finding.reason());
      case OK -> {
        // Nothing to tell.
      }
    }
  }

  /** An approval counts once: one from before the model was trained was for that training. */
  private static boolean isApproved(RetrainEvidence evidence, Instant now, List<String> notes) {
    RetrainEvidence.Approval given = evidence.approval().orElse(null);
    if (given == null) {
      return false;
    }
    String by = "the approval of " + Words.quoted(given.by()) + " at " + given.at();
    if (given.at().isBefore(evidence.trainedAt())) {
      notes.add(by + " is older than the model; it was for another training");
      return false;
    }
    if (given.at().isAfter(now)) {
      notes.add(by + " is after now; it does not count yet");
      return false;
    }
    notes.add("approved by " + Words.quoted(given.by()) + " at " + given.at());
    return true;
  }

  private static String days(Duration duration) {
    double days = duration.toSeconds() / 86_400.0;
    return days < 1
        ? Words.number(duration.toSeconds() / 3_600.0) + " hours"
        : Words.number(Math.floor(days * 10) / 10) + " days";
  }
}
