package io.plumbline.lightgbm;

import io.github.metarank.lightgbm4j.LGBMBooster;
import io.github.metarank.lightgbm4j.LGBMException;

/**
 * What {@link LightGbm#train} calls after each iteration, such as {@link LightGbm#logTo}.
 *
 * <p>A training loop of your own calls it itself:
 *
 * <pre>{@code
 * TrainingCallback log = LightGbm.logTo(tracker, "valid");
 * for (int iteration = 0; iteration < 100; iteration++) {
 *   booster.updateOneIter();
 *   log.afterIteration(booster, iteration);
 * }
 * }</pre>
 */
@FunctionalInterface
public interface TrainingCallback {
  /**
   * Sees the booster with one more tree (one for each class, if there are several).
   *
   * @param booster the booster; it must not be closed here
   * @param iteration the number of iterations before this one: 0 for the first
   * @throws LGBMException if LightGBM refuses what is asked of the booster
   */
  void afterIteration(LGBMBooster booster, int iteration) throws LGBMException;
}
