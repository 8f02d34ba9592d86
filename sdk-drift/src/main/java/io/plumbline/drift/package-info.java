/**
 * Evaluation: how good a model's scores are, with how much certainty, and for whom. It takes arrays
 * of numbers and returns metrics that a run can log, intervals, a ROC curve and pictures.
 */
@NullMarked
package io.plumbline.drift;

import org.jspecify.annotations.NullMarked;
