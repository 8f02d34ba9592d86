package io.plumbline.internal.journal;

import io.plumbline.internal.Time;
import io.plumbline.internal.config.FsyncPolicy;
import io.plumbline.internal.config.RingKind;

/**
 * How a journal works.
 *
 * @param ring where the ring is
 * @param ringBytes the ring's size, a power of two
 * @param fsync when segments are synced
 * @param fsyncNanos the longest time between a write and its fsync, for the interval policy
 * @param segmentBytes the size at which a segment is closed and the next one begun
 * @param quotaBytes the most that the store may take; 0 for no bound
 * @param reserveBytes the free space below which metrics are refused
 * @param heartbeatNanos how often the writer shows that it lives
 * @param lostNanos how old the last sign of life of a lost writer is, where locks can't be trusted
 * @param disk the disk
 * @param time the clocks
 */
public record JournalOptions(
    RingKind ring,
    int ringBytes,
    FsyncPolicy fsync,
    long fsyncNanos,
    int segmentBytes,
    long quotaBytes,
    long reserveBytes,
    long heartbeatNanos,
    long lostNanos,
    Disk disk,
    Time time) {
  private static final long SECOND = 1_000_000_000L;

  /** The defaults of the configuration, on the machine's disk and clocks. */
  public static final JournalOptions DEFAULT =
      new JournalOptions(
          RingKind.AUTO,
          2 << 20,
          FsyncPolicy.INTERVAL,
          SECOND,
          64 << 20,
          0,
          64L << 20,
          10 * SECOND,
          60 * SECOND,
          Disk.REAL,
          Time.SYSTEM);

  /** Returns these options with another ring. */
  public JournalOptions withRing(RingKind kind, int bytes) {
    return new JournalOptions(
        kind,
        bytes,
        fsync,
        fsyncNanos,
        segmentBytes,
        quotaBytes,
        reserveBytes,
        heartbeatNanos,
        lostNanos,
        disk,
        time);
  }

  /** Returns these options with another fsync policy. */
  public JournalOptions withFsync(FsyncPolicy policy, long nanos) {
    return new JournalOptions(
        ring,
        ringBytes,
        policy,
        nanos,
        segmentBytes,
        quotaBytes,
        reserveBytes,
        heartbeatNanos,
        lostNanos,
        disk,
        time);
  }

  /** Returns these options with other sizes. */
  public JournalOptions withSizes(int segment, long quota, long reserve) {
    return new JournalOptions(
        ring,
        ringBytes,
        fsync,
        fsyncNanos,
        segment,
        quota,
        reserve,
        heartbeatNanos,
        lostNanos,
        disk,
        time);
  }

  /** Returns these options on another disk and clock. */
  public JournalOptions on(Disk otherDisk, Time otherTime) {
    return new JournalOptions(
        ring,
        ringBytes,
        fsync,
        fsyncNanos,
        segmentBytes,
        quotaBytes,
        reserveBytes,
        heartbeatNanos,
        lostNanos,
        otherDisk,
        otherTime);
  }
}
