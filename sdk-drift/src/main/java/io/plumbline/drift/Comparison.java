package io.plumbline.drift;

import io.plumbline.drift.internal.profile.ColumnFrame;
import io.plumbline.drift.internal.profile.Counts;
import io.plumbline.drift.internal.stat.ChiSquare;
import io.plumbline.drift.internal.stat.MultipleTests;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Judges all columns of a window by a policy. */
final class Comparison {
  private static final int MOVES = 3;
  private static final double CRITICAL_TAIL = 0.01;

  private final AlarmPolicy policy;
  private final long windowRows;
  // Most columns have as many groups as others.
  private final Map<Integer, Double> criticals = new HashMap<>();

  Comparison(AlarmPolicy policy, long windowRows) {
    this.policy = policy;
    this.windowRows = windowRows;
  }

  List<ColumnDrift> columns(List<ColumnFrame> frames, List<Counts> before, List<Counts> now) {
    List<Contrast> contrasts = new ArrayList<>();
    double[] p = new double[frames.size()];
    for (int i = 0; i < p.length; i++) {
      Counts reference = before.get(i);
      Counts current = now.get(i);
      contrasts.add(new Contrast(frames.get(i), reference, current, policy.smoothing()));
      p[i] = enough(reference, current) ? contrasts.get(i).pValue() : Double.NaN;
    }
    double[] adjusted = adjust(p);
    List<ColumnDrift> columns = new ArrayList<>();
    for (int i = 0; i < p.length; i++) {
      columns.add(
          column(frames.get(i), before.get(i), now.get(i), contrasts.get(i), p[i], adjusted[i]));
    }
    return columns;
  }

  private boolean enough(Counts reference, Counts current) {
    return Math.min(reference.rows(), current.rows()) >= policy.leastRows();
  }

  private double[] adjust(double[] p) {
    long tests = Arrays.stream(p).filter(value -> !Double.isNaN(value)).count();
    return switch (policy.correction()) {
      case BENJAMINI_HOCHBERG -> MultipleTests.falseDiscovery(p, 1);
      case BENJAMINI_YEKUTIELI -> MultipleTests.falseDiscovery(p, MultipleTests.harmonic(tests));
      case BONFERRONI -> MultipleTests.bonferroni(p);
      case NONE -> p.clone();
    };
  }

  private ColumnDrift column(
      ColumnFrame frame, Counts before, Counts now, Contrast contrast, double p, double adjusted) {
    boolean enough = enough(before, now);
    double effect = effect(contrast);
    List<RateChange> rates =
        new Rates(policy, frame, before, now, windowRows)
            .all(enough ? Verdict.OK : Verdict.INSUFFICIENT);
    Verdict moved = adjusted <= policy.significance() ? level(contrast, effect) : Verdict.OK;
    Verdict flagged = enough ? moved : Verdict.INSUFFICIENT;
    for (RateChange rate : rates) {
      flagged = rate.verdict().compareTo(flagged) > 0 ? rate.verdict() : flagged;
    }
    List<ShareChange> moves = contrast.shares().moves(MOVES);
    ColumnDrift column =
        new ColumnDrift(
            frame.name(),
            frame.role(),
            frame.kind(),
            before.rows(),
            now.rows(),
            flagged,
            flagged,
            p,
            adjusted,
            effect,
            critical(contrast),
            contrast.figures(),
            rates,
            contrast.shares().all(),
            moves,
            List.of(),
            "");
    return column.judged(flagged, List.of(), explain(column));
  }

  private double critical(Contrast contrast) {
    if (contrast.figures().isEmpty() || contrast.dof() == 0) {
      return contrast.figures().isEmpty() ? Double.NaN : 0;
    }
    double critical =
        criticals.computeIfAbsent(contrast.dof(), dof -> ChiSquare.critical(CRITICAL_TAIL, dof));
    return contrast.criticalPsi(critical);
  }

  private double effect(Contrast contrast) {
    double effect = contrast.value(policy.effect().method());
    return Double.isNaN(effect) ? contrast.value("psi_corrected") : effect;
  }

  private Verdict level(Contrast contrast, double effect) {
    boolean own = !Double.isNaN(contrast.value(policy.effect().method()));
    AlarmPolicy limits = own ? policy : AlarmPolicy.standard();
    if (effect >= limits.alert()) {
      return Verdict.ALERT;
    }
    return effect >= limits.warn() ? Verdict.WARN : Verdict.OK;
  }

  /** What moved and why that is, or is not, an alarm. */
  private String explain(ColumnDrift column) {
    if (column.flagged() == Verdict.INSUFFICIENT) {
      return "too few rows: "
          + column.m()
          + " against "
          + column.n()
          + ", and at least "
          + policy.leastRows()
          + " are needed on both sides";
    }
    List<String> parts = new ArrayList<>();
    List<ShareChange> moved = new ArrayList<>(column.moved());
    for (RateChange rate : column.rates()) {
      if (rate.verdict().alarms()) {
        moved.removeIf(change -> change.what().equals(Rates.words(rate.name()))); // said once
        parts.add(
            Rates.words(rate.name())
                + " rose from "
                + Words.percent(rate.referenceRate())
                + " to "
                + Words.percent(rate.rate())
                + " of the rows");
      }
    }
    boolean significant = column.adjusted() <= policy.significance();
    if (significant && !moved.isEmpty()) {
      parts.add(Words.moves(moved));
    }
    if (!significant) {
      parts.add("the rest differs by no more than chance explains");
      return parts.size() == 1
          ? "nothing moved by more than chance explains"
          : String.join(". ", parts);
    }
    String size = String.format(Locale.ROOT, "%s %.3f", policy.effect().words(), column.effect());
    parts.add(
        column.flagged().alarms()
            ? size
            : size + ": real, but too small to matter (less than " + policy.warn() + ")");
    return String.join(". ", parts);
  }
}
