package io.plumbline.drift;

import io.plumbline.drift.internal.MetricKeys;
import io.plumbline.internal.json.Json;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** How a window compares with a reference, column by column, and what that means. Immutable. */
public final class DriftReport {
  private static final Comparator<ColumnDrift> WORST_FIRST =
      Comparator.comparing(ColumnDrift::verdict)
          .thenComparing(ColumnDrift::flagged)
          .thenComparingDouble(DriftReport::size)
          .reversed();

  private static final int NAMED = 5;

  private final String referenceName;
  private final WindowCounts reference;
  private final WindowCounts window;
  private final AlarmPolicy policy;
  private final List<ColumnDrift> columns;
  private final List<String> absent;
  private final boolean exact;
  private final int remembered;

  DriftReport(
      String referenceName,
      WindowCounts reference,
      WindowCounts window,
      AlarmPolicy policy,
      List<ColumnDrift> columns,
      List<String> absent,
      boolean exact,
      int remembered) {
    this.referenceName = referenceName;
    this.reference = reference;
    this.window = window;
    this.policy = policy;
    this.columns = List.copyOf(columns);
    this.absent = List.copyOf(absent);
    this.exact = exact;
    this.remembered = remembered;
  }

  DriftReport judged(List<ColumnDrift> lasting, int windows) {
    return new DriftReport(
        referenceName, reference, window, policy, lasting, absent, exact, windows);
  }

  /** What the window was compared with, in words. */
  public String referenceName() {
    return referenceName;
  }

  /** The rows of the reference. */
  public long referenceRows() {
    return reference.rows();
  }

  /** The window that was compared. */
  public WindowCounts window() {
    return window;
  }

  /** When the window begins, if it is one of time. */
  public Optional<Instant> from() {
    return window.from();
  }

  /** When the window ends, exclusively, if it is one of time. */
  public Optional<Instant> to() {
    return window.to();
  }

  /** By which policy it was judged. */
  public AlarmPolicy policy() {
    return policy;
  }

  /** How many windows the verdicts look back on: 1 for a single comparison. */
  public int remembered() {
    return remembered;
  }

  /** Whether both sides were counted into the same bins; else the window's were moved into them. */
  public boolean sameBins() {
    return exact;
  }

  /** The columns that both sides have, in the reference's order. */
  public List<ColumnDrift> columns() {
    return columns;
  }

  /**
   * A column.
   *
   * @throws IllegalArgumentException if it was not compared
   */
  public ColumnDrift column(String name) {
    return columns.stream()
        .filter(column -> column.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException("no column " + Words.quoted(name) + " was compared"));
  }

  /**
   * Columns of the reference of which the window has no row, though it has rows; each is an alert.
   * Targets are none of them: what came true is mostly not known yet.
   */
  public List<String> absent() {
    return absent;
  }

  /**
   * Why a column that is absent is an alert, in a sentence: it names the columns that the window
   * has and the reference does not, for the absent one may be one of them under another name.
   */
  public String absence() {
    String gone = "no row of the window has this column: it was renamed, or is no longer sent";
    List<String> others = window.otherColumns();
    if (others.isEmpty()) {
      return gone;
    }
    String named =
        others.stream().limit(NAMED).map(Words::quoted).collect(Collectors.joining(", "));
    int more = others.size() - NAMED;
    return gone + "; new in the window: " + named + (more > 0 ? " and " + more + " more" : "");
  }

  /** The columns that raise a warning or an alert, the worst first. */
  public List<ColumnDrift> alarms() {
    return columns.stream()
        .filter(column -> column.verdict().alarms())
        .sorted(WORST_FIRST)
        .toList();
  }

  /**
   * The columns that this window alone flags and that are no alarm, because drift must last; the
   * worst first.
   */
  public List<ColumnDrift> pending() {
    return columns.stream().filter(ColumnDrift::pending).sorted(WORST_FIRST).toList();
  }

  /** Why a column that is {@link #pending} is no alarm, and when it becomes one, in words. */
  public String pendingReason() {
    return "flagged in this window; alarms when "
        + policy.persistence()
        + " of "
        + policy.windows()
        + " windows are flagged";
  }

  /**
   * The worst of the columns' verdicts; a column of the reference that is absent is an alert,
   * without waiting for another window.
   */
  public Verdict verdict() {
    if (!absent.isEmpty() && window.rows() >= policy.leastRows()) {
      return Verdict.ALERT;
    }
    return columns.stream()
        .map(ColumnDrift::verdict)
        .max(Comparator.naturalOrder())
        .orElse(Verdict.INSUFFICIENT);
  }

  /**
   * The figures as metrics that a run can log: {@code drift/warnings}, {@code drift/alerts}, {@code
   * drift/rows}, and for each column {@code drift/psi_corrected_by_column/NAME} and so on.
   */
  public Map<String, Double> metrics() {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("drift/rows", (double) window.rows());
    metrics.put("drift/columns", (double) columns.size());
    metrics.put("drift/warnings", count(Verdict.WARN));
    metrics.put("drift/alerts", count(Verdict.ALERT) + absent.size());
    for (ColumnDrift column : columns) {
      for (DriftFigure figure : column.figures()) {
        put(metrics, figure.method(), column.name(), figure.value());
      }
      for (RateChange rate : column.rates()) {
        put(metrics, rate.name() + "_rate", column.name(), rate.rate());
      }
    }
    return Collections.unmodifiableMap(metrics);
  }

  private static double size(ColumnDrift column) {
    double effect = column.lastingEffect();
    return Double.isNaN(effect) ? 0 : effect;
  }

  private static void put(Map<String, Double> metrics, String metric, String column, double value) {
    String shown = column.length() > 150 ? column.substring(0, 150) : column;
    metrics.put(MetricKeys.ofSlice("drift/" + metric, "column", shown), value);
  }

  private double count(Verdict verdict) {
    return columns.stream().filter(column -> column.verdict() == verdict).count();
  }

  /** The report as JSON for programs, in UTF-8; docs/drift.md lists the fields. */
  public byte[] toJson() {
    return Json.bytes(ReportJson.of(this));
  }

  /** The report as Markdown for people. */
  public String toMarkdown() {
    return ReportMarkdown.of(this);
  }

  /**
   * Writes the report as one HTML file that asks nothing of the network.
   *
   * @param file replaced when all is written
   * @throws io.plumbline.StoreException if it can't be written
   */
  public void writeHtml(Path file) {
    writeHtml(file, "Drift of " + referenceName, List.of(this));
  }

  /**
   * Writes reports of one window after the other as one HTML file: how each column moved over the
   * windows, and how the newest window with enough rows compares with the reference.
   *
   * @param file replaced when all is written
   * @param title its heading, such as the model's name and version
   * @param windows one report for each window, in the order of time, at least one
   * @throws IllegalArgumentException if there is no report
   * @throws io.plumbline.StoreException if the file can't be written
   */
  public static void writeHtml(Path file, String title, List<DriftReport> windows) {
    writeHtml(file, title, windows, List.of());
  }

  /**
   * Writes the same with other figures over the windows beside it.
   *
   * @param beside each with one value for each window
   * @throws IllegalArgumentException if there is no report, or a series has another length
   * @throws io.plumbline.StoreException if the file can't be written
   */
  public static void writeHtml(
      Path file, String title, List<DriftReport> windows, List<PageSeries> beside) {
    if (windows.isEmpty()) {
      throw new IllegalArgumentException("windows is empty; a page needs at least one report");
    }
    ReportHtml.of(title, windows, ReportHtml.charts(beside, windows.size())).write(file);
  }

  /** Verdict, rows and alarmed columns. */
  @Override
  public String toString() {
    return verdict()
        + ": "
        + window.rows()
        + " rows against "
        + reference.rows()
        + " of "
        + referenceName
        + ", alarms "
        + alarms().stream().map(ColumnDrift::name).toList();
  }
}
