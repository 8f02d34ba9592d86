package io.plumbline.drift.internal;

/**
 * A running sum that carries the rounding errors of its additions along, so that a million terms
 * cost about as much accuracy as one.
 *
 * <p>Source: A. Neumaier, Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen,
 * ZAMM 54 (1974).
 */
final class Sum {
  private double total;
  private double lost;

  void add(double term) {
    double next = total + term;
    lost += Math.abs(total) >= Math.abs(term) ? (total - next) + term : (term - next) + total;
    total = next;
  }

  double value() {
    double sum = total + lost;
    // Infinities make the carried error NaN; the plain total then says what happened.
    return Double.isNaN(sum) ? total : sum;
  }
}
