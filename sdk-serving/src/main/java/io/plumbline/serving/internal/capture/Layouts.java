package io.plumbline.serving.internal.capture;

import io.plumbline.drift.Profile;
import io.plumbline.serving.internal.VersionFacts;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The layouts of the versions that a logger has met, the ring that their rows wait in, and the
 * windows that they are counted into. When a version's rows are too wide for the ring, all get a
 * wider one, and the old one goes when it has been empty for a while.
 */
final class Layouts {
  /** Versions are loaded again and again, for years: what was not used for longest is forgotten. */
  private static final int MOST = 256;

  /** Rows that were begun with the old ring are committed by then. */
  private static final long RETIRED = TimeUnit.SECONDS.toNanos(10);

  private final CaptureOptions options;
  private final @Nullable String alias;
  private final ReentrantLock lock = new ReentrantLock();
  private final Digests digests = new Digests();

  /** The one in use is the last. */
  private final List<Ring> rings = new CopyOnWriteArrayList<>();

  private final Map<Counted, VersionWindows> windows = new LinkedHashMap<>();
  private final Queue<VersionWindows> gone = new ConcurrentLinkedQueue<>();
  private volatile @Nullable Entry[] entries = new Entry[MOST];
  private long claimedBefore;
  private long renewed = System.nanoTime();
  private boolean sealed;

  /** Loaded twice, a version still has one set of windows. */
  private record Counted(String model, int version, String profile) {}

  /** A version's layout, with what takes its rows out. */
  static final class Entry {
    private final RowLayout layout;
    private final RowWriter writer;
    private volatile long used = System.nanoTime();

    private Entry(RowLayout layout, RowWriter writer) {
      this.layout = layout;
      this.writer = writer;
    }

    RowWriter writer() {
      used = System.nanoTime();
      return writer;
    }
  }

  Layouts(CaptureOptions options, @Nullable String alias) {
    this.options = options;
    this.alias = alias;
  }

  /**
   * Returns a version's layout; makes it when it is asked for first, or when there is another ring.
   *
   * @throws IllegalArgumentException if the version can't be logged; the message says why
   */
  @SuppressWarnings("ReferenceEquality") // a version that is loaded twice has two
  RowLayout of(VersionFacts facts) {
    lock.lock();
    try {
      Ring ring = ring(facts);
      for (Entry known : entries) {
        if (known != null && known.layout.facts == facts && known.layout.ring == ring) {
          known.used = System.nanoTime();
          return known.layout;
        }
      }
      int number = place();
      RowLayout layout = new RowLayout(facts, options.embeddings, ring, number);
      RowWriter writer = new RowWriter(layout, options, alias, digests, windows(facts));
      @Nullable Entry[] copy = Arrays.copyOf(entries, MOST);
      copy[number] = new Entry(layout, writer);
      entries = copy;
      forgetWindows();
      return layout;
    } finally {
      lock.unlock();
    }
  }

  private Ring ring(VersionFacts facts) {
    Ring.Widths widths = RowLayout.widths(facts, options.embeddings, options.longestText);
    Ring last = rings.isEmpty() ? null : rings.get(rings.size() - 1);
    if (last != null && last.widths().fit(widths)) {
      return last;
    }
    Ring wider = new Ring(last == null ? widths : last.widths().or(widths), options.memory);
    if (sealed) {
      wider.seal();
    }
    renewed = System.nanoTime();
    rings.add(wider);
    return wider;
  }

  /** A free place, or that of the version whose last row is the oldest. */
  private int place() {
    int oldest = 0;
    for (int i = 0; i < MOST; i++) {
      Entry entry = entries[i];
      if (entry == null) {
        return i;
      }
      if (entry.used - Objects.requireNonNull(entries[oldest]).used < 0) {
        oldest = i;
      }
    }
    return oldest;
  }

  private @Nullable VersionWindows windows(VersionFacts facts) {
    Profile profile = facts.profile();
    if (profile == null) {
      return null;
    }
    Counted key = new Counted(facts.version().name(), facts.version().version(), profile.id());
    return windows.computeIfAbsent(
        key, unused -> new VersionWindows(facts.version(), profile, options));
  }

  /** Hands windows that no layout counts into any more to the consumer, who ends them. */
  private void forgetWindows() {
    List<VersionWindows> used =
        Stream.of(entries)
            .filter(Objects::nonNull)
            .map(entry -> entry.writer.windows())
            .filter(Objects::nonNull)
            .toList();
    windows
        .values()
        .removeIf(
            own -> {
              boolean isGone = used.stream().noneMatch(other -> other == own);
              return isGone && gone.add(own);
            });
  }

  /** Lets nobody claim a slot any more. */
  void seal() {
    lock.lock();
    try {
      sealed = true;
      rings.forEach(Ring::seal);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Gives up rings that are in use no longer; for the consumer.
   *
   * @param now by {@link System#nanoTime}
   */
  void tidy(long now) {
    if (rings.size() < 2) {
      return;
    }
    lock.lock();
    try {
      if (now - renewed < RETIRED) {
        return;
      }
      for (Ring old : List.copyOf(rings.subList(0, rings.size() - 1))) {
        old.seal();
        if (old.head() == old.tail()) {
          claimedBefore += old.tail();
          rings.remove(old);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** All rings: the one in use, and for some seconds those before it. */
  List<Ring> rings() {
    return rings;
  }

  /** How many rows have got a slot. */
  long claimed() {
    lock.lock();
    try {
      return claimedBefore + rings.stream().mapToLong(Ring::tail).sum();
    } finally {
      lock.unlock();
    }
  }

  /** The windows of all versions, in the order in which they were met. */
  List<VersionWindows> windows() {
    lock.lock();
    try {
      return List.copyOf(windows.values());
    } finally {
      lock.unlock();
    }
  }

  /** Windows whose version was forgotten, to be ended; null if there are none. */
  @Nullable VersionWindows nextGone() {
    return gone.poll();
  }

  @Nullable Entry entry(int number) {
    return entries[number];
  }

  /** The bytes that waiting rows may take at most. */
  long memory() {
    return rings.stream().mapToLong(Ring::bytes).sum();
  }
}
