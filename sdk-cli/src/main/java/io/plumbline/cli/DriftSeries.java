package io.plumbline.cli;

import io.plumbline.drift.DriftReport;
import io.plumbline.drift.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One comparison, or one for each window in the order of time.
 *
 * @param slice of which slice of the rows; null for all
 * @param names the windows' names; empty if there is one comparison of all rows
 * @param reports at least one; the last is judged
 * @param counted where the rows of a version are from; null for those of a path
 * @param problems what is wrong with files of counts
 */
record DriftSeries(
    @Nullable String slice,
    List<String> names,
    List<DriftReport> reports,
    @Nullable VersionRows counted,
    List<String> problems) {

  DriftReport last() {
    return reports.get(reports.size() - 1);
  }

  Verdict verdict() {
    return last().verdict();
  }

  /** The worst verdict of some; insufficient only if all are. */
  static Verdict worst(List<DriftSeries> all) {
    return all.stream()
        .map(DriftSeries::verdict)
        .max(Verdict::compareTo)
        .orElse(Verdict.INSUFFICIENT);
  }
}
