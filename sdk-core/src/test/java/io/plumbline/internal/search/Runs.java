package io.plumbline.internal.search;

import io.plumbline.model.Dataset;
import io.plumbline.model.DatasetInput;
import io.plumbline.model.MetricSummary;
import io.plumbline.model.Run;
import java.util.LinkedHashMap;
import java.util.Map;

/** Parts of runs for tests. */
final class Runs {
  private Runs() {}

  static Map<String, MetricSummary> metrics(Map<String, Double> lastValues) {
    Map<String, MetricSummary> metrics = new LinkedHashMap<>();
    lastValues.forEach(
        (key, value) -> metrics.put(key, new MetricSummary(key, value, 0, 0, value, value, 1)));
    return metrics;
  }

  static Run withMetric(String key, double value) {
    return Run.builder("id").metrics(metrics(Map.of(key, value))).build();
  }

  static Run withParam(String key, String value) {
    return Run.builder("id").params(Map.of(key, value)).build();
  }

  static DatasetInput input(String name, String digest, String context) {
    return new DatasetInput(new Dataset(name, digest, "local", "{}", "", ""), context, Map.of());
  }
}
