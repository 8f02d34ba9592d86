/** LightGBM: packs a booster as a model and tracks its training. */
@NullMarked
package io.plumbline.lightgbm;

import org.jspecify.annotations.NullMarked;
