package io.plumbline.drift;

import io.plumbline.drift.DataCheck.Check;
import io.plumbline.drift.DataCheck.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds how the data of a training differs from that of the last one. */
final class DataFindings {
  private final Profile reference;
  private final AlarmPolicy policy;
  private final List<Finding> findings = new ArrayList<>();
  private @Nullable DriftReport drift;

  DataFindings(Profile reference, AlarmPolicy policy) {
    this.reference = reference;
    this.policy = policy;
  }

  List<Finding> all() {
    return findings;
  }

  @Nullable DriftReport drift() {
    return drift;
  }

  /**
   * Finds everything.
   *
   * @param asked the reference's columns that are wanted
   * @param given the columns that the data has
   */
  void find(List<String> asked, Set<String> given, WindowCounts window, long rows) {
    List<String> comparable = new ArrayList<>();
    for (String name : asked) {
      if (!given.contains(name)) {
        add(Check.COLUMNS, name, true, "is missing");
      } else if (rows > 0 && isComparable(window.column(name))) {
        comparable.add(name);
      }
    }
    for (String name : given) {
      if (!reference.has(name)) {
        add(Check.COLUMNS, name, false, "is unexpected; the last data had no such column");
      }
    }
    rows(rows);
    if (!comparable.isEmpty() && rows > 0) {
      DriftReport report =
          Drift.compare(
              reference.label().orElse("profile " + reference.id().substring(0, 12)),
              reference.counts().only(comparable),
              window.only(comparable),
              policy);
      report.columns().forEach(this::column);
      drift = report;
    }
  }

  private void rows(long rows) {
    if (rows < policy.leastRows()) {
      String count = rows == 0 ? "there are no rows" : "there are only " + rows + " rows";
      add(Check.ROWS, true, count + "; at least " + policy.leastRows() + " are needed to check");
    }
    if (reference.rows() < policy.leastRows()) {
      add(
          Check.ROWS,
          false,
          "the reference has only "
              + reference.rows()
              + " rows; nothing but columns and types"
              + " could be checked against it");
    }
  }

  /** Whether both sides count the same kind of thing; if not, that is a finding. */
  private boolean isComparable(ColumnCounts now) {
    ColumnProfile before = reference.column(now.name());
    if (now.missing() + now.nan() == now.rows()) {
      if (before.counts().missing() + before.counts().nan() < before.counts().rows()) {
        add(Check.MISSING, now.name(), true, "has no value at all");
      }
      return false;
    }
    if (before.kind() == now.kind() || before.kind().categorical() && now.kind().categorical()) {
      return true;
    }
    boolean numbers = isNumber(before.kind());
    if (numbers && isNumber(now.kind())) {
      return true;
    }
    String kinds = "was " + before.kind().label() + " and is " + now.kind().label();
    boolean texts = isText(before.kind()) && isText(now.kind());
    add(
        Check.TYPES,
        now.name(),
        !texts,
        texts ? kinds + "; both are texts, but they cannot be compared" : kinds);
    return false;
  }

  private static boolean isNumber(ColumnKind kind) {
    return kind == ColumnKind.NUMERIC || kind == ColumnKind.INTEGER;
  }

  private static boolean isText(ColumnKind kind) {
    return !isNumber(kind) && kind != ColumnKind.BOOLEAN;
  }

  private void column(ColumnDrift column) {
    for (RateChange rate : column.rates()) {
      boolean mistyped = rate.name().equals("mistyped");
      // No training reads texts as numbers, so the first one fails, however rare.
      boolean firstText = mistyped && rate.count() > 0 && rate.referenceCount() == 0;
      if (firstText || rate.verdict().alarms()) {
        add(
            check(rate.name()),
            column.name(),
            firstText || rate.verdict() == Verdict.ALERT,
            "has "
                + Rates.words(rate.name())
                + " in "
                + Words.percent(rate.rate())
                + " of the rows, "
                + Words.percent(rate.referenceRate())
                + " before");
      }
    }
    Verdict moved = column.moved(policy);
    if (moved.alarms()) {
      String size =
          String.format(Locale.ROOT, " (%s %.3f)", policy.effect().words(), column.effect());
      add(
          Check.DRIFT,
          column.name(),
          moved == Verdict.ALERT,
          "drifted: " + Words.moves(column.moved()) + size);
    }
  }

  private static Check check(String rate) {
    return switch (rate) {
      case "missing" -> Check.MISSING;
      case "out_of_range" -> Check.RANGE;
      case "new_category" -> Check.CATEGORIES;
      default -> Check.TYPES;
    };
  }

  private void add(Check check, String column, boolean fails, String what) {
    String sentence = "column " + Words.quoted(column) + " " + what;
    findings.add(new Finding(check, Optional.of(column), fails, sentence));
  }

  private void add(Check check, boolean fails, String sentence) {
    findings.add(new Finding(check, Optional.empty(), fails, sentence));
  }
}
