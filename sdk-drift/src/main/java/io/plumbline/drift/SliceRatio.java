package io.plumbline.drift;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How one group of rows fares against all rows of a window: whether it is selected, and whether the
 * model errs, more often than others. Shares are weighted by 1 over the sample rate.
 *
 * @param slice the column's name
 * @param value the group's value in it; {@code missing} for rows without one
 * @param rows the group's predictions
 * @param labelled those with a label
 * @param selectionRate the share of the group that is predicted positive, 0 to 1
 * @param selectionRatio the selection rate over that of all rows; NaN if nobody is selected. Below
 *     0.8 or above 1.25 deserves a look (the four-fifths rule of the US Uniform Guidelines on
 *     Employee Selection Procedures, 29 CFR 1607.4, uses the best group instead of all)
 * @param errorRate the share of the labelled rows that are predicted wrong; NaN without labels
 * @param errorRatio the error rate over that of all labelled rows; NaN if none is wrong
 */
public record SliceRatio(
    String slice,
    String value,
    int rows,
    int labelled,
    double selectionRate,
    double selectionRatio,
    double errorRate,
    double errorRatio) {

  /** Weighted counts of a group. */
  private static final class Group {
    int rows;
    int labelled;
    double weight;
    double selected;
    double labelledWeight;
    double wrong;

    void add(PredictionRecord prediction, boolean positive) {
      rows++;
      weight += prediction.weight();
      selected += positive ? prediction.weight() : 0;
    }

    void add(PerformanceWindow.Joined row, boolean positive) {
      labelled++;
      labelledWeight += row.prediction().weight();
      wrong += positive == (row.label().value() == 1) ? 0 : row.prediction().weight();
    }

    double selectionRate() {
      return selected / weight;
    }

    double errorRate() {
      return labelledWeight == 0 ? Double.NaN : wrong / labelledWeight;
    }
  }

  static List<SliceRatio> of(
      String slice,
      List<PredictionRecord> predictions,
      List<PerformanceWindow.Joined> joined,
      double threshold) {
    Map<String, Group> groups = new TreeMap<>();
    Group all = new Group();
    for (PredictionRecord row : predictions) {
      boolean positive = row.score() >= threshold;
      all.add(row, positive);
      groups.computeIfAbsent(name(row, slice), value -> new Group()).add(row, positive);
    }
    for (PerformanceWindow.Joined row : joined) {
      boolean positive = row.prediction().score() >= threshold;
      all.add(row, positive);
      groups
          .computeIfAbsent(name(row.prediction(), slice), value -> new Group())
          .add(row, positive);
    }
    List<SliceRatio> ratios = new ArrayList<>();
    groups.forEach((value, group) -> ratios.add(ratio(slice, value, group, all)));
    return List.copyOf(ratios);
  }

  private static SliceRatio ratio(String slice, String value, Group group, Group all) {
    return new SliceRatio(
        slice,
        value,
        group.rows,
        group.labelled,
        group.selectionRate(),
        group.selectionRate() / all.selectionRate(),
        group.errorRate(),
        group.errorRate() / all.errorRate());
  }

  private static String name(PredictionRecord prediction, String slice) {
    @Nullable String value = PerformanceWindow.value(prediction, slice);
    return value == null || value.isBlank() ? "missing" : value;
  }
}
