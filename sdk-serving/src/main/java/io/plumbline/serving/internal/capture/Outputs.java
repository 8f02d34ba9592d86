package io.plumbline.serving.internal.capture;

import io.plumbline.drift.Profile;
import io.plumbline.drift.ProfileCounter;
import io.plumbline.drift.log.LogSchema;
import io.plumbline.drift.log.LogSchemaBuilder;
import io.plumbline.drift.log.RowBatch;
import io.plumbline.serving.internal.VersionFacts;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a model says, in the log's columns: a number; a binary decision with its score and
 * threshold; or the most probable class with all probabilities.
 */
final class Outputs {
  private final double threshold;
  private final boolean binary;
  private final List<String> classes;
  private int prediction = -1;
  private int score = -1;
  private int thresholdColumn = -1;
  private int[] probabilities = {};
  private int countedPrediction = -1;
  private int countedScore = -1;
  private int[] countedClasses = {};

  /**
   * Decides by the options, or, if they do not say, by the number of outputs.
   *
   * @throws IllegalArgumentException if the options do not fit the version
   */
  Outputs(VersionFacts facts, CaptureOptions options) {
    this.threshold = options.threshold;
    this.binary = !Double.isNaN(threshold);
    if (binary || facts.outputs() == 1 && options.classes.isEmpty()) {
      this.classes = List.of();
    } else {
      this.classes = options.classes.isEmpty() ? names(facts) : options.classes;
      if (classes.size() != facts.outputs()) {
        throw new IllegalArgumentException(
            facts.version().uri()
                + " gives "
                + facts.outputs()
                + " numbers a row, but the log is to have the classes "
                + classes);
      }
    }
  }

  private static List<String> names(VersionFacts facts) {
    if (facts.outputNames().size() == facts.outputs()) {
      return facts.outputNames();
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < facts.outputs(); i++) {
      names.add(Integer.toString(i));
    }
    return names;
  }

  void describe(LogSchemaBuilder builder) {
    if (!classes.isEmpty()) {
      builder.predictsLabel(classes).probabilities(classes);
      return;
    }
    builder.predictsNumber();
    if (binary) {
      builder.score().threshold();
    }
  }

  /**
   * Finds the columns.
   *
   * @param profile null if there is none
   * @param into a counter of the profile, for its positions; null if there is none
   */
  void bind(LogSchema schema, @Nullable Profile profile, @Nullable ProfileCounter into) {
    prediction = schema.position(LogSchema.PREDICTION);
    if (binary) {
      score = schema.position(LogSchema.SCORE);
      thresholdColumn = schema.position(LogSchema.THRESHOLD);
    }
    probabilities =
        classes.stream().mapToInt(name -> schema.position(LogSchema.PROBABILITY + name)).toArray();
    if (profile != null && into != null) {
      countedPrediction =
          profile.has(LogSchema.PREDICTION) ? into.column(LogSchema.PREDICTION) : -1;
      countedScore = binary && profile.has(LogSchema.SCORE) ? into.column(LogSchema.SCORE) : -1;
      int column = countedPrediction;
      countedClasses =
          column < 0
              ? new int[classes.size()]
              : classes.stream().mapToInt(name -> into.categoryCode(column, name)).toArray();
    }
  }

  /** The most probable class; -1 if the model has said nothing of any. */
  private int best(double[] values, int from) {
    int best = -1;
    for (int i = 0; i < classes.size(); i++) {
      double value = values[from + i];
      if (!Double.isNaN(value) && (best < 0 || value > values[from + best])) {
        best = i;
      }
    }
    return best;
  }

  /** What a score decides; NaN decides nothing. */
  private double decision(double value) {
    return binary && !Double.isNaN(value) ? value >= threshold ? 1 : 0 : value;
  }

  /** Whether the profile has what the model says, or the scores are counted by decision. */
  boolean areCounted() {
    return binary || countedScore >= 0 || countedPrediction >= 0;
  }

  void count(ProfileCounter into, SlotReader row) {
    boolean predicted = row.has(RowLayout.PREDICTED);
    double[] values = row.doubles();
    int from = row.firstOutput();
    if (binary) {
      into.countScore(predicted ? values[from] : Double.NaN, values[from] >= threshold);
    }
    if (countedScore >= 0) {
      count(into, countedScore, values[from], predicted);
    }
    if (countedPrediction < 0) {
      return;
    }
    int best = predicted && !classes.isEmpty() ? best(values, from) : -1;
    if (best >= 0) {
      into.countCategory(countedPrediction, countedClasses[best]);
    } else if (!classes.isEmpty()) {
      into.countMissing(countedPrediction);
    } else {
      count(into, countedPrediction, decision(values[from]), predicted);
    }
  }

  private static void count(ProfileCounter into, int column, double value, boolean predicted) {
    if (predicted) {
      into.count(column, value);
    } else {
      into.countMissing(column);
    }
  }

  void write(RowBatch to, SlotReader row) {
    double[] values = row.doubles();
    int from = row.firstOutput();
    if (!classes.isEmpty()) {
      int best = best(values, from);
      if (best >= 0) {
        to.setCategory(prediction, best);
      }
      for (int i = 0; i < probabilities.length; i++) {
        to.setDouble(probabilities[i], values[from + i]);
      }
      return;
    }
    double value = values[from];
    if (!binary || !Double.isNaN(value)) {
      to.setDouble(prediction, decision(value));
    }
    if (binary) {
      to.setDouble(score, value);
      to.setDouble(thresholdColumn, threshold);
    }
  }
}
