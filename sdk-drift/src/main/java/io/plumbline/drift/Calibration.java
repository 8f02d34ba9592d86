package io.plumbline.drift;

import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How often the positive class came true by score, in the reference: what estimating a model's
 * performance before the labels arrive needs. Immutable.
 *
 * <p>The scores from 0 to 1 are cut into bins of equal width; bin i holds the scores from i / bins
 * on and below (i + 1) / bins, the last one also 1.
 *
 * @param rows how many rows each bin has
 * @param positives how many of them were positive
 */
public record Calibration(List<Long> rows, List<Long> positives) {
  /** How many bins there are. */
  public static final int BINS = 100;

  /** Copies the counts and checks them. */
  public Calibration {
    rows = List.copyOf(rows);
    positives = List.copyOf(positives);
    if (rows.size() != BINS || positives.size() != BINS) {
      throw new IllegalArgumentException("a calibration has " + BINS + " bins");
    }
    for (int i = 0; i < BINS; i++) {
      if (positives.get(i) < 0 || positives.get(i) > rows.get(i)) {
        throw new IllegalArgumentException(
            "bin " + i + " has " + positives.get(i) + " positives of " + rows.get(i) + " rows");
      }
    }
  }

  /**
   * Counts scores and labels.
   *
   * @param scores from 0 to 1
   * @param labels 0 or 1, one for each score
   */
  public static Calibration of(double[] scores, double[] labels) {
    Checks.finite("scores", scores);
    Checks.sameLength("labels", labels.length, "scores", scores.length);
    boolean[] positive = Checks.labels(row -> labels[row], labels.length);
    long[] rows = new long[BINS];
    long[] positives = new long[BINS];
    for (int row = 0; row < scores.length; row++) {
      int bin = bin(scores[row]);
      rows[bin]++;
      positives[bin] += positive[row] ? 1 : 0;
    }
    return new Calibration(list(rows), list(positives));
  }

  /**
   * The bin of a score.
   *
   * @throws IllegalArgumentException if the score is not between 0 and 1
   */
  public static int bin(double score) {
    if (!(score >= 0 && score <= 1)) {
      throw new IllegalArgumentException(
          "a score of " + score + " is no probability; scores lie between 0 and 1");
    }
    return Math.min(BINS - 1, (int) (score * BINS));
  }

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("rows", rows);
    json.put("positives", positives);
    return json;
  }

  static Calibration read(JsonObject json) {
    try {
      return new Calibration(longs(json, "rows"), longs(json, "positives"));
    } catch (JsonException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new JsonException(json.place() + ": " + e.getMessage(), e);
    }
  }

  private static List<Long> longs(JsonObject json, String key) {
    List<Long> longs = new ArrayList<>();
    for (@Nullable Object value : json.list(key)) {
      if (!(value instanceof Long number)) {
        throw new JsonException(json.place() + "." + key + " must hold whole numbers");
      }
      longs.add(number);
    }
    return longs;
  }

  private static List<Long> list(long[] values) {
    List<Long> list = new ArrayList<>();
    for (long value : values) {
      list.add(value);
    }
    return list;
  }
}
