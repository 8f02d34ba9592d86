package io.plumbline.drift.internal;

import io.plumbline.drift.Interval;
import io.plumbline.drift.Interval.Method;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The percentile bootstrap: draws as many rows as there are, with replacement, many times; between
 * the outer percentiles of a metric's values lies its interval. Drawn rows keep their weights.
 *
 * <p>Source: B. Efron and R. J. Tibshirani, An Introduction to the Bootstrap (1993), chapter 13.
 *
 * @param resamples how many times to draw
 * @param seed fixes the draws: the same rows, options and seed give the same intervals
 */
public record Bootstrap(int resamples, long seed) {
  /** Below this share of resamples in which a metric is defined it gets no interval. */
  private static final double ENOUGH = 0.95;

  /** Returns one interval for each metric of the table, null where too few resamples define it. */
  public @Nullable Interval[] intervals(Table table, double level) {
    List<String> metrics = table.metrics();
    double[][] values = new double[metrics.size()][resamples];
    SplittableRandom random = new SplittableRandom(seed);
    int[] counts = new int[table.rows()];
    for (int resample = 0; resample < resamples; resample++) {
      draw(random, counts);
      double[] drawn = table.values(counts);
      for (int metric = 0; metric < drawn.length; metric++) {
        values[metric][resample] = drawn[metric];
      }
    }
    @Nullable Interval[] intervals = new Interval[metrics.size()];
    Arrays.setAll(intervals, metric -> percentile(values[metric], level));
    return intervals;
  }

  private static void draw(SplittableRandom random, int[] counts) {
    Arrays.fill(counts, 0);
    for (int i = 0; i < counts.length; i++) {
      // 63 random bits times n, over 2^63: uniform to within n / 2^63, and the same on every JDK.
      counts[(int) Math.multiplyHigh(random.nextLong() >>> 1, 2L * counts.length)]++;
    }
  }

  private static @Nullable Interval percentile(double[] values, double level) {
    double[] sorted = values.clone();
    Arrays.sort(sorted); // NaN comes last
    int defined = sorted.length;
    while (defined > 0 && Double.isNaN(sorted[defined - 1])) {
      defined--;
    }
    if (defined < ENOUGH * sorted.length) {
      return null;
    }
    double tail = (1 - level) / 2;
    return new Interval(
        quantile(sorted, defined, tail),
        quantile(sorted, defined, 1 - tail),
        level,
        Method.BOOTSTRAP);
  }

  /** Interpolates linearly between the order statistics, as numpy does by default. */
  private static double quantile(double[] sorted, int size, double share) {
    double position = share * (size - 1);
    int below = (int) position;
    int above = Math.min(below + 1, size - 1);
    double low = sorted[below];
    double high = sorted[above];
    return low == high ? low : low + (position - below) * (high - low);
  }
}
