package io.plumbline.drift;

/**
 * How the share of a bin or category moved.
 *
 * @param what the range or category, in words that a sentence can use
 * @param from its share of the reference, from 0 to 1
 * @param to its share of the window
 */
public record ShareChange(String what, double from, double to) {
  /** By how much it rose; negative if it fell. */
  public double change() {
    return to - from;
  }
}
