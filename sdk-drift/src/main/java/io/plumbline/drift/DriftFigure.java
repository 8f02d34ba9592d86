package io.plumbline.drift;

/**
 * One drift metric of one column with all that its number depends on: the same name means different
 * numbers in different tools.
 *
 * @param method the metric's name, such as {@code psi}
 * @param variant which form of it, in words
 * @param value the number
 * @param pValue the p-value of the test that belongs to it; NaN if it is no test
 * @param binning over which cells
 * @param base the logarithm's base, {@code e} or {@code 2}; empty if it has none
 * @param smoothing what was added to each cell's count; 0 for nothing
 * @param n rows of the reference that it was computed from
 * @param m rows of the window
 */
public record DriftFigure(
    String method,
    String variant,
    double value,
    double pValue,
    String binning,
    String base,
    double smoothing,
    long n,
    long m) {}
