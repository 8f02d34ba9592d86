package io.plumbline.serving.internal.capture;

import io.plumbline.serving.internal.VersionFacts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The layouts of the versions that a logger has met, and the rings that their rows wait in.
 * Versions whose slots are as wide share one ring; a wider one gets another.
 */
final class Layouts {
  /** Versions are loaded again and again, for years: what was not used for longest is forgotten. */
  private static final int MOST = 256;

  private final CaptureOptions options;
  private final @Nullable String alias;
  private final ReentrantLock lock = new ReentrantLock();
  private final Digests digests = new Digests();
  private final List<Ring> rings = new CopyOnWriteArrayList<>();
  private volatile @Nullable Entry[] entries = new Entry[MOST];
  private int next;

  /** A version's layout, with what takes its rows out. */
  record Entry(RowLayout layout, RowWriter writer) {}

  Layouts(CaptureOptions options, @Nullable String alias) {
    this.options = options;
    this.alias = alias;
  }

  /**
   * Returns a version's layout; makes it when it is asked for first.
   *
   * @throws IllegalArgumentException if the version can't be logged; the message says why
   */
  @SuppressWarnings("ReferenceEquality") // a version that is loaded twice has two
  RowLayout of(VersionFacts facts) {
    lock.lock();
    try {
      for (Entry known : entries) {
        if (known != null && known.layout().facts == facts) {
          return known.layout();
        }
      }
      int number = next % MOST;
      RowLayout layout = new RowLayout(facts, options.embeddings, ring(facts), number);
      Entry made = new Entry(layout, new RowWriter(layout, options, alias, digests));
      @Nullable Entry[] copy = Arrays.copyOf(entries, MOST);
      copy[number] = made;
      entries = copy;
      next++;
      return layout;
    } finally {
      lock.unlock();
    }
  }

  private Ring ring(VersionFacts facts) {
    Ring.Widths widths = RowLayout.widths(facts, options.embeddings, options.longestText);
    for (Ring ring : rings) {
      if (widths.fit(ring)) {
        return ring;
      }
    }
    Ring ring = new Ring(widths, options.memory);
    rings.add(ring);
    return ring;
  }

  /** All rings; a few at most, since slots only get wider. */
  List<Ring> rings() {
    return rings;
  }

  /** How many rows have got a slot. */
  long claimed() {
    return rings.stream().mapToLong(Ring::tail).sum();
  }

  /** What takes rows out, for each version. */
  List<RowWriter> writers() {
    List<RowWriter> writers = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry != null) {
        writers.add(entry.writer());
      }
    }
    return writers;
  }

  @Nullable Entry entry(int number) {
    return entries[number];
  }

  /** The bytes that waiting rows may take at most. */
  long memory() {
    return rings.stream().mapToLong(Ring::bytes).sum();
  }
}
