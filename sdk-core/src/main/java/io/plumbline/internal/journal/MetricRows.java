package io.plumbline.internal.journal;

import java.util.BitSet;

/** The rows of a METRICS frame: key, step delta, time delta, value. */
final class MetricRows {
  /** The most bytes that one row takes. */
  static final int MAX_ROW = 5 + 10 + 10 + 8;

  private MetricRows() {}

  /**
   * Reads the rows of one frame.
   *
   * @param known which keys were announced; points of others are skipped
   * @return how many points were skipped
   * @throws IndexOutOfBoundsException if the rows are not what the frame's header says
   */
  static int read(byte[] b, int from, int to, int count, BitSet known, WriterLog.Visitor visitor) {
    int at = from;
    int unknown = 0;
    long step = 0;
    long time = 0;
    long lastKnown = -1;
    for (int i = 0; i < count; i++) {
      // Each of the three is one byte nearly always; the long form is kept out of the loop.
      long key = b[at++];
      if (key < 0) {
        key = varint(b, at - 1);
        at = end(b, at - 1);
      }
      long delta = b[at++];
      if (delta < 0) {
        delta = varint(b, at - 1);
        at = end(b, at - 1);
      }
      step += Frames.unzigzag(delta);
      delta = b[at++];
      if (delta < 0) {
        delta = varint(b, at - 1);
        at = end(b, at - 1);
      }
      time += Frames.unzigzag(delta);
      if (at + 8 > to) {
        throw new IndexOutOfBoundsException("row " + i + " of " + count + " is cut off");
      }
      if (key == lastKnown || (key == (int) key && key >= 0 && known.get((int) key))) {
        lastKnown = key;
        visitor.point(
            (int) key, Double.longBitsToDouble((long) Frames.LONG.get(b, at)), step, time);
      } else {
        unknown++;
      }
      at += 8;
    }
    if (at != to) {
      throw new IndexOutOfBoundsException(to - at + " bytes stand behind the last of " + count);
    }
    return unknown;
  }

  private static long varint(byte[] b, int from) {
    long value = 0;
    int at = from;
    for (int shift = 0; shift < 64; shift += 7) {
      byte next = b[at++];
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IndexOutOfBoundsException("a number has more than ten bytes");
  }

  private static int end(byte[] b, int from) {
    int at = from;
    while (b[at] < 0) {
      at++;
    }
    return at + 1;
  }
}
