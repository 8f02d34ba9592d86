package io.plumbline.drift;

import io.plumbline.drift.internal.profile.CountsJson;
import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts scores by bin and by the decision made from them: all that estimating a model's
 * performance needs, in a few kilobytes. Bin i of n holds the scores from i / n on and below (i +
 * 1) / n, the last one also 1. Not safe for use by several threads; give each its own, and merge.
 *
 * <p>A prediction logger counts every accepted row of a binary model, whatever the log's sampling:
 * {@link WindowCounts#scores}.
 */
public final class ScoreHistogram {
  /** How many bins there are unless said otherwise. */
  public static final int BINS = 100;

  private static final int MOST_BINS = 1_000_000;

  private final long[] selected;
  private final long[] others;
  private long unscored;

  /** Starts at zero, with 100 bins. */
  public ScoreHistogram() {
    this(BINS);
  }

  /**
   * Starts at zero.
   *
   * @param bins 1 to 1,000,000; the error of an estimate falls with their number
   * @throws IllegalArgumentException if it is out of range
   */
  public ScoreHistogram(int bins) {
    if (bins < 1 || bins > MOST_BINS) {
      throw new IllegalArgumentException(
          "a histogram of " + bins + " bins; there must be 1 to " + MOST_BINS + ", usually 100");
    }
    this.selected = new long[bins];
    this.others = new long[bins];
  }

  /**
   * Counts a row.
   *
   * @param score from 0 to 1
   * @param positive what the model's user decided: whether the row is predicted positive
   * @throws IllegalArgumentException if the score is no probability
   */
  public void add(double score, boolean positive) {
    if (!(score >= 0 && score <= 1)) {
      throw new IllegalArgumentException(
          "a score of " + score + " is no probability; scores lie between 0 and 1");
    }
    count(score, positive);
  }

  /** Counts a row; one whose score is no probability, such as NaN, as a row without a score. */
  void count(double score, boolean positive) {
    if (!(score >= 0 && score <= 1)) {
      unscored++;
      return;
    }
    int bin = Math.min(selected.length - 1, (int) (score * selected.length));
    (positive ? selected : others)[bin]++;
  }

  /**
   * Adds the counts of another histogram.
   *
   * @throws IllegalArgumentException if it has another number of bins
   */
  public void merge(ScoreHistogram other) {
    Checks.sameLength("the other histogram", other.bins(), "this histogram", bins());
    for (int bin = 0; bin < selected.length; bin++) {
      selected[bin] = Math.addExact(selected[bin], other.selected[bin]);
      others[bin] = Math.addExact(others[bin], other.others[bin]);
    }
    unscored = Math.addExact(unscored, other.unscored);
  }

  ScoreHistogram copy() {
    ScoreHistogram copy = new ScoreHistogram(bins());
    copy.merge(this);
    return copy;
  }

  /** The number of bins. */
  public int bins() {
    return selected.length;
  }

  /** The rows of a bin that are predicted positive. */
  public long selected(int bin) {
    return selected[bin];
  }

  /** The rows of a bin that are not predicted positive. */
  public long others(int bin) {
    return others[bin];
  }

  /** Rows with a score, those in the bins. */
  public long rows() {
    return Arrays.stream(selected).sum() + Arrays.stream(others).sum();
  }

  /**
   * Rows that were counted without a score: those that got no prediction, and those whose score is
   * no probability.
   */
  public long unscored() {
    return unscored;
  }

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("selected", Arrays.stream(selected).boxed().toList());
    json.put("others", Arrays.stream(others).boxed().toList());
    json.put("unscored", unscored);
    return json;
  }

  /** Reads what {@link #json} has made, of the usual number of bins. */
  static ScoreHistogram read(JsonObject json) {
    ScoreHistogram histogram = new ScoreHistogram();
    read(json, "selected", histogram.selected);
    read(json, "others", histogram.others);
    histogram.unscored = CountsJson.count(json.longValue("unscored"), json.place() + ".unscored");
    return histogram;
  }

  private static void read(JsonObject json, String key, long[] into) {
    List<@Nullable Object> list = json.list(key);
    if (list.size() != into.length) {
      throw new JsonException(
          json.place() + "." + key + " has " + list.size() + " numbers, not " + into.length);
    }
    for (int bin = 0; bin < into.length; bin++) {
      into[bin] = CountsJson.count(list.get(bin), json.place() + "." + key + "[" + bin + "]");
    }
  }
}
