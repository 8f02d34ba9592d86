package io.plumbline.drift;

import io.plumbline.drift.internal.RegressionTable;

/**
 * Evaluates the predictions of a model that tells a quantity; made by {@link
 * Evaluation#regression()}.
 *
 * <p>Metrics, with w the rows' weights (1 unless given), y their actual values with the weighted
 * mean ȳ, and ŷ their predictions:
 *
 * <table>
 * <caption>Metrics of a regression evaluation</caption>
 * <tr><th>key</th><th>what it is</th></tr>
 * <tr><td>{@code rmse}</td><td>√(Σ w (y - ŷ)² / Σ w), in the unit of y</td></tr>
 * <tr><td>{@code mae}</td><td>Σ w |y - ŷ| / Σ w, in the unit of y</td></tr>
 * <tr><td>{@code r2}</td><td>1 - Σ w (y - ŷ)² / Σ w (y - ȳ)², the coefficient of determination; at
 * most 1. When all y are equal it is 1 for perfect predictions and else 0; with one row it is
 * undefined</td></tr>
 * </table>
 */
public final class RegressionEvaluator extends Evaluator<RegressionEvaluator> {

  RegressionEvaluator() {}

  @Override
  RegressionEvaluator self() {
    return this;
  }

  /**
   * Evaluates predictions against what really happened.
   *
   * @param predictions finite
   * @param actuals finite, one for each prediction, in the same unit
   * @throws IllegalArgumentException if there is no row, if lengths differ, or if a value is NaN or
   *     infinite
   */
  public Evaluation evaluate(double[] predictions, double[] actuals) {
    Checks.finite("predictions", predictions);
    Checks.finite("actuals", actuals);
    Checks.sameLength("actuals", actuals.length, "predictions", predictions.length);
    double[] weights = weightsOf(predictions.length, "predictions");
    return evaluate(RegressionTable.of(predictions, actuals, weights));
  }
}
