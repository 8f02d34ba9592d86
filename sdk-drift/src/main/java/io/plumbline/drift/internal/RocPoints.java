package io.plumbline.drift.internal;

/** The corners of a ROC curve, by descending threshold, as three arrays of one length. */
@SuppressWarnings("ArrayRecordComponent") // made once, handed on and never compared
public record RocPoints(
    double[] falsePositiveRate, double[] truePositiveRate, double[] threshold) {}
