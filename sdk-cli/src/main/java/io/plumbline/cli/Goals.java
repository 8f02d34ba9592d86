package io.plumbline.cli;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which value of a metric is the better one: as its name says, or as the caller says. */
final class Goals {
  /** Words in the names of metrics of which less is better. */
  private static final Set<String> LOWER =
      Set.of(
          "loss",
          "logloss",
          "error",
          "err",
          "rmse",
          "mse",
          "mae",
          "mape",
          "rmsle",
          "brier",
          "perplexity",
          "deviance",
          "crossentropy",
          "entropy",
          "nll",
          "latency",
          "ece",
          "misses");

  private final List<String> lower;
  private final List<String> higher;

  Goals(List<String> lower, List<String> higher) {
    this.lower = lower;
    this.higher = higher;
  }

  /** Returns whether less of a metric is better. */
  boolean isLower(String key) {
    if (lower.contains(key) || higher.contains(key)) {
      return lower.contains(key);
    }
    for (String word : key.toLowerCase(Locale.ROOT).split("[^a-z0-9]+")) {
      if (LOWER.contains(word)) {
        return true;
      }
    }
    return false;
  }

  /** Returns the best of some values; null if none is a number. */
  @Nullable Double best(String key, List<@Nullable Double> values) {
    boolean lowerIsBetter = isLower(key);
    Double best = null;
    for (Double value : values) {
      if (value == null || value.isNaN()) {
        continue;
      }
      if (best == null || (lowerIsBetter ? value < best : value > best)) {
        best = value;
      }
    }
    return best;
  }
}
