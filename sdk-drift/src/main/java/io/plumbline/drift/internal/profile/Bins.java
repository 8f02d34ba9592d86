package io.plumbline.drift.internal.profile;

import java.util.Arrays;

/**
 * Chooses the edges of fine bins of equal mass, and the coarse groups of them.
 *
 * <p>The first edge is the least value, the last one the next double above the greatest, so that
 * the cell before all edges is "below the range" and the cell after them "above". A value that
 * holds at least a hundredth of the rows, its <em>atom</em>, has the cell between itself and the
 * next double: otherwise zeros, codes and caps would make quantiles coincide.
 */
public final class Bins {
  /** How many fine bins a profile aims at. */
  public static final int FINE = 100;

  /** How many coarse groups a profile aims at. */
  public static final int COARSE = 10;

  private Bins() {}

  /**
   * Returns the edges for finite numbers; none if there are none.
   *
   * @param runs the numbers, or a sketch of them
   * @param min the least of all numbers, which a sketch may have lost
   * @param max the greatest
   */
  static double[] edges(Runs runs, double min, double max) {
    if (runs.size() == 0) {
      return new double[0];
    }
    double heavy = Math.max(2, runs.total() / (double) FINE);
    int atoms = 0;
    long loose = 0;
    for (int i = 0; i < runs.size(); i++) {
      boolean atom = runs.weight(i) >= heavy;
      atoms += atom ? 1 : 0;
      loose += atom ? 0 : runs.weight(i);
    }
    double target = loose / (double) Math.max(1, FINE - atoms);
    Edges edges = new Edges(FINE + 2 * atoms + 4);
    edges.add(min);
    long seen = 0;
    int bins = 1;
    for (int i = 0; i < runs.size(); i++) {
      if (runs.weight(i) >= heavy) {
        edges.add(runs.value(i));
        edges.add(Math.nextUp(runs.value(i)));
        continue;
      }
      if (seen >= bins * target) {
        edges.add(runs.value(i));
        bins = Math.max(bins, (int) (seen / target)) + 1;
      }
      seen += runs.weight(i);
    }
    edges.add(Math.nextUp(max));
    return edges.toArray();
  }

  /** Returns whether a cell holds one double only. */
  public static boolean isAtom(double[] edges, int cell) {
    return cell > 0 && cell < edges.length && edges[cell] == Math.nextUp(edges[cell - 1]);
  }

  /**
   * Returns the group of each cell: neighbours together up to a tenth of the mass, a value with
   * more than that alone. What lies out of range belongs to the group at that end, unless that end
   * is an atom: then it is something else than the atom, and has a group of its own.
   *
   * @param counts the reference's counts, one for each cell: one more than there are edges
   */
  static int[] groups(double[] edges, long[] counts) {
    int[] groups = new int[counts.length];
    if (edges.length == 0) {
      return groups;
    }
    long left = Arrays.stream(counts, 1, edges.length).sum();
    double target = left / (double) COARSE;
    int group = 0;
    long inGroup = 0;
    boolean fresh = true;
    if (isAtom(edges, 1)) {
      group = 1; // below the range stands alone
    }
    for (int cell = 1; cell < edges.length; cell++) {
      boolean alone = isAtom(edges, cell) && counts[cell] >= target;
      boolean full = inGroup + counts[cell] / 2.0 >= target;
      if (!fresh && (alone || full || endedAlone(edges, counts, cell - 1, target))) {
        group++;
        inGroup = 0;
      }
      groups[cell] = group;
      inGroup += counts[cell];
      fresh = false;
    }
    groups[edges.length] = isAtom(edges, edges.length - 1) ? group + 1 : group;
    return groups;
  }

  private static boolean endedAlone(double[] edges, long[] counts, int cell, double target) {
    return isAtom(edges, cell) && counts[cell] >= target;
  }

  /** Edges as they come, each above the last. */
  private static final class Edges {
    private final double[] edges;
    private int size;

    Edges(int most) {
      edges = new double[most];
    }

    void add(double edge) {
      double plain = edge + 0.0; // never -0.0
      if (size == 0 || plain > edges[size - 1]) {
        edges[size++] = plain;
      }
    }

    double[] toArray() {
      return Arrays.copyOf(edges, size);
    }
  }
}
