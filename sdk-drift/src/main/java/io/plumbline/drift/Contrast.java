package io.plumbline.drift;

import io.plumbline.drift.internal.profile.ColumnFrame;
import io.plumbline.drift.internal.profile.Counts;
import io.plumbline.drift.internal.stat.BinnedPair;
import io.plumbline.drift.internal.stat.Contingency;
import io.plumbline.drift.internal.stat.Distances;
import io.plumbline.drift.internal.stat.Kolmogorov;
import java.util.ArrayList;
import java.util.List;

/** All figures of one column: a reference's counts against those of a window in the same frame. */
final class Contrast {
  private static final double LOW = 0.001;
  private static final double HIGH = 0.999;
  // The distance from the 10th to the 90th percentile of a normal distribution, in deviations.
  private static final double MIDDLE = 2.5631031310892007;

  private final ColumnFrame frame;
  private final Counts reference;
  private final Counts current;
  private final double alpha;
  private final ShareTable shares;
  private final Contingency table;
  private final List<DriftFigure> figures = new ArrayList<>();

  Contrast(ColumnFrame frame, Counts reference, Counts current, double alpha) {
    this.frame = frame;
    this.reference = reference;
    this.current = current;
    this.alpha = alpha;
    this.shares = new ShareTable(frame, reference, current);
    this.table = Contingency.of(shares.reference(), shares.current());
    if (table.n() > 0 && table.m() > 0) {
      distances();
      tests();
      largest();
      numbers();
    }
  }

  /** The figures; none if a side has no row, or the column is an id. */
  List<DriftFigure> figures() {
    return figures;
  }

  ShareTable shares() {
    return shares;
  }

  /** The value of a figure; NaN if it is not there. */
  double value(String method) {
    return figures.stream()
        .filter(figure -> figure.method().equals(method))
        .mapToDouble(DriftFigure::value)
        .findFirst()
        .orElse(Double.NaN);
  }

  /** The p-value of chi-square; NaN if there is no test. */
  double pValue() {
    return figures.isEmpty() ? Double.NaN : table.p(table.chiSquare(), table.dof());
  }

  /** The degrees of freedom of PSI: one less than cells. */
  int dof() {
    return Math.max(0, table.cells() - 1);
  }

  /** What corrected PSI exceeds when nothing moved as rarely as chi-square its critical value. */
  double criticalPsi(double critical) {
    return noise() * (critical - dof());
  }

  private double noise() {
    return 1.0 / table.n() + 1.0 / table.m();
  }

  private void distances() {
    double[] p = table.p(alpha);
    double[] q = table.q(alpha);
    double psi = Distances.psi(p, q);
    double bias = (table.cells() - 1) * noise();
    add("psi", "sum of (q - p) ln(q / p)", psi, "e");
    add("psi_corrected", "psi - (cells - 1)(1/n + 1/m)", psi - bias, "e");
    add("js", "distance: root of the divergence", Distances.js(p, q), "2");
    add("kl", "p is the reference, q the window", Distances.kl(p, q), "e");
    add("hellinger", "root of half the sum of (√p - √q)²", Distances.hellinger(p, q), "");
    add("tv", "half the sum of |p - q|", Distances.totalVariation(p, q), "");
  }

  private void add(String method, String variant, double value, String base) {
    figures.add(
        new DriftFigure(
            method, variant, value, Double.NaN, cells(), base, alpha, table.n(), table.m()));
  }

  private void tests() {
    double chi = table.chiSquare();
    double g = table.g();
    test("chi_square", "homogeneity of 2 x K, " + table.dof() + " degrees of freedom", chi);
    test("g", "likelihood ratio, " + table.dof() + " degrees of freedom", g);
    figures.add(plain("cramers_v", "without bias", table.cramersV(), Double.NaN, cells()));
  }

  private void test(String method, String variant, double value) {
    figures.add(plain(method, variant, value, table.p(value, table.dof()), cells()));
  }

  private DriftFigure plain(
      String method, String variant, double value, double pValue, String binning) {
    return new DriftFigure(method, variant, value, pValue, binning, "", 0, table.n(), table.m());
  }

  private void largest() {
    ShareChange worst = shares.largest();
    figures.add(
        plain(
            "linf",
            "largest |p - q|, of " + worst.what(),
            Math.abs(worst.change()),
            Double.NaN,
            shares.size() + " cells, none pooled"));
  }

  private void numbers() {
    long n = reference.inCells();
    long m = current.inCells();
    if (frame.edges().length < 2 || n == 0 || m == 0) {
      return;
    }
    BinnedPair pair = new BinnedPair(frame.edges(), reference.cells(), current.cells());
    String bins = (frame.edges().length - 1) + " bins";
    double ks = pair.ks();
    figures.add(
        new DriftFigure(
            "ks", "at the edges of bins", ks, Kolmogorov.p(ks, n, m), bins, "", 0, n, m));
    double from = frame.quantile(LOW);
    double to = frame.quantile(HIGH);
    double middle = (frame.quantile(0.9) - frame.quantile(0.1)) / MIDDLE;
    double scale = Math.max(pair.deviation(from, to), middle);
    double distance = pair.wasserstein(from, to) / scale;
    if (Double.isFinite(distance)) {
      String variant =
          "in deviations of the reference; clipped to its 0.1 and 99.9 % quantiles, beyond which"
              + " lie "
              + Words.percent(pair.clipped(from, to));
      figures.add(new DriftFigure("wasserstein", variant, distance, Double.NaN, bins, "", 0, n, m));
    }
  }

  private String cells() {
    String kind = frame.kind().binned() ? " groups of the reference" : " categories";
    String all = shares.reference().length + kind;
    return table.pooled() == 0 ? all : all + ", " + table.pooled() + " rare ones pooled";
  }
}
