/**
 * LightGBM: packs a booster as a model with all that describes it, and logs its training. Start
 * with {@link io.plumbline.lightgbm.LightGbm}; the boosters and datasets are lightgbm4j's own.
 */
@NullMarked
package io.plumbline.lightgbm;

import org.jspecify.annotations.NullMarked;
