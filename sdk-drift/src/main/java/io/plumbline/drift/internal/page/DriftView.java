package io.plumbline.drift.internal.page;

import java.util.List;
import java.util.Map;

/**
 * What a drift page shows, as plain values. Moments are epoch milliseconds; shares are from 0 to 1;
 * NaN is a value that there is not.
 *
 * @param title the page's heading, such as the model's name and version
 * @param line what is compared with what, in one line
 * @param method how it was compared: method, variant, binning, base, smoothing, corrections
 * @param level the effect from which on a column can alarm; NaN if there is none
 * @param windows in the order of time, at least one
 * @param columns in the profile's order
 * @param alarms in the order of time
 * @param charts how good the model was, beside drift
 * @param notes what a reader should know before trusting the rest
 */
@SuppressWarnings("ArrayRecordComponent") // they are written once and read once
public record DriftView(
    String title,
    String line,
    Map<String, String> method,
    double level,
    List<Window> windows,
    List<Column> columns,
    List<Alarm> alarms,
    List<Chart> charts,
    List<String> notes) {
  /**
   * A stretch of time, or a number of rows.
   *
   * @param name what it is called; the page writes its time if it is empty
   * @param start when it begins
   * @param rows how many rows it has
   * @param state GOOD without an alarm, WARN with a warning, BAD with an alert, NONE if there is
   *     too little data
   * @param alarmed how many columns alarm
   */
  public record Window(String name, long start, long rows, State state, int alarmed) {
    String label() {
      return name.isEmpty() ? Numbers.utc(start) : name;
    }
  }

  /**
   * A column in the newest window that has enough data.
   *
   * @param name its name
   * @param about role and kind, in a few words
   * @param state GOOD, WARN (a warning), BAD (an alert) or NONE (too little data)
   * @param reason why that is its state, in a sentence; may be empty
   * @param effect how far it has moved; columns are ordered by it
   * @param effects the same in each window
   * @param bins the two distributions
   * @param figures all that was measured
   */
  public record Column(
      String name,
      String about,
      State state,
      String reason,
      double effect,
      double[] effects,
      Bins bins,
      List<Figure> figures) {}

  /**
   * Two distributions over the same bins.
   *
   * @param categories whether the bins are categories, which have no order
   * @param labels what each holds
   * @param reference counts or shares
   * @param current counts or shares
   */
  public record Bins(
      boolean categories, List<String> labels, double[] reference, double[] current) {
    /** Checks the lengths. */
    public Bins {
      labels = List.copyOf(labels);
      if (labels.size() != reference.length || labels.size() != current.length) {
        throw new IllegalArgumentException(
            labels.size() + " labels for " + reference.length + " and " + current.length);
      }
    }
  }

  /**
   * A measured value.
   *
   * @param name what it is
   * @param value the value
   * @param method how it was measured, such as {@code base 2, 10 bins, smoothing 0.5}
   */
  public record Figure(String name, double value, String method) {}

  /**
   * An alarm, or what came close to one.
   *
   * @param window the window's place in the list
   * @param column the column's name, or the metric's
   * @param state BAD or WARN
   * @param sentence what moved, and by how much
   */
  public record Alarm(int window, String column, State state, String sentence) {}

  /**
   * One chart over the windows.
   *
   * @param title what it shows
   * @param lines its curves
   * @param level a threshold; NaN for none
   * @param levelName what the threshold is
   */
  public record Chart(String title, List<Line> lines, double level, String levelName) {}

  /**
   * A value in each window.
   *
   * @param name what it is
   * @param values one for each window
   * @param low the lower ends of its intervals; empty without intervals
   * @param high the upper ends; empty without intervals
   */
  public record Line(String name, double[] values, double[] low, double[] high) {}
}
