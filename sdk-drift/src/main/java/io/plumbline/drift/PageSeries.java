package io.plumbline.drift;

import java.util.List;
import java.util.Objects;

/**
 * A figure over the windows of a page, drawn beside drift: how good a model was, say. Immutable.
 *
 * @param chart what the chart shows; series of one chart are drawn together
 * @param name what the figure is
 * @param values one for each window; NaN where there is none
 * @param low the lower ends of the values' intervals, or none
 * @param high the upper ends, or none
 */
public record PageSeries(
    String chart, String name, List<Double> values, List<Double> low, List<Double> high) {
  /** Copies the lists and checks their lengths. */
  public PageSeries {
    Objects.requireNonNull(chart, "chart");
    Objects.requireNonNull(name, "name");
    values = List.copyOf(values);
    low = List.copyOf(low);
    high = List.copyOf(high);
    if (low.size() != high.size() || !low.isEmpty() && low.size() != values.size()) {
      throw new IllegalArgumentException(
          name
              + " has "
              + values.size()
              + " values, but "
              + low.size()
              + " and "
              + high.size()
              + " ends of intervals");
    }
  }

  /** A series without intervals. */
  public static PageSeries of(String chart, String name, List<Double> values) {
    return new PageSeries(chart, name, values, List.of(), List.of());
  }
}
