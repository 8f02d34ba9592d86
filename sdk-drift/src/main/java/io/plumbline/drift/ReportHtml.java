package io.plumbline.drift;

import io.plumbline.drift.internal.page.DriftPage;
import io.plumbline.drift.internal.page.DriftView;
import io.plumbline.drift.internal.page.Page;
import io.plumbline.drift.internal.page.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Reports of one window after the other as a page for people. */
final class ReportHtml {
  private ReportHtml() {}

  /**
   * Makes the page.
   *
   * @param title its heading
   * @param reports one for each window, in the order of time, at least one
   * @param charts how good the model was meanwhile
   */
  static Page of(String title, List<DriftReport> reports, List<DriftView.Chart> charts) {
    DriftReport newest = newest(reports);
    List<DriftView.Column> columns = new ArrayList<>();
    newest.columns().forEach(column -> columns.add(column(column, newest, reports)));
    List<String> notes = new ArrayList<>();
    if (!newest.absent().isEmpty()) {
      notes.add(String.join(", ", newest.absent()) + ": " + newest.absence() + ".");
    } else if (!newest.window().otherColumns().isEmpty()) {
      notes.add(
          "The reference does not have the columns "
              + String.join(", ", newest.window().otherColumns())
              + ".");
    }
    List<ColumnDrift> pending = newest.pending();
    if (!pending.isEmpty()) {
      notes.add(
          pending.stream().map(ColumnDrift::name).collect(Collectors.joining(", "))
              + ": "
              + newest.pendingReason()
              + ".");
    }
    if (!newest.sameBins()) {
      notes.add("The two sides were counted into different bins; the window's were moved.");
    }
    return DriftPage.of(
        new DriftView(
            title,
            newest.window().rows()
                + " rows against "
                + newest.referenceRows()
                + " of "
                + newest.referenceName(),
            method(newest),
            newest.policy().warn(),
            windows(reports),
            columns,
            alarms(reports),
            charts,
            notes));
  }

  /** The series as charts, in the order in which they were given. */
  static List<DriftView.Chart> charts(List<PageSeries> series, int windows) {
    Map<String, List<DriftView.Line>> charts = new LinkedHashMap<>();
    for (PageSeries one : series) {
      if (one.values().size() != windows) {
        throw new IllegalArgumentException(
            one.name() + " has " + one.values().size() + " values for " + windows + " windows");
      }
      charts
          .computeIfAbsent(one.chart(), name -> new ArrayList<>())
          .add(new DriftView.Line(one.name(), of(one.values()), of(one.low()), of(one.high())));
    }
    List<DriftView.Chart> all = new ArrayList<>();
    charts.forEach((name, lines) -> all.add(new DriftView.Chart(name, lines, Double.NaN, "")));
    return all;
  }

  private static double[] of(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** The newest report that says anything; the newest of all if none does. */
  private static DriftReport newest(List<DriftReport> reports) {
    for (int i = reports.size() - 1; i >= 0; i--) {
      if (reports.get(i).verdict() != Verdict.INSUFFICIENT) {
        return reports.get(i);
      }
    }
    return reports.get(reports.size() - 1);
  }

  static State state(Verdict verdict) {
    return switch (verdict) {
      case INSUFFICIENT -> State.NONE;
      case OK -> State.GOOD;
      case WARN -> State.WARN;
      case ALERT -> State.BAD;
    };
  }

  private static List<DriftView.Window> windows(List<DriftReport> reports) {
    List<DriftView.Window> windows = new ArrayList<>();
    for (int i = 0; i < reports.size(); i++) {
      DriftReport report = reports.get(i);
      windows.add(
          new DriftView.Window(
              report.from().isPresent() ? "" : "window " + (i + 1),
              report.from().map(Instant::toEpochMilli).orElse((long) i),
              report.window().rows(),
              state(report.verdict()),
              report.alarms().size() + report.absent().size()));
    }
    return windows;
  }

  private static DriftView.Column column(
      ColumnDrift column, DriftReport newest, List<DriftReport> reports) {
    double[] effects = new double[reports.size()];
    for (int i = 0; i < effects.length; i++) {
      effects[i] =
          reports.get(i).columns().stream()
              .filter(
                  other ->
                      other.name().equals(column.name()) && other.flagged() != Verdict.INSUFFICIENT)
              .mapToDouble(ColumnDrift::effect)
              .findFirst()
              .orElse(Double.NaN);
    }
    return new DriftView.Column(
        column.name(),
        column.kind().label() + ", " + column.role().label(),
        column.pending() ? State.BUSY : state(column.verdict()),
        column.pending()
            ? sentence(newest.pendingReason() + ". " + column.explanation())
            : sentence(column.explanation()),
        column.effect(),
        effects,
        bins(column),
        figures(column));
  }

  private static String sentence(String text) {
    return text.isEmpty() ? "" : Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".";
  }

  private static DriftView.Bins bins(ColumnDrift column) {
    List<ShareChange> shares = column.shares();
    return new DriftView.Bins(
        column.kind().categorical(),
        shares.stream().map(share -> label(share.what())).toList(),
        shares.stream().mapToDouble(ShareChange::from).toArray(),
        shares.stream().mapToDouble(ShareChange::to).toArray());
  }

  /** What a picture has room for: the range without the words around it. */
  private static String label(String what) {
    String range = what.startsWith("values ") ? what.substring("values ".length()) : what;
    if (range.startsWith("from ") && range.contains(" to ")) {
      return range.substring("from ".length()).replace(" to below ", " to <");
    }
    boolean quoted = range.length() > 2 && range.startsWith("'") && range.endsWith("'");
    return quoted ? range.substring(1, range.length() - 1) : range;
  }

  private static List<DriftView.Figure> figures(ColumnDrift column) {
    List<DriftView.Figure> figures = new ArrayList<>();
    for (DriftFigure figure : column.figures()) {
      List<String> how = new ArrayList<>(List.of(figure.variant(), figure.binning()));
      how.add(figure.base().isEmpty() ? "" : "base " + figure.base());
      how.add(figure.smoothing() == 0 ? "" : "smoothing " + Words.number(figure.smoothing()));
      how.add(Double.isNaN(figure.pValue()) ? "" : "p " + Words.number(figure.pValue()));
      how.add("n " + figure.n() + ", m " + figure.m());
      how.removeIf(String::isEmpty);
      figures.add(new DriftView.Figure(figure.method(), figure.value(), String.join("; ", how)));
    }
    if (!Double.isNaN(column.adjusted())) {
      figures.add(new DriftView.Figure("p, adjusted", column.adjusted(), "over all columns"));
    }
    for (RateChange rate : column.rates()) {
      figures.add(
          new DriftView.Figure(
              Rates.words(rate.name()) + ", share",
              rate.rate(),
              "reference "
                  + Words.percent(rate.referenceRate())
                  + "; interval "
                  + Words.percent(rate.current().low())
                  + " to "
                  + Words.percent(rate.current().high())));
    }
    return figures;
  }

  private static List<DriftView.Alarm> alarms(List<DriftReport> reports) {
    List<DriftView.Alarm> alarms = new ArrayList<>();
    for (int i = 0; i < reports.size(); i++) {
      for (ColumnDrift column : reports.get(i).alarms()) {
        alarms.add(
            new DriftView.Alarm(
                i, column.name(), state(column.verdict()), sentence(column.explanation())));
      }
      for (String absent : reports.get(i).absent()) {
        alarms.add(new DriftView.Alarm(i, absent, State.BAD, sentence(reports.get(i).absence())));
      }
    }
    return alarms;
  }

  private static Map<String, String> method(DriftReport report) {
    AlarmPolicy policy = report.policy();
    Map<String, String> method = new LinkedHashMap<>();
    String correction = policy.correction().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    method.put("test", "chi-square; correction for many columns: " + correction);
    method.put("significance", Words.number(policy.significance()));
    method.put("effect", policy.effect().method());
    method.put("warning from", Words.number(policy.warn()));
    method.put("alert from", Words.number(policy.alert()));
    method.put("persistence", policy.persistence() + " of " + policy.windows() + " windows");
    method.put("rows at least", Long.toString(policy.leastRows()));
    method.put("smoothing", Words.number(policy.smoothing()));
    return method;
  }
}
