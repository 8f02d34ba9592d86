package io.plumbline.drift.compat;

import io.plumbline.internal.json.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a tool says about two sets of columns. Immutable. */
public final class CompatReport {
  private final CompatMode mode;
  private final List<CompatResult> results;
  private final Map<String, String> skipped;
  private final double driftShare;

  CompatReport(
      CompatMode mode, List<CompatResult> results, Map<String, String> skipped, double driftShare) {
    this.mode = mode;
    this.results = List.copyOf(results);
    this.skipped = Collections.unmodifiableMap(new LinkedHashMap<>(skipped));
    this.driftShare = driftShare;
  }

  /** The tool that is reproduced. */
  public CompatMode mode() {
    return mode;
  }

  /** All figures: by column, then by method, then by chunk. */
  public List<CompatResult> results() {
    return results;
  }

  /**
   * Returns the first figure about a column.
   *
   * @throws IllegalArgumentException if there is none; it says why where the column was skipped
   */
  public CompatResult result(String column) {
    return results.stream()
        .filter(result -> result.column().equals(column))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no figure about the column \""
                        + column
                        + "\": "
                        + skipped.getOrDefault(column, "it is not among the columns")));
  }

  /** Why a column has no figure, by its name. */
  public Map<String, String> skipped() {
    return skipped;
  }

  /** The columns with a figure that says drift, in their order. */
  public List<String> driftedColumns() {
    return results.stream()
        .filter(CompatResult::drifted)
        .map(CompatResult::column)
        .distinct()
        .toList();
  }

  /** The share of drifted columns among those compared, 0 to 1; NaN if none was. */
  public double driftedShare() {
    long compared = results.stream().map(CompatResult::column).distinct().count();
    return compared == 0 ? Double.NaN : (double) driftedColumns().size() / compared;
  }

  /** Whether the data set drifted: Evidently's share of columns is reached, or any has drifted. */
  public boolean drifted() {
    return driftedShare() >= driftShare && !driftedColumns().isEmpty();
  }

  /** Returns the report as JSON for people: two spaces a level. */
  public String toJson() {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("mode", mode.key());
    map.put("tool", mode.tool());
    map.put("drifted", drifted());
    map.put("drifted_columns", driftedColumns());
    map.put("drifted_share", driftedShare());
    List<@Nullable Object> figures = new ArrayList<>();
    results.forEach(result -> figures.add(result.toMap()));
    map.put("results", figures);
    map.put("skipped", skipped);
    return Json.pretty(map);
  }
}
