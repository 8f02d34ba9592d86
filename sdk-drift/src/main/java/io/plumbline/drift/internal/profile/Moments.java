package io.plumbline.drift.internal.profile;

/**
 * Count, mean, sum of squared distances from the mean, and range of finite numbers. Immutable.
 *
 * @param n how many
 * @param mean 0 if there are none
 * @param m2 the sum of squared distances from the mean; infinite or NaN where doubles end
 * @param min positive infinity if there are none
 * @param max negative infinity if there are none
 */
public record Moments(long n, double mean, double m2, double min, double max) {
  /** No numbers. */
  public static final Moments NONE =
      new Moments(0, 0, 0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);

  /**
   * The moments of both.
   *
   * <p>Source: T. F. Chan, G. H. Golub and R. J. LeVeque, Updating Formulae and a Pairwise
   * Algorithm for Computing Sample Variances (1979).
   */
  public Moments merge(Moments other) {
    if (n == 0) {
      return other;
    }
    if (other.n == 0) {
      return this;
    }
    long both = n + other.n;
    double distance = other.mean - mean;
    double share = (double) other.n / both;
    return new Moments(
        both,
        mean + distance * share,
        m2 + other.m2 + distance * distance * share * n,
        Math.min(min, other.min),
        Math.max(max, other.max));
  }

  /** The standard deviation, dividing by n; NaN if there are none. */
  public double deviation() {
    return n == 0 ? Double.NaN : Math.sqrt(m2 / n);
  }

  /**
   * Adds numbers up in blocks: within a block as distances from the mean so far, which needs no
   * division, and block to block by {@link #merge}.
   */
  static final class Running {
    private static final int BLOCK = 1024;

    private long n;
    private double mean;
    private double m2;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;
    private double origin;
    private double sum;
    private double squares;
    private int size;

    /**
     * Adds numbers, or none of them if one is not finite, or too large for this to be seen.
     *
     * @return whether they were added
     */
    boolean add(double[] values, int from, int to) {
      if (from == to) {
        return true;
      }
      double base = size > 0 ? origin : n > 0 ? mean : values[from];
      // Two sums each: an addition need not wait for the one before.
      double sum0 = 0;
      double sum1 = 0;
      double squares0 = 0;
      double squares1 = 0;
      double least = min;
      double greatest = max;
      int i = from;
      for (; i < to - 1; i += 2) {
        double first = values[i];
        double second = values[i + 1];
        double distance0 = first - base;
        double distance1 = second - base;
        sum0 += distance0;
        sum1 += distance1;
        squares0 += distance0 * distance0;
        squares1 += distance1 * distance1;
        // Math.min would care for NaN and -0.0 at several times the cost.
        if (first < least) {
          least = first;
        }
        if (first > greatest) {
          greatest = first;
        }
        if (second < least) {
          least = second;
        }
        if (second > greatest) {
          greatest = second;
        }
      }
      if (i < to) {
        double distance = values[i] - base;
        sum0 += distance;
        squares0 += distance * distance;
        least = values[i] < least ? values[i] : least;
        greatest = values[i] > greatest ? values[i] : greatest;
      }
      double added = squares0 + squares1;
      if (!(added <= Double.MAX_VALUE)) {
        return false;
      }
      origin = base;
      sum += sum0 + sum1;
      squares += added;
      min = least + 0.0; // never -0.0, which equal counts must not differ by
      max = greatest + 0.0;
      size += to - from;
      if (size >= BLOCK) {
        close();
      }
      return true;
    }

    /** Adds a finite number. */
    void add(double value) {
      if (size == 0) {
        origin = n == 0 ? value : mean;
      }
      double distance = value - origin;
      sum += distance;
      squares += distance * distance;
      min = Math.min(min, value + 0.0);
      max = Math.max(max, value + 0.0);
      if (++size >= BLOCK) {
        close();
      }
    }

    void add(Moments more) {
      close();
      fold(more.n, more.mean, more.m2);
      min = Math.min(min, more.min);
      max = Math.max(max, more.max);
    }

    Moments value() {
      Moments closed = new Moments(n, mean, m2, min, max);
      return size == 0 ? closed : closed.merge(block());
    }

    void reset() {
      n = 0;
      mean = 0;
      m2 = 0;
      min = Double.POSITIVE_INFINITY;
      max = Double.NEGATIVE_INFINITY;
      clear();
    }

    private Moments block() {
      return new Moments(size, origin + sum / size, blockSquares(), min, max);
    }

    private double blockSquares() {
      return Math.max(0, squares - sum * (sum / size));
    }

    private void close() {
      if (size > 0) {
        fold(size, origin + sum / size, blockSquares());
        clear();
      }
    }

    /** What {@link Moments#merge} does, without an object. */
    private void fold(long count, double otherMean, double otherM2) {
      if (n == 0) {
        mean = otherMean;
        m2 = otherM2;
      } else if (count > 0) {
        double distance = otherMean - mean;
        double share = (double) count / (n + count);
        mean += distance * share;
        m2 += otherM2 + distance * distance * share * n;
      }
      n += count;
    }

    private void clear() {
      size = 0;
      sum = 0;
      squares = 0;
    }
  }
}
