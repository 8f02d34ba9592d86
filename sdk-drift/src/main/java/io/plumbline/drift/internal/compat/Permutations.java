package io.plumbline.drift.internal.compat;

/**
 * Evidently's permutation test of the total variation distance: the share of 1,000 shuffles of all
 * rows, from numpy's generator with seed 0, whose distance is at least as large.
 */
final class Permutations {
  private static final int ROUNDS = 1_000;

  private Permutations() {}

  static TestResult totalVariation(Sample reference, Sample current) {
    int n = reference.rows();
    int[] codes = codes(Sample.both(reference, current));
    int categories = 0;
    for (int code : codes) {
      categories = Math.max(categories, code + 1);
    }
    int[] rows = new int[codes.length];
    double observed = distance(codes, inOrder(rows), n, categories);
    MersenneTwister random = new MersenneTwister(0);
    int atLeast = 0;
    for (int round = 0; round < ROUNDS; round++) {
      random.shuffle(inOrder(rows));
      atLeast += observed <= distance(codes, rows, n, categories) ? 1 : 0;
    }
    return new TestResult(ROUNDS + " permutations", observed, (double) atLeast / ROUNDS);
  }

  private static int[] inOrder(int[] rows) {
    for (int i = 0; i < rows.length; i++) {
      rows[i] = i;
    }
    return rows;
  }

  private static int[] codes(Sample both) {
    if (both.kind() == Sample.Kind.TEXT) {
      return both.codes();
    }
    NumberSet places = new NumberSet();
    double[] values = both.values();
    int[] codes = new int[values.length];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = places.place(values[i]);
    }
    return codes;
  }

  /** The distance between the first n of the rows and the others. */
  private static double distance(int[] codes, int[] rows, int n, int categories) {
    long[] first = new long[categories];
    long[] others = new long[categories];
    for (int i = 0; i < rows.length; i++) {
      (i < n ? first : others)[codes[rows[i]]]++;
    }
    return Divergence.totalVariation(Bins.shares(first, n), Bins.shares(others, rows.length - n));
  }
}
