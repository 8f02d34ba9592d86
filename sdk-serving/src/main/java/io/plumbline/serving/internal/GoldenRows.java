package io.plumbline.serving.internal;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Runs rows as golden records have them: numbers, booleans, text or null, in named columns. */
final class GoldenRows {
  private GoldenRows() {}

  static void predict(
      List<String> names, List<@Nullable Object> row, LoadedVersion version, double[] out) {
    if (version.inputs().hasText()) {
      Map<String, @Nullable Object> named = new LinkedHashMap<>();
      for (int i = 0; i < row.size(); i++) {
        named.put(names.get(i), row.get(i));
      }
      version.predictColumns(version.inputs().columns(named, new LongAdder()), 1, out);
      return;
    }
    double[] features = new double[names.isEmpty() ? row.size() : version.inputs().count()];
    Arrays.fill(features, Double.NaN);
    for (int i = 0; i < row.size(); i++) {
      features[version.inputs().position(names, i)] = number(row.get(i));
    }
    version.predict(features, out);
  }

  private static double number(@Nullable Object value) {
    if (value instanceof Boolean bool) {
      return bool ? 1 : 0;
    }
    return value instanceof Number number ? number.doubleValue() : Double.NaN;
  }
}
