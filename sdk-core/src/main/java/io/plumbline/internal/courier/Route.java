package io.plumbline.internal.courier;

import io.plumbline.internal.journal.Receipt;
import io.plumbline.internal.journal.WriterLog;
import io.plumbline.internal.store.EmbeddedStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One run of one writer that a lane has taken on; opened by the lane's thread. */
final class Route {
  private static final long TRY_AGAIN = TimeUnit.SECONDS.toNanos(5);

  /** One that waits while others have their turn is looked at again after that. */
  private static final long REST = TimeUnit.SECONDS.toNanos(1);

  final String runId;
  final String writer;

  /** Since when a batch that is not full waits; 0 if none does. */
  long waitsSince;

  /** What has to arrive first; null if nothing has. */
  volatile @Nullable String waitsFor;

  /** The last file of which the lane of files was told; 0 where it is to be told anew. */
  volatile long filesTold;

  /** When it may be tried again after failures of its own. */
  final Pace pace = new Pace(new SplittableRandom());

  /** How many requests of the lane had succeeded when it failed; -1 if it has succeeded since. */
  long failedAt = -1;

  private @Nullable RunDelivery delivery;
  private @Nullable DeliveryLock lock;
  private volatile boolean left;
  private long began;
  private long triedAt;
  private boolean tried;
  private int openings;
  private volatile @Nullable Receipt written;
  private volatile boolean upToDate;
  private @Nullable Sight sight;
  private volatile @Nullable Sight arrived;
  private volatile @Nullable Receipt over;

  /**
   * All that was there at a time.
   *
   * @param at by {@link System#nanoTime}
   * @param ordinal the one behind the last record
   */
  private record Sight(long at, long ordinal) {}

  Route(String runId, String writer) {
    this.runId = runId;
    this.writer = writer;
  }

  /** The route of what a writer has left, to which it adds nothing. */
  static Route left(String runId, String writer) {
    Route route = new Route(runId, writer);
    route.written = Receipt.kept();
    route.left = true;
    return route;
  }

  /** Returns whether a writer that is gone has left it, which came to the run before another. */
  boolean precedes(Route other, EmbeddedStore store) throws IOException {
    return left && other != this && runId.equals(other.runId) && began(store) < other.began(store);
  }

  private long began(EmbeddedStore store) throws IOException {
    if (began == 0) {
      began = new WriterLog(store.runs().folder(runId), writer).opened();
    }
    return began;
  }

  // ---- told under the lock of the lane's routes

  void opened() {
    openings++;
    filesTold = 0;
    written = null;
    upToDate = false;
    over = null;
  }

  /**
   * There is more of it than was known, whoever else has it open.
   *
   * @param byOneWhoIsGone whether its writer is
   */
  void told(boolean byOneWhoIsGone) {
    left = byOneWhoIsGone;
    openings = 0;
    opened();
  }

  void closed(Receipt receipt) {
    openings--;
    if (openings <= 0) {
      written = receipt;
    }
  }

  // ---- the lane's thread

  /** Returns the promise that all is in the segments, if the writer is done and has kept it. */
  @Nullable Receipt written() {
    Receipt receipt = written;
    return receipt != null && receipt.isDone() ? receipt : null;
  }

  /**
   * Takes note of a reading.
   *
   * @param all whether all that could be read has arrived
   * @param last what {@link #written} was before the reading: then that has found all
   */
  void read(boolean all, @Nullable Receipt last) {
    upToDate = all;
    over = all ? last : null;
  }

  /** Returns whether all that could be read has arrived. */
  boolean isUpToDate() {
    return upToDate;
  }

  /**
   * Takes note that all that there was at a time was read.
   *
   * @param at by {@link System#nanoTime}
   * @param ordinal the one behind the last record
   */
  void sawAll(long at, long ordinal) {
    if (sight == null) { // else that one has to arrive first
      sight = new Sight(at, ordinal);
    }
  }

  /** Takes note of what has arrived: all records before an ordinal. */
  void arrived(long ordinal) {
    Sight seen = sight;
    if (seen != null && seen.ordinal <= ordinal) {
      arrived = seen;
      sight = null;
    }
  }

  /**
   * Returns whether all has arrived that was there at a time, whatever has come since.
   *
   * @param at by {@link System#nanoTime}
   */
  boolean hasArrived(long at) {
    Sight seen = arrived;
    return upToDate || seen != null && seen.at - at >= 0;
  }

  /** Returns whether nothing more will come; not if it was opened again since the reading. */
  boolean isOver() {
    Receipt receipt = written;
    return receipt != null && receipt.equals(over);
  }

  /**
   * Returns what is to be delivered; nothing while somebody else delivers it.
   *
   * @throws RunGoneException if the run was erased
   */
  Optional<RunDelivery> open(EmbeddedStore store, Destination destination, Cargo cargo, long now)
      throws IOException {
    if (delivery != null) {
      return Optional.of(delivery);
    }
    if (tried && now - triedAt < TRY_AGAIN) {
      return Optional.empty();
    }
    tried = true;
    triedAt = now;
    Path folder = store.runs().folder(runId);
    if (!Files.isDirectory(folder)) {
      throw erased();
    }
    DeliveryFiles files = new DeliveryFiles(folder, destination.name());
    if (lock == null) { // else it was taken, but what is behind it could not be read
      lock = DeliveryLock.take(files.lockFile(writer, cargo)).orElse(null);
    }
    if (lock != null) {
      delivery = new RunDelivery(folder, runId, writer, files, cargo, destination.uri());
    }
    return Optional.ofNullable(delivery);
  }

  /** Returns whether its writer is gone, and adds nothing to it. */
  boolean isLeft() {
    return left;
  }

  static RunGoneException erased() {
    return new RunGoneException("it is not in the store any more");
  }

  boolean isOpen() {
    return delivery != null;
  }

  /** Lets go of everything, for a moment. */
  void rest(long now) {
    if (delivery == null && lock == null) {
      return; // it rests, or somebody else delivers it: that is not put off again
    }
    close();
    triedAt = now - TRY_AGAIN + REST;
  }

  /** Begins anew: what is noted of it has changed. */
  void again() {
    close();
    tried = false;
    upToDate = false;
    over = null;
  }

  /** Lets go of everything. */
  void close() {
    try {
      if (delivery != null) {
        delivery.pause();
      }
      if (lock != null) {
        lock.close();
      }
    } catch (IOException e) {
      // Both are only read, or empty.
    }
    delivery = null;
    lock = null;
  }
}
