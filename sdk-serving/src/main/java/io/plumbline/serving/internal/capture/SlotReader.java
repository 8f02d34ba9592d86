package io.plumbline.serving.internal.capture;

import io.plumbline.serving.LogRow;
import org.jspecify.annotations.Nullable;

/** Reads the parts of a row in its slot; it is moved from row to row. For one thread. */
final class SlotReader {
  private final RowLayout layout;
  private final SlotText text = new SlotText();
  private Ring ring;
  private int slot;
  private int firstDouble;
  private int firstLong;
  private long flags;

  SlotReader(RowLayout layout) {
    this.layout = layout;
    this.ring = layout.ring;
  }

  SlotReader move(Ring to, int newSlot) {
    ring = to;
    slot = newSlot;
    firstDouble = newSlot * to.doubleWidth;
    firstLong = newSlot * to.longWidth;
    flags = to.longs[firstLong + RowLayout.FLAGS];
    return this;
  }

  /** A part of any row's header, without moving to it. */
  static long header(Ring ring, int slot, int what) {
    return ring.longs[slot * ring.longWidth + what];
  }

  // ---- the request

  long micros() {
    return ring.longs[firstLong + RowLayout.MICROS];
  }

  long latency() {
    return ring.longs[firstLong + RowLayout.LATENCY];
  }

  int role() {
    return (int) (flags >> RowLayout.ROLE_AT & 15);
  }

  int outcome() {
    return (int) (flags >> RowLayout.OUTCOME_AT & 15);
  }

  boolean failed() {
    return outcome() != RowLayout.code(LogRow.Outcome.OK);
  }

  boolean has(long flag) {
    return (flags & flag) != 0;
  }

  /** One of the request's texts, until the next text is asked for. */
  SlotText requestText(int which) {
    return text.move(ring, slot, which);
  }

  /** The row's slice; null if it has none. */
  @Nullable String slice() {
    return has(RowLayout.HAS_SLICE) ? requestText(RowLayout.SLICE).toString() : null;
  }

  // ---- the features and outputs

  boolean isSet(int cell) {
    boolean byPosition = cell < layout.inputs && layout.kind(cell) != RowLayout.Cell.TEXT;
    return byPosition && has(RowLayout.BY_POSITION)
        || has(RowLayout.NAMED)
            && (ring.longs[firstLong + RowLayout.HEADER + (cell >> 6)] >>> cell & 1) != 0;
  }

  double number(int cell) {
    return ring.doubles[firstDouble + cell];
  }

  boolean truth(int cell) {
    return number(cell) != 0;
  }

  long whole(int cell) {
    return ring.longs[firstLong + layout.firstWhole + layout.place(cell)];
  }

  /** A feature's text, until the next text is asked for. */
  SlotText text(int cell) {
    return text.move(ring, slot, layout.firstText + layout.place(cell));
  }

  /** Where the embeddings are. */
  float[] floats() {
    return ring.floats;
  }

  int firstFloat(int cell) {
    return slot * ring.floatWidth + layout.place(cell);
  }

  /** A feature as text, whatever it is but an embedding. */
  String print(int cell) {
    return switch (layout.kind(cell)) {
      case TEXT -> text(cell).toString();
      case WHOLE -> Long.toString(whole(cell));
      case TRUTH -> Boolean.toString(truth(cell));
      case EMBEDDING -> throw new IllegalStateException("an embedding is not printed");
      case NUMBER -> {
        double value = number(cell);
        yield value == (long) value ? Long.toString((long) value) : Double.toString(value);
      }
    };
  }

  /** Where the row's numbers are. */
  double[] doubles() {
    return ring.doubles;
  }

  int firstInput() {
    return firstDouble;
  }

  int firstOutput() {
    return firstDouble + layout.cells;
  }
}
