package io.plumbline.drift;

/**
 * How often something odd came, in the reference and now. It is an alarm when the interval of the
 * window lies above that of the reference by more than the policy's margin.
 *
 * @param name {@code missing}, {@code out_of_range}, {@code new_category}, {@code mistyped} or,
 *     where some rows of the window do not have the column at all, {@code absent}
 * @param referenceCount how many rows of the reference
 * @param referenceRows of how many
 * @param count how many rows of the window
 * @param rows of how many
 * @param reference Wilson's interval of the reference's rate
 * @param current Wilson's interval of the window's rate
 * @param verdict what the policy says of it
 */
public record RateChange(
    String name,
    long referenceCount,
    long referenceRows,
    long count,
    long rows,
    Interval reference,
    Interval current,
    Verdict verdict) {

  /** The reference's rate, from 0 to 1. */
  public double referenceRate() {
    return referenceRows == 0 ? 0 : (double) referenceCount / referenceRows;
  }

  /** The window's rate, from 0 to 1. */
  public double rate() {
    return rows == 0 ? 0 : (double) count / rows;
  }
}
