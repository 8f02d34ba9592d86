package io.plumbline.internal.journal;

import io.plumbline.internal.history.MetricStats;
import org.jspecify.annotations.Nullable;

/** A metric key of one run: what the ring's slots name by number. */
public final class KeySlot {
  final RunWriter run;
  final WriterLog.Key key;

  /**
   * The writer thread's statistics, from the announcement on; all slots of one key share them. Null
   * until the key is announced.
   */
  @Nullable MetricStats stats;

  KeySlot(RunWriter run, WriterLog.Key key) {
    this.run = run;
    this.key = key;
  }

  /** Returns the metric's name. */
  public String key() {
    return key.key();
  }

  /** Returns the number that goes into the ring. */
  public int ringKey() {
    return key.ring();
  }
}
