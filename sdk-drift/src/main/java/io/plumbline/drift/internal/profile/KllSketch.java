package io.plumbline.drift.internal.profile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A quantile sketch of bounded size: with k = 2,048 a rank is wrong by about 0.15 %, 99 times in
 * 100. It has a fixed seed, so equal streams give equal sketches.
 *
 * <p>Source: Z. Karnin, K. Lang and E. Liberty, Optimal Quantile Approximation in Streams, FOCS
 * 2016: full buffers are sorted, and every other value moves to the next one, with twice the
 * weight.
 */
final class KllSketch {
  private static final double SHRINK = 2.0 / 3;
  private static final int SMALLEST = 8;

  private final int k;
  private final SplittableRandom random = new SplittableRandom(20_130_101);
  private final List<double[]> levels = new ArrayList<>();
  private final int[] sizes = new int[64];

  KllSketch(int k) {
    this.k = k;
    levels.add(new double[k]);
  }

  void add(double value) {
    double[] lowest = levels.get(0);
    lowest[sizes[0]++] = value;
    if (sizes[0] == lowest.length) {
      compress();
    }
  }

  /** Returns the values that are kept, each with the number of values that it stands for. */
  Runs runs() {
    int size = Arrays.stream(sizes).sum();
    double[] values = new double[size];
    int at = 0;
    for (int level = 0; level < levels.size(); level++) {
      System.arraycopy(levels.get(level), 0, values, at, sizes[level]);
      at += sizes[level];
    }
    Arrays.sort(values);
    long[] weights = new long[size];
    for (int level = 0; level < levels.size(); level++) {
      double[] buffer = Arrays.copyOf(levels.get(level), sizes[level]);
      Arrays.sort(buffer);
      int to = 0;
      for (double value : buffer) {
        // Equal values of two levels share their places; which has which weight does not matter.
        while (values[to] != value || weights[to] != 0) {
          to++;
        }
        weights[to] = 1L << level;
      }
    }
    return Runs.of(values, weights);
  }

  private void compress() {
    for (int level = 0; level < levels.size(); level++) {
      if (sizes[level] < capacity(level)) {
        continue;
      }
      if (level + 1 == levels.size()) {
        levels.add(new double[k]);
      }
      halve(level);
    }
  }

  private void halve(int level) {
    double[] from = levels.get(level);
    int size = sizes[level];
    Arrays.sort(from, 0, size);
    int kept = size & 1; // an odd one stays behind, so that the weight stays exact
    int first = kept + random.nextInt(2);
    double[] to = room(level + 1, size / 2);
    for (int i = first; i < size; i += 2) {
      to[sizes[level + 1]++] = from[i];
    }
    sizes[level] = kept;
  }

  private double[] room(int level, int more) {
    double[] buffer = levels.get(level);
    int wanted = sizes[level] + more;
    if (wanted > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(wanted, 2 * buffer.length));
      levels.set(level, buffer);
    }
    return buffer;
  }

  private int capacity(int level) {
    double size = k * Math.pow(SHRINK, levels.size() - 1 - level);
    return Math.max(SMALLEST, (int) size);
  }
}
