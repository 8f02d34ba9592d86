package io.plumbline.drift.internal;

import io.plumbline.drift.Interval;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of a regression evaluation, in the caller's order. */
public final class RegressionTable implements Table {
  private static final int RMSE = 0;
  private static final int MAE = 1;
  private static final int R2 = 2;
  private static final List<String> METRICS = List.of("rmse", "mae", "r2");

  private final Rows rows;
  private final double[] predictions;
  private final double[] actuals;

  private RegressionTable(Rows rows, double[] predictions, double[] actuals) {
    this.rows = rows;
    this.predictions = predictions;
    this.actuals = actuals;
  }

  /** Makes a table of checked, finite values; the arrays are neither kept nor changed. */
  public static RegressionTable of(
      double[] predictions, double[] actuals, double @Nullable [] weights) {
    Rows rows = Rows.of(predictions.length, null, weights);
    return new RegressionTable(
        rows, Rows.pick(predictions, rows.numbers()), Rows.pick(actuals, rows.numbers()));
  }

  @Override
  public int rows() {
    return rows.size();
  }

  @Override
  public List<String> metrics() {
    return METRICS;
  }

  @Override
  public double[] values(int @Nullable [] counts) {
    Sum total = new Sum();
    Sum absolute = new Sum();
    Sum squares = new Sum();
    Sum actual = new Sum();
    double lowest = Double.POSITIVE_INFINITY;
    double highest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < actuals.length; i++) {
      double weight = rows.weight(i, counts);
      if (weight > 0) {
        double error = actuals[i] - predictions[i];
        total.add(weight);
        absolute.add(weight * Math.abs(error));
        squares.add(weight * error * error);
        actual.add(weight * actuals[i]);
        lowest = Math.min(lowest, actuals[i]);
        highest = Math.max(highest, actuals[i]);
      }
    }
    double[] values = new double[METRICS.size()];
    values[RMSE] = Math.sqrt(squares.value() / total.value());
    values[MAE] = absolute.value() / total.value();
    // Compared, not computed: the rounded mean of equal values may differ from them.
    double spread = lowest == highest ? 0 : spread(counts, actual.value() / total.value());
    values[R2] = r2(squares.value(), spread);
    return values;
  }

  private double spread(int @Nullable [] counts, double mean) {
    Sum squares = new Sum();
    for (int i = 0; i < actuals.length; i++) {
      double distance = actuals[i] - mean;
      squares.add(rows.weight(i, counts) * distance * distance);
    }
    return squares.value();
  }

  /**
   * R² = 1 - Σ w (y - ŷ)² / Σ w (y - ȳ)². With constant actual values it is 1 for perfect
   * predictions and 0 for others, as in scikit-learn; with one row it is undefined.
   */
  private double r2(double squares, double spread) {
    if (rows() < 2) {
      return Double.NaN;
    }
    return spread == 0 ? (squares == 0 ? 1 : 0) : 1 - squares / spread;
  }

  @Override
  public String whyUndefined(int metric) {
    return metric == R2 && rows() < 2
        ? "it needs two rows with a weight above zero"
        : "its squares are beyond the range of a double; scale predictions and actuals down";
  }

  @Override
  public @Nullable Interval interval(int metric, double value, double level) {
    return null;
  }

  @Override
  public String whyNoInterval(int metric) {
    return "it has no closed-form interval; ask for bootstrap(1000, seed)";
  }

  @Override
  public @Nullable RocPoints roc() {
    return null;
  }

  @Override
  public List<@Nullable Table> split(int[] codes, int size) {
    List<@Nullable Table> tables = new ArrayList<>(size);
    for (int[] positions : rows.positionsByCode(codes, size)) {
      tables.add(positions.length == 0 ? null : at(positions));
    }
    return tables;
  }

  private RegressionTable at(int[] positions) {
    return new RegressionTable(
        rows.at(positions), Rows.pick(predictions, positions), Rows.pick(actuals, positions));
  }
}
