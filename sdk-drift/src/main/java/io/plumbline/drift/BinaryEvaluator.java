package io.plumbline.drift;

import io.plumbline.drift.internal.BinaryTable;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates the scores of a model that tells two classes apart; made by {@link
 * Evaluation#binary()}.
 *
 * <pre>{@code
 * Evaluation evaluation =
 *     Evaluation.binary().threshold(0.3).slice("origin", origins).evaluate(scores, labels);
 * }</pre>
 *
 * Metrics, with w the rows' weights (1 unless given) and p their scores:
 *
 * <table>
 * <caption>Metrics of a binary evaluation</caption>
 * <tr><th>key</th><th>what it is</th></tr>
 * <tr><td>{@code auc}</td><td>the probability that a positive row has a higher score than a
 * negative one, ties counted half (Hanley and McNeil 1982); the area under the ROC curve</td></tr>
 * <tr><td>{@code log_loss}</td><td>the weighted mean of -ln p for label 1 and -ln (1 - p) for label
 * 0, in nats, each p and 1 - p clipped to [ε, 1 - ε], ε = 2^-52</td></tr>
 * <tr><td>{@code brier}</td><td>the weighted mean of (p - label)² (Brier 1950)</td></tr>
 * <tr><td>{@code accuracy}</td><td>the share of rows whose predicted class is their label</td></tr>
 * <tr><td>{@code precision}</td><td>the share of positive rows among those predicted positive; 0
 * when none is</td></tr>
 * <tr><td>{@code recall}</td><td>the share of rows predicted positive among the positive ones; 0
 * when there is none</td></tr>
 * <tr><td>{@code f1}</td><td>2 TP / (2 TP + FP + FN); 0 when that is 0 / 0</td></tr>
 * <tr><td>{@code lift_10}</td><td>the share of positive rows in the top 10 % by score over the
 * share in all rows; ties at the cut count in proportion</td></tr>
 * </table>
 *
 * A row is predicted positive when its score is at least the threshold. Scores outside [0, 1] are
 * not probabilities: log loss and Brier score are then undefined, and so are the metrics of
 * decisions unless a threshold was set.
 */
public final class BinaryEvaluator extends Evaluator<BinaryEvaluator> {
  private @Nullable Double threshold;
  private List<Double> liftFractions = List.of(0.1);

  BinaryEvaluator() {}

  @Override
  BinaryEvaluator self() {
    return this;
  }

  /**
   * Sets the score from which on a row is predicted positive; 0.5 unless set.
   *
   * @throws IllegalArgumentException if it is NaN
   */
  public BinaryEvaluator threshold(double threshold) {
    if (Double.isNaN(threshold)) {
      throw new IllegalArgumentException("threshold is NaN; it must be a score, such as 0.5");
    }
    this.threshold = threshold;
    return this;
  }

  /**
   * Sets for which shares of the rows, those with the highest scores, the lift is computed; 0.1
   * unless set. The lift at 0.025 has the key {@code lift_2.5}.
   *
   * @param fractions above 0, at most 1, each once; none for no lift
   * @throws IllegalArgumentException if a fraction is out of range or given twice
   */
  public BinaryEvaluator lift(double... fractions) {
    Set<Double> seen = new HashSet<>();
    for (double fraction : fractions) {
      if (!(fraction > 0 && fraction <= 1) || !seen.add(fraction)) {
        throw new IllegalArgumentException(
            "the lift fractions are "
                + Arrays.toString(fractions)
                + "; each must be above 0 and at most 1, such as 0.1 for the top 10 %, and stand"
                + " there once");
      }
    }
    this.liftFractions = Arrays.stream(fractions).boxed().toList();
    return this;
  }

  /**
   * Evaluates scores against labels.
   *
   * @param scores finite; the higher, the more likely the label is true
   * @param labels one for each score
   * @throws IllegalArgumentException if there is no row, if lengths differ, or if a score is NaN or
   *     infinite
   */
  public Evaluation evaluate(double[] scores, boolean[] labels) {
    Objects.requireNonNull(labels, "labels");
    return evaluate(scores, labels.length, row -> labels[row] ? 1 : 0);
  }

  /**
   * Evaluates scores against labels that are 0 or 1.
   *
   * @throws IllegalArgumentException if there is no row, if lengths differ, if a score is NaN or
   *     infinite, or if a label is neither 0 nor 1
   */
  public Evaluation evaluate(double[] scores, int[] labels) {
    Objects.requireNonNull(labels, "labels");
    return evaluate(scores, labels.length, row -> labels[row]);
  }

  /**
   * Evaluates scores against labels that are 0.0 or 1.0.
   *
   * @throws IllegalArgumentException if there is no row, if lengths differ, if a score is NaN or
   *     infinite, or if a label is neither 0 nor 1
   */
  public Evaluation evaluate(double[] scores, double[] labels) {
    Objects.requireNonNull(labels, "labels");
    return evaluate(scores, labels.length, row -> labels[row]);
  }

  private Evaluation evaluate(double[] scores, int labelCount, Checks.Column labels) {
    Checks.finite("scores", scores);
    Checks.sameLength("labels", labelCount, "scores", scores.length);
    boolean[] positive = Checks.labels(labels, labelCount);
    double[] weights = weightsOf(scores.length, "scores");
    return evaluate(BinaryTable.of(scores, positive, weights, threshold, liftFractions));
  }
}
