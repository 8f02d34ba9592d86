package io.plumbline.drift.internal.compat;

import io.plumbline.drift.compat.NannyMlMethod;
import java.util.Arrays;
import java.util.List;

/** How NannyML 0.13 fits its univariate methods on the reference and computes them on a chunk. */
public final class NannyMlRules {
  private static final int EXACT_BELOW = 10_000;
  private static final int FINE_BINS = 10_000;
  private static final double DEVIATIONS = 3;

  private NannyMlRules() {}

  /** A method that has seen the reference. */
  private interface Method {
    TestResult of(Sample chunk);
  }

  /** A method with the threshold that the reference's own chunks gave it. */
  public static final class Fitted {
    private final Method method;
    private final String binning;
    private final int referenceRows;
    private double threshold = Double.NaN;

    private Fitted(Method method, String binning, int referenceRows) {
      this.method = method;
      this.binning = binning;
      this.referenceRows = referenceRows;
    }

    /** Computes the method on rows that have a value; NaN without one. */
    public TestResult of(Sample rows) {
      return rows.rows() == 0 ? TestResult.distance("no rows", Double.NaN) : method.of(rows);
    }

    /** Above this value there is an alert. */
    public double threshold() {
      return threshold;
    }

    /** How values were put together; empty without bins. */
    public String binning() {
      return binning;
    }

    /** The reference rows that have a value. */
    public int referenceRows() {
      return referenceRows;
    }
  }

  /** Whether NannyML takes a column for continuous rather than categorical. */
  public static boolean isContinuous(Sample column) {
    return column.kind() == Sample.Kind.FLOAT || column.kind() == Sample.Kind.INTEGER;
  }

  /** Fits a method. */
  public static Fitted fit(
      NannyMlMethod method, boolean continuous, Sample reference, List<Chunks.Part> chunks) {
    Sample present = reference.present();
    if (present.rows() == 0) {
      throw new IllegalArgumentException("no reference row has a value");
    }
    Fitted fitted = continuous ? ofNumbers(method, present) : ofCategories(method, present);
    double[] values = new double[chunks.size()];
    for (int i = 0; i < values.length; i++) {
      Chunks.Part part = chunks.get(i);
      values[i] = fitted.of(reference.slice(part.from(), part.to()).present()).statistic();
    }
    double[] known = Arrays.stream(values).filter(value -> !Double.isNaN(value)).toArray();
    double limit = NumpySum.mean(known) + Math.sqrt(Student.variance(known, 0)) * DEVIATIONS;
    fitted.threshold = method == NannyMlMethod.KOLMOGOROV_SMIRNOV ? Math.min(1, limit) : limit;
    return fitted;
  }

  // ---- numbers

  private static Fitted ofNumbers(NannyMlMethod method, Sample reference) {
    double[] values = reference.values();
    if (method == NannyMlMethod.JENSEN_SHANNON || method == NannyMlMethod.HELLINGER) {
      Bins bins = Bins.doane(values);
      double[] shares = bins.shares(values);
      Method distance = chunk -> distance(method, shares, bins.shares(chunk.values()));
      String binning =
          bins.size() + " by Doane's rule on the reference, and one for what is outside";
      return new Fitted(distance, binning, values.length);
    }
    boolean kolmogorov = method == NannyMlMethod.KOLMOGOROV_SMIRNOV;
    if (values.length < EXACT_BELOW) {
      double[] sorted = reference.sorted();
      Method exact =
          chunk ->
              TestResult.distance(
                  "exact",
                  kolmogorov
                      ? kolmogorov(sorted, chunk.sorted())
                      : Transport.wasserstein(sorted, chunk.sorted()));
      return new Fitted(exact, "", values.length);
    }
    Bins bins = Bins.count(Bins.min(values), Bins.max(values), FINE_BINS);
    double[] cumulated = cumulated(bins.shares(values));
    Method estimated =
        chunk ->
            TestResult.distance(
                "estimated",
                kolmogorov
                    ? binnedKolmogorov(bins, cumulated, chunk.values())
                    : binnedWasserstein(bins, cumulated, chunk.sorted()));
    return new Fitted(estimated, FINE_BINS + " of equal width on the reference", values.length);
  }

  /** scipy's statistic, which its exact test rounds to a multiple of 1 / lcm(n, m). */
  private static double kolmogorov(double[] reference, double[] chunk) {
    return KolmogorovSmirnov.statistic(reference, chunk);
  }

  private static double[] cumulated(double[] shares) {
    double[] cumulated = new double[shares.length];
    double sum = 0;
    for (int i = 0; i < shares.length; i++) {
      sum += shares[i];
      cumulated[i] = sum;
    }
    return cumulated;
  }

  private static double binnedKolmogorov(Bins bins, double[] reference, double[] chunk) {
    int below = 0;
    for (double value : chunk) {
      below += value < bins.edge(0) ? 1 : 0;
    }
    double lower = (double) below / chunk.length;
    double[] cumulated = cumulated(bins.shares(chunk));
    double largest = 0;
    for (int i = 0; i < cumulated.length; i++) {
      largest = Math.max(largest, Math.abs(reference[i] - (lower + cumulated[i])));
    }
    return largest;
  }

  /** Tails exactly, but the rows below count one more than they are, as in NannyML. */
  private static double binnedWasserstein(Bins bins, double[] reference, double[] sorted) {
    double first = bins.edge(0);
    double last = bins.edge(bins.size());
    int below = 0;
    while (below < sorted.length && sorted[below] < first) {
      below++;
    }
    int above = sorted.length;
    while (above > 0 && sorted[above - 1] > last) {
      above--;
    }
    double smaller = below == 0 ? 0 : (below + 1.0) / sorted.length;
    double tails = 0;
    for (int i = 0; i < below; i++) {
      double to = i + 1 < below ? sorted[i + 1] : first;
      tails += (i + 1.0) / (below + 1) * (to - sorted[i]) * smaller;
    }
    int outside = sorted.length - above;
    double bigger = outside == 0 ? 0 : (outside + 1.0) / sorted.length;
    for (int i = 0; i < outside; i++) {
      double from = i == 0 ? last : sorted[above + i - 1];
      tails += (1 - (i + 1.0) / (outside + 1)) * (sorted[above + i] - from) * bigger;
    }
    double width = bins.edge(1) - bins.edge(0);
    double[] cumulated = cumulated(bins.shares(sorted));
    double[] terms = new double[cumulated.length];
    for (int i = 0; i < terms.length; i++) {
      terms[i] = Math.abs(reference[i] - (cumulated[i] + smaller)) * width;
    }
    return NumpySum.of(terms) + tails;
  }

  // ---- categories

  private static Fitted ofCategories(NannyMlMethod method, Sample reference) {
    Method distance =
        chunk -> {
          CategoryCounts counts = CategoryCounts.of(reference, chunk);
          return switch (method) {
            case CHI2 -> Tables.contingency(counts.reference(), counts.current(), true);
            case L_INFINITY ->
                TestResult.distance(
                    "difference of shares",
                    Divergence.largest(counts.referenceShares(), counts.currentShares()));
            default -> distance(method, known(counts, true), known(counts, false));
          };
        };
    int values = reference.distinct(Integer.MAX_VALUE);
    boolean shares = method == NannyMlMethod.JENSEN_SHANNON || method == NannyMlMethod.HELLINGER;
    String other = shares ? ", and one for all others" : "";
    return new Fitted(distance, "each of " + values + " values" + other, reference.rows());
  }

  /** The shares of the values that the reference has. */
  private static double[] known(CategoryCounts counts, boolean ofReference) {
    double[] all = ofReference ? counts.referenceShares() : counts.currentShares();
    double[] known = new double[all.length];
    int size = 0;
    for (int i = 0; i < all.length; i++) {
      if (counts.reference()[i] > 0) {
        known[size++] = all[i];
      }
    }
    return Arrays.copyOf(known, size);
  }

  /** What a chunk's shares lack to 1 becomes a bin that the reference has nothing in. */
  private static TestResult distance(NannyMlMethod method, double[] reference, double[] chunk) {
    double outside = 1 - NumpySum.of(chunk);
    double[] p = reference;
    double[] q = chunk;
    if (outside > 0) {
      p = Arrays.copyOf(p, p.length + 1);
      q = Arrays.copyOf(q, q.length + 1);
      q[q.length - 1] = outside;
    }
    return TestResult.distance(
        "distance",
        method == NannyMlMethod.HELLINGER
            ? Divergence.hellinger(p, q)
            : Divergence.jensenShannon(p, q, 2));
  }
}
