package io.plumbline.drift.log;

/**
 * What a {@link PredictionLogWriter} has done since it was opened.
 *
 * @param rows rows that are in files
 * @param batches batches that are in files
 * @param bytes bytes of files, complete or not
 * @param partsClosed parts that are complete
 * @param partsRepaired parts that a dead writer, or an error of the disk, had left behind and that
 *     were completed
 * @param partsExpired parts that were deleted because of their age
 * @param partsOverBudget parts that were deleted because all together had too many bytes
 * @param partsUnshipped parts that were deleted before they were shipped, because all together had
 *     too many bytes
 * @param failures how often the disk has refused
 * @param rowsDiscarded rows that were given up with {@link PredictionLogWriter#discard}
 */
public record LogStats(
    long rows,
    long batches,
    long bytes,
    long partsClosed,
    long partsRepaired,
    long partsExpired,
    long partsOverBudget,
    long partsUnshipped,
    long failures,
    long rowsDiscarded) {}
