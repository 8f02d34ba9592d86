package io.plumbline.internal.journal;

import io.plumbline.internal.Time;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/** What the writer thread looks at once a second: free space, the quota, and its own heartbeat. */
final class Housekeeping {
  private static final long SECOND = 1_000_000_000L;
  private static final long QUOTA_EVERY = 10 * SECOND;
  private static final long FORGET_AFTER = 10 * SECOND;

  private final Path store;
  private final JournalOptions options;
  private final Time time;
  private final @Nullable WriterFolder folder;
  private final long reserve;
  private final Map<RunWriter, Long> closedSince = new WeakHashMap<>();
  private long last;
  private long lastBeat;
  private long lastQuota;
  private boolean spaceShort;
  private boolean overQuota;
  private volatile String explanation = "";

  Housekeeping(Path store, JournalOptions options, @Nullable WriterFolder folder) {
    this.store = store;
    this.options = options;
    this.time = options.time();
    this.folder = folder;
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
      checkQuota();
    }
    if (folder != null && last - lastBeat >= options.heartbeatNanos()) {
      lastBeat = last;
      try {
        folder.beat(time.millis());
      } catch (IOException e) {
        // A missed beat: the lock still shows that this writer lives.
      }
    }
  }

  void checkSpaceNow() {
    try {
      long usable = options.disk().usable(store);
      spaceShort = usable < reserve;
      if (spaceShort) {
        explanation =
            "metrics are refused: the disk of "
                + store
                + " has "
                + usable
                + " bytes left, and "
                + reserve
                + " are kept free (store.reserve); free some space, and they are taken again";
      }
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
    overQuota = used[0] > options.quotaBytes();
    if (overQuota) {
      explanation =
          "metrics are refused: the store "
              + store
              + " takes "
              + used[0]
              + " bytes, more than its quota of "
              + options.quotaBytes()
              + " (store.quota); erase runs and clean up, or raise the quota";
    }
  }

  Drops.@Nullable Reason refusal() {
    return spaceShort ? Drops.Reason.DISK_FULL : overQuota ? Drops.Reason.QUOTA : null;
  }

  String explanation() {
    return explanation;
  }

  /** Returns whether a closed run was closed so long ago that no late point is to be expected. */
  boolean longAgo(RunWriter run) {
    Long since = closedSince.putIfAbsent(run, time.nanos());
    return since != null && time.nanos() - since > FORGET_AFTER;
  }
}
