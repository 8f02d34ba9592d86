/**
 * LightGBM: packs a booster as a model with all that describes it, logs its training, and loads
 * packed models to predict. Start with {@link io.plumbline.lightgbm.LightGbm}; the boosters and
 * datasets are lightgbm4j's own. {@link io.plumbline.lightgbm.LightGbmLoader} is found by whoever
 * serves models.
 */
@NullMarked
package io.plumbline.lightgbm;

import org.jspecify.annotations.NullMarked;
