package io.plumbline.internal.journal;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts refused metrics by reason. */
final class Drops {
  /** Why a metric was refused. */
  enum Reason {
    /** The writer could not keep up, or could not write. */
    RING_FULL("ring full"),
    /** The disk has less free space than is to be kept free. */
    DISK_FULL("disk full"),
    /** The store has reached its quota. */
    QUOTA("quota"),
    /** The journal was closed, by the end of the process for instance. */
    CLOSED("closed"),
    /** The run had ended long ago. */
    RUN_ENDED("run ended");

    final String text;

    Reason(String text) {
      this.text = text;
    }
  }

  private final Map<Reason, LongAdder> counts = new EnumMap<>(Reason.class);
  private final Map<Reason, Long> told = new EnumMap<>(Reason.class);

  Drops() {
    for (Reason reason : Reason.values()) {
      counts.put(reason, new LongAdder());
    }
  }

  void add(Reason reason, long n) {
    LongAdder count = counts.get(reason);
    if (count != null) {
      count.add(n);
    }
  }

  Map<String, Long> all() {
    Map<String, Long> all = new TreeMap<>();
    counts.forEach(
        (reason, n) -> {
          if (n.sum() > 0) {
            all.put(reason.text, n.sum());
          }
        });
    return all;
  }

  /** Returns what has come since the last call; for one thread only. */
  Map<String, Object> news() {
    Map<String, Object> news = new TreeMap<>();
    counts.forEach(
        (reason, n) -> {
          long now = n.sum();
          long before = told.getOrDefault(reason, 0L);
          if (now > before) {
            news.put(reason.text, now - before);
            told.put(reason, now);
          }
        });
    return news;
  }
}
