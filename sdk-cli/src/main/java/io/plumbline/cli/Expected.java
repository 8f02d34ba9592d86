package io.plumbline.cli;

import io.plumbline.drift.Cbpe;
import io.plumbline.drift.DriftReport;
import io.plumbline.drift.PageSeries;
import io.plumbline.drift.Profile;
import io.plumbline.drift.WindowCounts;
import io.plumbline.internal.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How good a model is by its scores alone, before any label, in a window, where that is known. */
final class Expected {
  private static final List<String> SHOWN =
      List.of("auc", "precision", "recall", "accuracy", "calibration_error");

  private final @Nullable Cbpe estimate;

  private Expected(@Nullable Cbpe estimate) {
    this.estimate = estimate;
  }

  /** What the calibration of the profile says of the scores that were counted in the window. */
  static Expected of(Profile profile, WindowCounts window) {
    return new Expected(Cbpe.expected(profile, window).orElse(null));
  }

  boolean isKnown() {
    return estimate != null;
  }

  /** A metric in four digits; empty where there is none. */
  String shown(String metric) {
    double value = value(metric);
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.4f", value);
  }

  private double value(String metric) {
    return estimate == null ? Double.NaN : estimate.value(metric);
  }

  /** All in a line. */
  Optional<String> sentence() {
    if (estimate == null) {
      return Optional.empty();
    }
    List<String> words = new ArrayList<>();
    for (String metric : SHOWN) {
      String value = shown(metric);
      if (!value.isEmpty()) {
        words.add(metric.replace('_', ' ') + " " + value);
      }
    }
    return Optional.of(
        "Expected from "
            + Format.count(estimate.rows(), "score")
            + ", without labels: "
            + String.join(", ", words)
            + ".");
  }

  /** A report as JSON, with what is expected under the key {@code expected}. */
  Map<String, @Nullable Object> json(DriftReport report) {
    Map<String, @Nullable Object> json =
        new LinkedHashMap<>(Json.object(report.toJson(), "report").asMap());
    if (estimate != null) {
      Map<String, Object> expected = new LinkedHashMap<>(estimate.metrics());
      expected.put("rows", estimate.rows());
      expected.put("binning_error", estimate.binningError());
      json.put("expected", expected);
    }
    return json;
  }

  /** What a page draws beside drift; nothing where nothing is known. */
  static List<PageSeries> series(List<Expected> windows) {
    List<PageSeries> series = new ArrayList<>();
    if (windows.stream().anyMatch(Expected::isKnown)) {
      for (String metric : List.of("auc", "precision", "recall")) {
        List<Double> values = windows.stream().map(window -> window.value(metric)).toList();
        series.add(PageSeries.of("Expected without labels", metric, values));
      }
    }
    return series;
  }
}
