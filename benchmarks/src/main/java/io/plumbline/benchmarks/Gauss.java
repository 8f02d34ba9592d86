package io.plumbline.benchmarks;

import java.util.SplittableRandom;

/** Normal numbers of a seed, by Marsaglia's polar method; faster than java.util.Random's. */
final class Gauss {
  private final SplittableRandom random;
  private double spare = Double.NaN;

  Gauss(long seed) {
    random = new SplittableRandom(seed);
  }

  /** Returns numbers of deviation 1 around a mean. */
  double[] next(int count, double mean) {
    double[] numbers = new double[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = next() + mean;
    }
    return numbers;
  }

  double next() {
    if (!Double.isNaN(spare)) {
      double next = spare;
      spare = Double.NaN;
      return next;
    }
    while (true) {
      double x = 2 * random.nextDouble() - 1;
      double y = 2 * random.nextDouble() - 1;
      double square = x * x + y * y;
      if (square < 1 && square > 0) {
        double factor = Math.sqrt(-2 * Math.log(square) / square);
        spare = y * factor;
        return x * factor;
      }
    }
  }
}
