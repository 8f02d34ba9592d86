package io.plumbline.drift;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A drift report as plain maps and lists. */
final class ReportJson {
  private ReportJson() {}

  static Map<String, Object> of(DriftReport report) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("drift_report", 1L);
    json.put("verdict", lower(report.verdict()));
    json.put("reference", report.referenceName());
    json.put("reference_rows", report.referenceRows());
    json.put("rows", report.window().rows());
    report.from().ifPresent(from -> json.put("from", from.toString()));
    report.to().ifPresent(to -> json.put("to", to.toString()));
    json.put("same_bins", report.sameBins());
    json.put("windows", (long) report.remembered());
    json.put("policy", policy(report.policy()));
    json.put("alarms", report.alarms().stream().map(ColumnDrift::name).toList());
    List<ColumnDrift> pending = report.pending();
    json.put("pending", pending.stream().map(ColumnDrift::name).toList());
    if (!pending.isEmpty()) {
      json.put("pending_reason", report.pendingReason());
    }
    json.put("absent", report.absent());
    json.put("other_columns", report.window().otherColumns());
    json.put("columns", report.columns().stream().map(ReportJson::column).toList());
    return json;
  }

  private static Map<String, Object> policy(AlarmPolicy policy) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("least_rows", policy.leastRows());
    json.put("correction", lower(policy.correction()));
    json.put("significance", policy.significance());
    json.put("effect", policy.effect().method());
    json.put("warn", policy.warn());
    json.put("alert", policy.alert());
    json.put("persistence", (long) policy.persistence());
    json.put("windows", (long) policy.windows());
    json.put("rate_level", policy.rateLevel());
    json.put("rate_margin", policy.rateMargin());
    json.put("rate_alert", policy.rateAlert());
    json.put("smoothing", policy.smoothing());
    return json;
  }

  private static Map<String, Object> column(ColumnDrift column) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", column.name());
    json.put("role", column.role().label());
    json.put("kind", column.kind().label());
    json.put("verdict", lower(column.verdict()));
    json.put("flagged", lower(column.flagged()));
    json.put("n", column.n());
    json.put("m", column.m());
    put(json, "p_value", column.pValue());
    put(json, "p_adjusted", column.adjusted());
    put(json, "effect", column.effect());
    put(json, "critical_effect", column.criticalEffect());
    json.put("explanation", column.explanation());
    json.put("rests_on", column.restsOn().stream().map(ReportJson::window).toList());
    json.put("moved", shares(column.moved()));
    json.put("shares", shares(column.shares()));
    json.put("rates", column.rates().stream().map(ReportJson::rate).toList());
    json.put("figures", column.figures().stream().map(ReportJson::figure).toList());
    return json;
  }

  private static Map<String, Object> window(FlaggedWindow window) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("window", window.name());
    json.put("flagged", lower(window.flagged()));
    put(json, "effect", window.effect());
    json.put("explanation", window.explanation());
    return json;
  }

  private static List<Object> shares(List<ShareChange> changes) {
    return changes.stream()
        .<Object>map(
            change -> {
              Map<String, Object> json = new LinkedHashMap<>();
              json.put("what", change.what());
              json.put("from", change.from());
              json.put("to", change.to());
              return json;
            })
        .toList();
  }

  private static Map<String, Object> rate(RateChange rate) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", rate.name());
    json.put("verdict", lower(rate.verdict()));
    json.put("reference_count", rate.referenceCount());
    json.put("reference_rows", rate.referenceRows());
    json.put("reference_interval", List.of(rate.reference().low(), rate.reference().high()));
    json.put("count", rate.count());
    json.put("rows", rate.rows());
    json.put("interval", List.of(rate.current().low(), rate.current().high()));
    json.put("level", rate.current().level());
    return json;
  }

  private static Map<String, Object> figure(DriftFigure figure) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("method", figure.method());
    json.put("variant", figure.variant());
    json.put("value", figure.value());
    put(json, "p_value", figure.pValue());
    json.put("binning", figure.binning());
    json.put("base", figure.base());
    json.put("smoothing", figure.smoothing());
    json.put("n", figure.n());
    json.put("m", figure.m());
    return json;
  }

  /** What is not there has no key. */
  private static void put(Map<String, Object> json, String key, double value) {
    if (!Double.isNaN(value)) {
      json.put(key, value);
    }
  }

  static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
