package io.plumbline.drift;

import io.plumbline.drift.internal.MetricKeys;
import io.plumbline.internal.json.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an audit found: how the features that were served compare with those of training, row by
 * row. Immutable.
 *
 * @param rows the rows that were compared
 * @param unmatched rows of the log whose raw input was not kept
 * @param features how each feature compares, in the transform's order
 * @param absent features that some of the log does not have as numbers
 */
public record SkewReport(
    long rows, long unmatched, List<FeatureSkew> features, List<String> absent) {
  private static final double ALERT = 0.01;

  /** Copies the lists. */
  public SkewReport {
    features = List.copyOf(features);
    absent = List.copyOf(absent);
  }

  /**
   * {@link Verdict#INSUFFICIENT} if no row was compared; {@link Verdict#ALERT} if more than one row
   * in a hundred differs in a feature, or one is absent; {@link Verdict#WARN} if any row differs.
   */
  public Verdict verdict() {
    if (rows == 0) {
      return Verdict.INSUFFICIENT;
    }
    double worst = features.stream().mapToDouble(FeatureSkew::share).max().orElse(0);
    if (worst > ALERT || !absent.isEmpty()) {
      return Verdict.ALERT;
    }
    return worst > 0 ? Verdict.WARN : Verdict.OK;
  }

  /** The features that differ, the worst first. */
  public List<FeatureSkew> skewed() {
    return features.stream()
        .filter(feature -> feature.equal() < feature.rows())
        .sorted(Comparator.comparingDouble(FeatureSkew::share).reversed())
        .toList();
  }

  /** What is wrong, as sentences, the worst first; none if nothing is. */
  public List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    skewed().forEach(feature -> feature.explanation().ifPresent(sentences::add));
    absent.forEach(name -> sentences.add("feature " + Words.quoted(name) + " was not logged"));
    return sentences;
  }

  /**
   * The figures as metrics that a run can log: {@code skew/rows}, {@code skew/unmatched}, and for
   * each feature {@code skew/share_by_column/NAME}, the share of rows that are not equal.
   */
  public Map<String, Double> metrics() {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("skew/rows", (double) rows);
    metrics.put("skew/unmatched", (double) unmatched);
    for (FeatureSkew feature : features) {
      String name = feature.name();
      String shown = name.length() > 150 ? name.substring(0, 150) : name;
      metrics.put(MetricKeys.ofSlice("skew/share", "column", shown), feature.share());
    }
    return Collections.unmodifiableMap(metrics);
  }

  /**
   * The report as JSON in UTF-8: {@code skew_report} (the version, 1), {@code verdict}, {@code
   * rows}, {@code unmatched}, {@code absent}, and {@code features} with the fields of {@link
   * FeatureSkew}.
   */
  public byte[] toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("skew_report", 1L);
    json.put("verdict", ReportJson.lower(verdict()));
    json.put("rows", rows);
    json.put("unmatched", unmatched);
    json.put("absent", absent);
    json.put("features", features.stream().map(SkewReport::feature).toList());
    return Json.bytes(json);
  }

  private static Map<String, Object> feature(FeatureSkew feature) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", feature.name());
    json.put("rows", feature.rows());
    json.put("equal", feature.equal());
    json.put("differs", feature.differs());
    json.put("missing", feature.missing());
    json.put("unexpected", feature.unexpected());
    json.put("max_relative_error", feature.maxRelativeError());
    feature.standIn().ifPresent(value -> json.put("stand_in", value));
    json.put("request_ids", feature.requestIds());
    feature.explanation().ifPresent(text -> json.put("explanation", text));
    return json;
  }

  /** Verdict, rows and what is wrong. */
  @Override
  public String toString() {
    return verdict() + ": " + rows + " rows compared; " + String.join(". ", sentences());
  }
}
