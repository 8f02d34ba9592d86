package io.plumbline.drift.compat;

import io.plumbline.drift.internal.compat.Sample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Goes through the columns that two sets share, and keeps why a column cannot be compared. */
final class Pairs {
  private final List<CompatResult> results = new ArrayList<>();
  private final Map<String, String> skipped = new LinkedHashMap<>();

  /** Makes the figures of one column. */
  interface Figures {
    /**
     * Compares.
     *
     * @throws IllegalArgumentException if the column cannot be compared, with the reason
     */
    void of(String column, Sample reference, Sample current, List<CompatResult> results);
  }

  /**
   * Compares each column.
   *
   * @param wanted the columns to compare; all of the current ones if empty
   */
  static CompatReport compare(
      CompatMode mode,
      Columns reference,
      Columns current,
      List<String> wanted,
      double driftShare,
      Figures figures) {
    Pairs pairs = new Pairs();
    for (String column : wanted.isEmpty() ? current.names() : wanted) {
      Sample before = reference.samples().get(column);
      Sample after = current.samples().get(column);
      if (before == null || after == null) {
        String side = before == null ? "reference" : "current rows";
        pairs.skipped.put(column, "there is no such column in the " + side);
        continue;
      }
      try {
        figures.of(column, before, after, pairs.results);
      } catch (IllegalArgumentException e) {
        pairs.skipped.put(column, String.valueOf(e.getMessage()));
      }
    }
    return new CompatReport(mode, pairs.results, pairs.skipped, driftShare);
  }
}
