package io.plumbline.drift;

import java.util.Objects;

/** What an evaluation asks of its inputs; each refusal names the input, the row and the remedy. */
final class Checks {
  private Checks() {}

  /** A column of numbers of any type. */
  @FunctionalInterface
  interface Column {
    double at(int row);
  }

  static void finite(String name, double[] values) {
    Objects.requireNonNull(values, name);
    if (values.length == 0) {
      throw new IllegalArgumentException(name + " is empty; an evaluation needs at least one row");
    }
    for (int row = 0; row < values.length; row++) {
      if (!Double.isFinite(values[row])) {
        throw new IllegalArgumentException(
            name
                + "["
                + row
                + "] is "
                + values[row]
                + "; it must be finite: leave such rows out, or count them as what they are, errors"
                + " of the model");
      }
    }
  }

  static void sameLength(String name, int length, String other, int expected) {
    if (length != expected) {
      throw new IllegalArgumentException(
          name
              + " and "
              + other
              + " must have one entry for each row, but "
              + name
              + " has "
              + length
              + " and "
              + other
              + " has "
              + expected);
    }
  }

  static boolean[] labels(Column labels, int length) {
    boolean[] positive = new boolean[length];
    for (int row = 0; row < length; row++) {
      double label = labels.at(row);
      if (label != 0 && label != 1) {
        throw new IllegalArgumentException(
            "labels["
                + row
                + "] is "
                + label
                + "; a label is 0 or 1. The order of arguments is scores, labels");
      }
      positive[row] = label == 1;
    }
    return positive;
  }

  /** Returns a copy, scaled by a power of two so that no sum or product of weights overflows. */
  static double[] weights(double[] weights) {
    Objects.requireNonNull(weights, "weights");
    double largest = 0;
    for (int row = 0; row < weights.length; row++) {
      if (!(weights[row] >= 0 && Double.isFinite(weights[row]))) {
        throw new IllegalArgumentException(
            "weights["
                + row
                + "] is "
                + weights[row]
                + "; a weight is finite and not negative, 0 to leave the row out");
      }
      largest = Math.max(largest, weights[row]);
    }
    if (weights.length > 0 && largest == 0) {
      throw new IllegalArgumentException(
          "all weights are zero; at least one row must have a weight above zero");
    }
    return scaled(weights, largest);
  }

  private static double[] scaled(double[] weights, double largest) {
    double[] scaled = weights.clone();
    int exponent = Math.getExponent(largest);
    if (Math.abs(exponent) > 100) {
      for (int row = 0; row < scaled.length; row++) {
        scaled[row] = Math.scalb(scaled[row], -exponent);
      }
    }
    return scaled;
  }
}
