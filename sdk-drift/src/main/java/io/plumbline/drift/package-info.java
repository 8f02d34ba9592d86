/**
 * Evaluation: how good a model's scores are, with how much certainty, and for whom. It takes arrays
 * of numbers and returns metrics that a run can log, intervals, a ROC curve and pictures.
 *
 * <p>Drift: how far the data that a model meets has moved from what it was trained on. A {@link
 * io.plumbline.drift.Profile} is made at training and travels with the model, a {@link
 * io.plumbline.drift.ProfileCounter} counts what is served into its bins, and {@link
 * io.plumbline.drift.Drift} and {@link io.plumbline.drift.DriftMonitor} compare the two.
 */
@NullMarked
package io.plumbline.drift;

import org.jspecify.annotations.NullMarked;
