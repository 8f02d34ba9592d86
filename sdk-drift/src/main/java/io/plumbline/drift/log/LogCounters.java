package io.plumbline.drift.log;

/** Counts what a writer and its keeper do; any thread may count and look. */
final class LogCounters {
  private long rows;
  private long batches;
  private long bytes;
  private long partsClosed;
  private long partsRepaired;
  private long partsExpired;
  private long partsOverBudget;
  private long partsUnshipped;
  private long failures;
  private long rowsDiscarded;

  synchronized void wrote(LogPart.Written written) {
    rows += written.rows();
    batches++;
    bytes += written.bytes();
  }

  synchronized void closedPart() {
    partsClosed++;
  }

  synchronized void repaired() {
    partsRepaired++;
  }

  synchronized void expired() {
    partsExpired++;
  }

  synchronized void overBudget() {
    partsOverBudget++;
  }

  synchronized void unshipped() {
    partsUnshipped++;
  }

  synchronized void failed() {
    failures++;
  }

  synchronized void discarded(long n) {
    rowsDiscarded += n;
  }

  synchronized LogStats snapshot() {
    return new LogStats(
        rows,
        batches,
        bytes,
        partsClosed,
        partsRepaired,
        partsExpired,
        partsOverBudget,
        partsUnshipped,
        failures,
        rowsDiscarded);
  }
}
