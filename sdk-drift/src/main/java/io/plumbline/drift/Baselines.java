package io.plumbline.drift;

import io.plumbline.drift.internal.profile.Collector.Collected;
import io.plumbline.drift.internal.profile.Counts;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Compares chunks of a reference with all of it. */
final class Baselines {
  private static final List<String> METRICS =
      List.of("psi_corrected", "js", "hellinger", "tv", "linf", "cramers_v", "ks", "wasserstein");

  private Baselines() {}

  static Map<String, Baseline> of(Collected column) {
    Map<String, Baseline> baselines = new LinkedHashMap<>();
    if (column.chunks().size() < 2) {
      return baselines;
    }
    double alpha = AlarmPolicy.standard().smoothing();
    List<Contrast> contrasts =
        column.chunks().stream()
            .map((Counts chunk) -> new Contrast(column.frame(), column.counts(), chunk, alpha))
            .toList();
    for (String metric : METRICS) {
      double[] values =
          contrasts.stream()
              .mapToDouble(contrast -> contrast.value(metric))
              .filter(Double::isFinite)
              .sorted()
              .toArray();
      if (values.length > 1) {
        baselines.put(metric, baseline(values, column.chunkRows()));
      }
    }
    return baselines;
  }

  private static Baseline baseline(double[] sorted, long chunkRows) {
    double mean = Arrays.stream(sorted).average().orElse(0);
    double square = Arrays.stream(sorted).map(x -> (x - mean) * (x - mean)).sum();
    double at = 0.99 * (sorted.length - 1);
    int below = (int) at;
    double above = sorted[Math.min(sorted.length - 1, below + 1)];
    double p99 = sorted[below] + (at - below) * (above - sorted[below]);
    return new Baseline(mean, Math.sqrt(square / sorted.length), p99, sorted.length, chunkRows);
  }
}
