package io.plumbline.internal.journal;

import io.plumbline.internal.Time;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What the writer thread looks at once a second: free space, the quota, and its own heartbeat. The
 * store's size is summed up by another thread, because it takes as long as the store is large.
 */
final class Housekeeping {
  private static final long SECOND = 1_000_000_000L;
  private static final long QUOTA_EVERY = 10 * SECOND;

  private final Path store;
  private final JournalOptions options;
  private final Time time;
  private final String writer;
  private final Executor beside;
  private final long reserve;
  private @Nullable WriterFolder folder;
  private long last;
  private long lastBeat;
  private long lastQuota;
  private boolean spaceShort;
  private volatile boolean overQuota;
  private volatile String explanation = "";

  /**
   * Makes it; the first look is due at once.
   *
   * @param folder the writer's folder, or null if the disk had no room for one
   * @param beside does what takes long
   */
  Housekeeping(
      Path store,
      JournalOptions options,
      String writer,
      @Nullable WriterFolder folder,
      Executor beside) {
    this.store = store;
    this.options = options;
    this.time = options.time();
    this.writer = writer;
    this.folder = folder;
    this.beside = beside;
    this.reserve = reserve();
    this.last = time.nanos() - SECOND;
    this.lastBeat = last;
    this.lastQuota = last - QUOTA_EVERY;
  }

  /** The reserve, but at most a twentieth of the disk: a small disk is not refused as a whole. */
  private long reserve() {
    try {
      return Math.min(options.reserveBytes(), options.disk().total(store) / 20);
    } catch (IOException e) {
      return options.reserveBytes();
    }
  }

  boolean due() {
    return time.nanos() - last >= SECOND;
  }

  void run() {
    last = time.nanos();
    checkSpaceNow();
    if (options.quotaBytes() > 0 && last - lastQuota >= QUOTA_EVERY) {
      lastQuota = last;
      beside.execute(this::checkQuota);
    }
    if (last - lastBeat >= (folder == null ? SECOND : options.heartbeatNanos())) {
      lastBeat = last;
      beat();
    }
  }

  private void beat() {
    try {
      if (folder == null) {
        // The disk was full when the journal was opened: until now nobody sees that it lives.
        folder = WriterFolder.create(store, writer, false, options);
      } else {
        folder.beat(time.millis());
      }
    } catch (IOException e) {
      // A missed beat: the lock still shows that this writer lives.
    }
  }

  /** Returns the writer's folder, or null if there was never room for one. */
  @Nullable WriterFolder folder() {
    return folder;
  }

  void checkSpaceNow() {
    try {
      long usable = options.disk().usable(store);
      boolean isShort = usable < reserve;
      if (isShort) {
        explanation =
            "metrics are refused: the disk of "
                + store
                + " has "
                + usable
                + " bytes left, and "
                + reserve
                + " are kept free (store.reserve); free some space, and they are taken again";
      }
      spaceShort = isShort;
    } catch (IOException e) {
      spaceShort = false;
    }
  }

  boolean hasRoom() {
    return !spaceShort;
  }

  private void checkQuota() {
    long[] used = new long[1];
    try {
      Files.walkFileTree(
          store,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              used[0] += attributes.size();
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
              return FileVisitResult.CONTINUE; // it was removed meanwhile
            }
          });
    } catch (IOException e) {
      return;
    }
    boolean over = used[0] > options.quotaBytes();
    if (over) {
      explanation =
          "metrics are refused: the store "
              + store
              + " takes "
              + used[0]
              + " bytes, more than its quota of "
              + options.quotaBytes()
              + " (store.quota); erase runs and clean up, or raise the quota";
    }
    overQuota = over; // after the explanation, which is read by those who see it
  }

  Drops.@Nullable Reason refusal() {
    return spaceShort ? Drops.Reason.DISK_FULL : overQuota ? Drops.Reason.QUOTA : null;
  }

  String explanation() {
    return explanation;
  }
}
