package io.plumbline.drift.internal.page;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Distributions with no more bins than a picture has room for; no row is lost. */
final class Reduced {
  static final int MOST_BINS = 40;
  static final int MOST_CATEGORIES = 12;

  private Reduced() {}

  static DriftView.Bins of(DriftView.Bins bins) {
    int n = bins.labels().size();
    if (n <= (bins.categories() ? MOST_CATEGORIES : MOST_BINS)) {
      return bins;
    }
    return bins.categories() ? largest(bins) : neighbours(bins);
  }

  /** Keeps the categories with the largest shares on either side, and joins the others. */
  private static DriftView.Bins largest(DriftView.Bins bins) {
    double[] p = Charts.shares(bins.reference());
    double[] q = Charts.shares(bins.current());
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < p.length; i++) {
      order.add(i);
    }
    order.sort(Comparator.comparingDouble((Integer i) -> -Math.max(p[i], q[i])));
    int kept = MOST_CATEGORIES - 1;
    List<String> labels = new ArrayList<>();
    double[] reference = new double[kept + 1];
    double[] current = new double[kept + 1];
    for (int at = 0; at < order.size(); at++) {
      int i = order.get(at);
      if (at < kept) {
        labels.add(bins.labels().get(i));
      }
      reference[Math.min(at, kept)] += bins.reference()[i];
      current[Math.min(at, kept)] += bins.current()[i];
    }
    labels.add((order.size() - kept) + " others");
    return new DriftView.Bins(true, labels, reference, current);
  }

  /** Joins neighbours, as many for each bin. */
  private static DriftView.Bins neighbours(DriftView.Bins bins) {
    int n = bins.labels().size();
    int size = (n + MOST_BINS - 1) / MOST_BINS;
    int joined = (n + size - 1) / size;
    List<String> labels = new ArrayList<>();
    double[] reference = new double[joined];
    double[] current = new double[joined];
    for (int i = 0; i < n; i++) {
      if (i % size == 0) {
        int last = Math.min(n, i + size) - 1;
        labels.add(bins.labels().get(i) + (last > i ? " to " + bins.labels().get(last) : ""));
      }
      reference[i / size] += bins.reference()[i];
      current[i / size] += bins.current()[i];
    }
    return new DriftView.Bins(false, labels, reference, current);
  }
}
