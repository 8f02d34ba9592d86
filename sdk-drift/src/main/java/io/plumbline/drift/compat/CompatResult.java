package io.plumbline.drift.compat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One figure of a tool about one column, with everything that it depends on.
 *
 * @param column the column's name
 * @param type what the tool takes the column for: {@code num}, {@code cat}, ...
 * @param method the tool's name for the method
 * @param variant which form of it, such as {@code exact} or {@code asymptotic}
 * @param binning how values were put together; empty without bins
 * @param logBase the base of logarithms, {@code e} or {@code 2}; empty without logarithms
 * @param smoothing what became of empty bins; empty without bins
 * @param referenceRows how many reference rows were compared, those the tool drops not counted
 * @param currentRows how many current rows were compared
 * @param statistic the statistic or distance
 * @param p the p-value; NaN where the tool computes none
 * @param score what the tool shows and decides by: the statistic or the p-value
 * @param threshold where drift begins; NaN if it has none
 * @param drifted what the tool decides
 * @param chunk the key of the chunk of current rows, such as {@code [0:99]}; null if all were
 *     compared at once
 */
public record CompatResult(
    String column,
    String type,
    String method,
    String variant,
    String binning,
    String logBase,
    String smoothing,
    long referenceRows,
    long currentRows,
    double statistic,
    double p,
    double score,
    double threshold,
    boolean drifted,
    @Nullable String chunk) {

  /** Makes a result. */
  public CompatResult {
    Objects.requireNonNull(column, "column");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(variant, "variant");
    Objects.requireNonNull(binning, "binning");
    Objects.requireNonNull(logBase, "logBase");
    Objects.requireNonNull(smoothing, "smoothing");
  }

  Map<String, @Nullable Object> toMap() {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("column", column);
    map.put("type", type);
    map.put("method", method);
    map.put("variant", variant);
    map.put("binning", binning);
    map.put("log_base", logBase);
    map.put("smoothing", smoothing);
    map.put("n", referenceRows);
    map.put("m", currentRows);
    map.put("statistic", statistic);
    map.put("p", Double.isNaN(p) ? null : p);
    map.put("score", score);
    map.put("threshold", Double.isNaN(threshold) ? null : threshold);
    map.put("drifted", drifted);
    if (chunk != null) {
      map.put("chunk", chunk);
    }
    return map;
  }
}
