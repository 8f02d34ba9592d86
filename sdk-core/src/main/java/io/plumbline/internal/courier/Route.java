package io.plumbline.internal.courier;

import io.plumbline.internal.journal.Receipt;
import io.plumbline.internal.store.EmbeddedStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One run of one writer that a courier has taken on; opened by the courier's thread. */
final class Route {
  private static final long TRY_AGAIN = TimeUnit.SECONDS.toNanos(5);

  final String runId;
  final String writer;

  /** Since when a batch that is not full waits; 0 if none does. */
  long waitsSince;

  /** The last file of which the lane of files was told. */
  long filesTold;

  private @Nullable RunDelivery delivery;
  private @Nullable DeliveryLock lock;
  private long triedAt;
  private boolean tried;
  private int openings;
  private volatile @Nullable Receipt written;
  private volatile boolean upToDate;
  private volatile boolean over;

  Route(String runId, String writer) {
    this.runId = runId;
    this.writer = writer;
  }

  /** The route of what a writer has left, to which it adds nothing. */
  static Route left(String runId, String writer) {
    Route route = new Route(runId, writer);
    route.written = Receipt.kept();
    return route;
  }

  // ---- told under the courier's lock

  void opened() {
    openings++;
    written = null;
    upToDate = false;
    over = false;
  }

  /** There is more of it than was known, whoever else has it open. */
  void told() {
    openings = 0;
    opened();
  }

  void closed(Receipt receipt) {
    openings--;
    if (openings <= 0) {
      written = receipt;
    }
  }

  // ---- the courier's thread

  /** Returns whether the writer is done with the run, and all of it is in the segments. */
  boolean isWritten() {
    Receipt receipt = written;
    return receipt != null && receipt.isDone();
  }

  /**
   * Takes note of a reading.
   *
   * @param all whether all that could be read has arrived
   * @param last whether nothing can come after it
   */
  void read(boolean all, boolean last) {
    upToDate = all;
    over = all && last;
  }

  /** Returns whether all that could be read has arrived. */
  boolean isUpToDate() {
    return upToDate;
  }

  /** Returns whether nothing more will come. */
  boolean isOver() {
    return over && isWritten();
  }

  /** Returns what is to be delivered; nothing while somebody else delivers it. */
  Optional<RunDelivery> open(EmbeddedStore store, String destination, Cargo cargo, long now)
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
      return Optional.empty(); // erased, or not begun
    }
    DeliveryFiles files = new DeliveryFiles(folder, destination);
    lock = DeliveryLock.take(files.lockFile(writer, cargo)).orElse(null);
    if (lock != null) {
      delivery = new RunDelivery(folder, runId, writer, files, cargo);
    }
    return Optional.ofNullable(delivery);
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
