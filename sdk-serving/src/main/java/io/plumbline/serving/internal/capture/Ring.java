package io.plumbline.serving.internal.capture;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The slots in which rows wait for the one thread that writes them. A slot is claimed, filled and
 * published; nothing is allocated, and nobody waits: without a free slot there is no claim.
 *
 * <p>All slots have the same number of doubles, longs, floats and characters, in one array each.
 * Plain values only: a reference that is stored into an old array costs a memory fence, and that
 * waits until the other processor has given up the lines of the slot. Texts that are too long for a
 * slot are the exception.
 */
final class Ring {
  /** No slot is free. */
  static final long FULL = -1;

  private static final int MOST_SLOTS = 8_192;
  private static final int FEWEST_SLOTS = 16;

  /** Set in the tail of a ring in which nobody may claim a slot any more. */
  private static final long SEALED = 1L << 62;

  private static final VarHandle TAIL;
  private static final VarHandle HEAD;
  private static final VarHandle SEEN;
  private static final VarHandle PUBLISHED = MethodHandles.arrayElementVarHandle(long[].class);

  static {
    try {
      TAIL = MethodHandles.lookup().findVarHandle(Tail.class, "tail", long.class);
      SEEN = MethodHandles.lookup().findVarHandle(Tail.class, "headSeen", long.class);
      HEAD = MethodHandles.lookup().findVarHandle(Head.class, "head", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** What producers write, on cache lines of its own. */
  private static final class Tail {
    @SuppressWarnings("unused")
    private long p1, p2, p3, p4, p5, p6, p7;

    private volatile long tail;

    /** Up to where the head was when it was looked at last: it may be further. */
    private volatile long headSeen;

    @SuppressWarnings("unused")
    private long q1, q2, q3, q4, q5, q6;
  }

  /** What the consumer writes. */
  private static final class Head {
    @SuppressWarnings("unused")
    private long p1, p2, p3, p4, p5, p6, p7;

    private volatile long head;

    @SuppressWarnings("unused")
    private long q1, q2, q3, q4, q5, q6, q7;
  }

  final double[] doubles;
  final long[] longs;
  final float[] floats;
  final char[] chars;
  final int doubleWidth;
  final int longWidth;
  final int floatWidth;
  final int charWidth;
  private final char[] @Nullable [] spilled;
  private final Widths widths;
  private final long[] published;
  private final int mask;
  private final Tail tail = new Tail();
  private final Head head = new Head();

  /**
   * Makes a ring of as many slots as fit into the memory, up to 8,192.
   *
   * @param memory bytes for all slots, with texts of the greatest length
   * @throws IllegalArgumentException if not even sixteen slots fit
   */
  Ring(Widths widths, long memory) {
    long slotBytes = widths.bytes();
    long fitting = Math.min(MOST_SLOTS, memory / slotBytes);
    if (fitting < FEWEST_SLOTS) {
      throw new IllegalArgumentException(
          "a row of the prediction log takes up to "
              + slotBytes
              + " bytes, so "
              + FEWEST_SLOTS
              + " of them do not fit into a memory of "
              + memory
              + " bytes; give the logger "
              + FEWEST_SLOTS * slotBytes
              + " at least, or a smaller longestText");
    }
    int slots = (int) Long.highestOneBit(fitting);
    this.mask = slots - 1;
    this.doubleWidth = widths.doubles();
    this.longWidth = widths.longs();
    this.floatWidth = widths.floats();
    this.charWidth = widths.chars();
    this.widths = widths;
    this.doubles = new double[Math.multiplyExact(slots, doubleWidth)];
    this.longs = new long[Math.multiplyExact(slots, longWidth)];
    this.floats = new float[Math.multiplyExact(slots, floatWidth)];
    this.chars = new char[Math.multiplyExact(slots, charWidth)];
    this.spilled = new char[slots][];
    this.published = new long[slots];
  }

  /**
   * How wide the slots are.
   *
   * @param chars how many characters stand in the slot itself
   * @param most how many the texts of a row may have
   */
  record Widths(int doubles, int longs, int floats, int chars, int most) {
    private static final int REFERENCE = 8;
    private static final int ARRAY = 16;

    long bytes() {
      long own = 8L * (doubles + longs + 1) + 4L * floats + 2L * chars + REFERENCE;
      return most > chars ? own + ARRAY + 2L * most : own;
    }

    /** Whether slots of this width have room for rows of another. */
    boolean fit(Widths row) {
      return or(row).equals(this);
    }

    /** As wide as the wider one in each part. */
    Widths or(Widths other) {
      return new Widths(
          Math.max(doubles, other.doubles),
          Math.max(longs, other.longs),
          Math.max(floats, other.floats),
          Math.max(chars, other.chars),
          Math.max(most, other.most));
    }
  }

  Widths widths() {
    return widths;
  }

  /** The bytes that the slots take at most, with the texts that wait in them. */
  long bytes() {
    return slots() * widths.bytes();
  }

  int slots() {
    return mask + 1;
  }

  /**
   * Claims a slot: its sequence, or {@link #FULL}, as it always is when the ring is sealed. Who has
   * claimed one must publish it.
   */
  long claim() {
    while (true) {
      long next = tail.tail;
      if (next - tail.headSeen > mask && next - look() > mask) {
        return FULL;
      }
      if (TAIL.weakCompareAndSet(tail, next, next + 1)) {
        return next;
      }
    }
  }

  /** Looks at the head, which costs more, since the consumer has just written it. */
  private long look() {
    long seen = head.head;
    SEEN.setRelease(tail, seen);
    return seen;
  }

  int slot(long sequence) {
    return (int) sequence & mask;
  }

  /** Keeps what a slot has no room for; before the row is published. */
  void spill(int slot, char[] texts) {
    spilled[slot] = texts;
  }

  /** What {@link #spill} has kept. */
  char[] spilled(int slot) {
    char[] texts = spilled[slot];
    return texts == null ? chars : texts;
  }

  /** Forgets what was spilled; before the slot is freed. */
  void forget(int slot) {
    spilled[slot] = null;
  }

  /** Hands a slot to the consumer. */
  void publish(long sequence) {
    PUBLISHED.setRelease(published, slot(sequence), sequence + 1);
  }

  /** Lets nobody claim a slot any more: what is claimed by now is all. */
  void seal() {
    long unused = (long) TAIL.getAndBitwiseOr(tail, SEALED);
  }

  boolean isSealed() {
    return (tail.tail & SEALED) != 0;
  }

  // ---- the consumer

  /** The sequence that comes next. */
  long head() {
    return head.head;
  }

  /** Up to where slots have been claimed. */
  long tail() {
    return tail.tail & ~SEALED;
  }

  boolean isPublished(long sequence) {
    return (long) PUBLISHED.getAcquire(published, slot(sequence)) == sequence + 1;
  }

  /** Gives all slots before a sequence back. */
  void free(long until) {
    HEAD.setRelease(head, until);
  }
}
