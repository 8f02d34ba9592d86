package io.plumbline.internal.search;

import io.plumbline.model.Run;
import java.util.Objects;

/**
 * A condition on runs, in MLflow's search grammar; immutable.
 *
 * <pre>{@code
 * metrics.auc > 0.9 AND params.depth = '6' AND tags."team name" LIKE 'fl%' AND status = 'FINISHED'
 * }</pre>
 *
 * <p>Conditions are joined by {@code AND} only. An empty or blank filter matches every run.
 *
 * <ul>
 *   <li>{@code metrics.KEY} with {@code > >= = != < <=} and a decimal number: the last value. NaN
 *       passes only {@code !=}, as in MLflow; NaN and infinity cannot be written, as in MLflow.
 *   <li>{@code params.KEY} and {@code tags.KEY} with {@code = != LIKE ILIKE} and a text, or with
 *       {@code IS NULL}, {@code IS NOT NULL}.
 *   <li>the attributes {@code run_id run_name user_id status artifact_uri}, alone or after {@code
 *       attributes.}, with {@code = != LIKE ILIKE IN NOT IN}, and {@code start_time} (also {@code
 *       created}) and {@code end_time} with {@code > >= = != < <=} and epoch milliseconds.
 *   <li>{@code datasets.name}, {@code .digest} and {@code .context} with {@code = != LIKE ILIKE IN
 *       NOT IN}: true if any one input passes; two conditions may be met by two inputs.
 * </ul>
 *
 * <p>A comparison with what a run does not have is false, {@code !=} too. The words before the dot
 * may be singular; {@code parameter}, {@code attr} and {@code run} are known as well. A key with
 * other characters than letters, digits, {@code _} and {@code .} stands in back-ticks or double
 * quotes, a text in single or double quotes; a quote in quotes is written twice. {@code LIKE} has
 * {@code %} and {@code _} and no escape; {@code ILIKE} takes upper and lower case as the same.
 *
 * <p>The results are those of MLflow 3.17's SQL store, except:
 *
 * <ul>
 *   <li>MLflow takes a quote written twice as two, and Python's escapes in lists;
 *   <li>the status is compared without regard to case here;
 *   <li>{@code IN} works here for all texts among the attributes, in MLflow only for {@code
 *       run_id};
 *   <li>{@code ILIKE} folds all letters here, on SQLite only ASCII's;
 *   <li>runs here have no {@code artifact_uri}, so a condition on it is false;
 *   <li>infinities are infinities here; MLflow stores the largest double;
 *   <li>{@code AND} twice, at an end, or left out, is an error here;
 *   <li>a blank filter, a number like {@code 1e+5} or {@code .5e3}, and the words {@code IS NOT
 *       NULL} apart by more than one blank are errors there, and a few bare keys, such as {@code
 *       params.in} and {@code metrics.1};
 *   <li>the tags {@code mlflow.runName}, {@code mlflow.user} and {@code mlflow.parentRunId} are
 *       found here even if the run has that fact, but not the tag.
 * </ul>
 */
public final class RunFilter {
  private final Condition[] conditions;

  private RunFilter(Condition[] conditions) {
    this.conditions = conditions;
  }

  /**
   * Parses a filter; the time is linear in its length.
   *
   * @throws IllegalArgumentException if it is not in the grammar; the message shows the filter,
   *     points to the place and says what is accepted there
   */
  public static RunFilter parse(String filter) {
    Objects.requireNonNull(filter, "filter");
    return new RunFilter(new FilterParser(filter).conditions().toArray(new Condition[0]));
  }

  /**
   * Returns whether the run meets all conditions. Allocates nothing, apart from the {@code
   * Optional} in which a run hands out its end and its parent, and which the JIT compiler removes.
   */
  public boolean matches(Run run) {
    for (Condition condition : conditions) {
      if (!condition.matches(run)) {
        return false;
      }
    }
    return true;
  }
}
