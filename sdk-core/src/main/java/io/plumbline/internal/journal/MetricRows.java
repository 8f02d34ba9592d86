package io.plumbline.internal.journal;

/** The rows of a METRICS frame: key, step delta, time delta, value. */
final class MetricRows {
  /** The most bytes that one row takes. */
  static final int MAX_ROW = 5 + 10 + 10 + 8;

  private MetricRows() {}

  /** Reads the rows of one frame. */
  static void read(byte[] b, int from, int to, int count, WriterLog.Visitor visitor) {
    int at = from;
    long step = 0;
    long time = 0;
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
      visitor.point((int) key, Double.longBitsToDouble((long) Frames.LONG.get(b, at)), step, time);
      at += 8;
    }
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
