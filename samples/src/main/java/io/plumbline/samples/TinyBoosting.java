package io.plumbline.samples;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gradient boosting in a hundred lines, so that the quick start needs no library: each tree moves
 * the log-odds of every row towards its label.
 *
 * <p>Source: J. H. Friedman, Greedy function approximation: a gradient boosting machine, Annals of
 * Statistics 29 (2001), algorithm 5.
 */
final class TinyBoosting {
  private static final int THRESHOLDS = 16;

  /** A split, or a leaf where there is no left and right: then the value counts. */
  private record Node(
      int feature, double threshold, @Nullable Node left, @Nullable Node right, double value) {
    double value(double[] row) {
      if (left == null || right == null) {
        return value;
      }
      return (row[feature] <= threshold ? left : right).value(row);
    }

    @Override
    public String toString() {
      return left == null
          ? String.valueOf(value)
          : "(x" + feature + " <= " + threshold + " ? " + left + " : " + right + ")";
    }
  }

  private final double learningRate;
  private final int maxDepth;
  private final List<Node> trees = new ArrayList<>();

  TinyBoosting(double learningRate, int maxDepth) {
    this.learningRate = learningRate;
    this.maxDepth = maxDepth;
  }

  /** Adds one tree. */
  void fitOneMore(double[][] rows, double[] labels) {
    double[] scores = predict(rows);
    double[] gradient = new double[rows.length];
    double[] curvature = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      gradient[i] = labels[i] - scores[i];
      curvature[i] = scores[i] * (1 - scores[i]);
    }
    int[] all = new int[rows.length];
    Arrays.setAll(all, i -> i);
    trees.add(grow(rows, gradient, curvature, all, 0));
  }

  /** Returns the probability of label 1 for each row. */
  double[] predict(double[][] rows) {
    return Arrays.stream(rows)
        .mapToDouble(row -> trees.stream().mapToDouble(tree -> tree.value(row)).sum())
        .map(logOdds -> 1 / (1 + Math.exp(-learningRate * logOdds)))
        .toArray();
  }

  /** Returns the trees as text, one a line. */
  String toText() {
    StringBuilder text = new StringBuilder("learning_rate " + learningRate + "\n");
    trees.forEach(tree -> text.append(tree).append('\n'));
    return text.toString();
  }

  private Node grow(double[][] rows, double[] gradient, double[] curvature, int[] in, int depth) {
    Node leaf = new Node(0, 0, null, null, sum(gradient, in) / (sum(curvature, in) + 1));
    double best = gain(gradient, curvature, in) + 1e-9;
    Node split = null;
    for (int feature = 0; depth < maxDepth && feature < rows[0].length; feature++) {
      for (double threshold : thresholds(rows, in, feature)) {
        int[] left = side(rows, in, feature, threshold, true);
        int[] right = side(rows, in, feature, threshold, false);
        double gain = gain(gradient, curvature, left) + gain(gradient, curvature, right);
        if (left.length > 0 && right.length > 0 && gain > best) {
          best = gain;
          split = new Node(feature, threshold, leaf, leaf, 0);
        }
      }
    }
    if (split == null) {
      return leaf;
    }
    int[] left = side(rows, in, split.feature, split.threshold, true);
    int[] right = side(rows, in, split.feature, split.threshold, false);
    return new Node(
        split.feature,
        split.threshold,
        grow(rows, gradient, curvature, left, depth + 1),
        grow(rows, gradient, curvature, right, depth + 1),
        0);
  }

  private static double[] thresholds(double[][] rows, int[] in, int feature) {
    double[] sorted = Arrays.stream(in).mapToDouble(i -> rows[i][feature]).sorted().toArray();
    double[] thresholds = new double[THRESHOLDS];
    Arrays.setAll(thresholds, i -> sorted[(i + 1) * (sorted.length - 1) / (THRESHOLDS + 1)]);
    return Arrays.stream(thresholds).distinct().toArray();
  }

  private static int[] side(double[][] rows, int[] in, int feature, double at, boolean left) {
    return Arrays.stream(in).filter(i -> rows[i][feature] <= at == left).toArray();
  }

  private static double gain(double[] gradient, double[] curvature, int[] in) {
    double sum = sum(gradient, in);
    return sum * sum / (sum(curvature, in) + 1);
  }

  private static double sum(double[] values, int[] in) {
    return Arrays.stream(in).mapToDouble(i -> values[i]).sum();
  }
}
