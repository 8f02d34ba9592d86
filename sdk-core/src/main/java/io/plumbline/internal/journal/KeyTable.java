package io.plumbline.internal.journal;

import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Finds a metric key by the number that the ring has of it. Numbers are never used again, so that a
 * late point does not end up in another run; pages whose keys are all gone are given back.
 */
final class KeyTable {
  private static final int PAGE_BITS = 8;
  private static final int PAGE = 1 << PAGE_BITS;

  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable KeySlot[][] pages = new KeySlot[4][];
  private int[] used = new int[4];

  /** Returns the slot of that number, or null if there is none. */
  @Nullable KeySlot get(int number) {
    @Nullable KeySlot[][] now = pages;
    int page = number >>> PAGE_BITS;
    @Nullable KeySlot[] slots = page < now.length ? now[page] : null;
    return slots == null ? null : slots[number & (PAGE - 1)];
  }

  void add(int number, KeySlot slot) {
    lock.lock();
    try {
      int page = number >>> PAGE_BITS;
      @Nullable KeySlot[][] now = pages;
      if (page >= now.length) {
        now = Arrays.copyOf(now, Math.max(page + 1, now.length * 2));
        used = Arrays.copyOf(used, now.length);
      }
      if (now[page] == null) {
        now[page] = new KeySlot[PAGE];
      }
      now[page][number & (PAGE - 1)] = slot;
      used[page]++;
      pages = now; // publishes all of the above
    } finally {
      lock.unlock();
    }
  }

  void remove(int number) {
    lock.lock();
    try {
      if (get(number) != null) {
        int page = number >>> PAGE_BITS;
        @Nullable KeySlot[][] now = pages;
        now[page][number & (PAGE - 1)] = null;
        used[page]--;
        if (used[page] == 0) {
          now[page] = null;
        }
        pages = now;
      }
    } finally {
      lock.unlock();
    }
  }
}
