package io.plumbline.internal.courier;

import io.plumbline.internal.Time;
import io.plumbline.internal.store.EmbeddedStore;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Takes up what programs that are gone have left undelivered, for both lanes. For the thread of the
 * one that brings the records.
 */
final class Leftovers {
  /** What could not be listed is looked for again after that. */
  private static final long LOOK_AGAIN = TimeUnit.SECONDS.toNanos(5);

  private static final long LOOK_AT_UNREADABLE = TimeUnit.MINUTES.toNanos(1);

  private final EmbeddedStore store;
  private final Destination destination;
  private final Setbacks setbacks;
  private final Routes records;
  private final Routes files;
  private final Time time;
  private long lookedAt;

  Leftovers(
      EmbeddedStore store,
      Destination destination,
      Setbacks setbacks,
      Routes records,
      Routes files) {
    this.store = store;
    this.destination = destination;
    this.setbacks = setbacks;
    this.records = records;
    this.files = files;
    this.time = store.time();
  }

  /** Looks for it, if it is time. */
  void takeUp() {
    long now = time.nanos();
    if (!isTime(now)) {
      return;
    }
    Backlog backlog = new Backlog(store, destination);
    List<Backlog.Part> left;
    try {
      left = backlog.find();
    } catch (IOException e) {
      lookedAt = now == 0 ? 1 : now;
      setbacks.told("what was left undelivered can't be listed: " + e);
      return;
    }
    lookedAt = backlog.unreadable().isEmpty() ? 0 : now;
    for (Backlog.Part part : left) {
      if (part.records()) {
        records.takeUp(part.runId(), part.writer(), part.since());
      }
      if (part.files()) {
        files.takeUp(part.runId(), part.writer(), part.since());
      }
    }
    records.unreadable(backlog.unreadable());
    records.resuming(false);
  }

  private boolean isTime(long now) {
    return records.isResuming()
        ? lookedAt == 0 || now - lookedAt >= LOOK_AGAIN
        : records.areUnreadable() && now - lookedAt >= LOOK_AT_UNREADABLE;
  }
}
