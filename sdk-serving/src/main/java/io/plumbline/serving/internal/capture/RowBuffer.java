package io.plumbline.serving.internal.capture;

import io.plumbline.serving.LogRow;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A row while it is filled: with copies only, since to keep a reference costs more than to copy the
 * few values behind it (see {@link Ring}).
 */
final class RowBuffer implements LogRow {
  /** There is no text. */
  private static final long NONE = -1;

  /** Texts that were set twice take room twice. */
  private static final int MOST_CHARS =
      4 * RowLayout.LONGEST_REQUEST_TEXT + 2 * RowLayout.MOST_TEXT;

  private final Capture capture;
  private final int place;
  private RowLayout layout;

  // By position, and by name, which wins.
  private double[] given = {};
  private double[] doubles = {};
  private double[] outputs = {};
  private long[] mask = {};
  private long[] wholes = {};
  private float[] floats = {};

  // All texts one behind the other, and where each of them stands.
  private char[] chars = new char[256];
  private int used;
  private long[] ranges = {};
  private long id = NONE;
  private long entity;
  private long trace;
  private long slice;

  private long flags;
  private boolean wrong;
  private boolean oversize;
  private int textLength;
  private long micros = RowLayout.NOW;
  private @Nullable Thread owner;
  private long latency = -1;

  /**
   * Makes a buffer.
   *
   * @param place where the capture keeps it; -1 if it is used once
   */
  RowBuffer(Capture capture, RowLayout layout, int place) {
    this.capture = capture;
    this.place = place;
    this.layout = layout;
    fit();
  }

  int place() {
    return place;
  }

  RowLayout layout() {
    return layout;
  }

  /** Begins a row. */
  RowBuffer begin(RowLayout of, String requestId) {
    if (layout != of) {
      layout = of;
      fit();
    }
    owner = Thread.currentThread();
    id = text(requestId, RowLayout.LONGEST_REQUEST_TEXT);
    return this;
  }

  private void fit() {
    given = room(given, layout.inputs);
    doubles = room(doubles, layout.cells);
    outputs = room(outputs, layout.outputs);
    mask = room(mask, layout.maskWords);
    wholes = room(wholes, layout.wholes);
    ranges = room(ranges, layout.texts);
    floats = floats.length < layout.floats ? new float[layout.floats] : floats;
  }

  private static double[] room(double[] has, int needs) {
    return has.length < needs ? new double[needs] : has;
  }

  private static long[] room(long[] has, int needs) {
    return has.length < needs ? new long[needs] : has;
  }

  private void clear() {
    if ((flags & RowLayout.NAMED) != 0) {
      Arrays.fill(mask, 0);
    }
    id = NONE;
    flags = 0;
    used = 0;
    textLength = 0;
    wrong = false;
    oversize = false;
    micros = RowLayout.NOW;
    owner = null;
    latency = -1;
  }

  /** Copies a text, and returns where it stands; what is too long makes the row too large. */
  private long text(String value, int longest) {
    int length = value.length();
    if (length > longest || used + length > MOST_CHARS) {
      oversize = true;
      return RowLayout.range(0, 0);
    }
    int from = used;
    if (from + length > chars.length) {
      chars = Arrays.copyOf(chars, Math.max(from + length, 2 * chars.length));
    }
    value.getChars(0, length, chars, from);
    used = from + length;
    return RowLayout.range(from, length);
  }

  // ---- filling

  /**
   * Whether nothing can be set: the row was committed, and this buffer is perhaps another thread's
   * row by now; or the value is null, which is as good as missing.
   */
  private boolean isOver(@Nullable Object value) {
    return owner != Thread.currentThread() || value == null;
  }

  @Override
  public LogRow features(double[] values) {
    if (isOver(values)) {
      return this;
    }
    if (values.length == layout.inputs) {
      System.arraycopy(values, 0, given, 0, values.length);
      flags |= RowLayout.BY_POSITION;
    } else {
      wrong = true;
    }
    return this;
  }

  @Override
  public LogRow features(float[] values) {
    if (isOver(values)) {
      return this;
    }
    if (values.length == layout.inputs) {
      for (int i = 0; i < values.length; i++) {
        given[i] = values[i];
      }
      flags |= RowLayout.BY_POSITION;
    } else {
      wrong = true;
    }
    return this;
  }

  @Override
  public LogRow features(Map<String, ? extends @Nullable Object> values) {
    if (isOver(values)) {
      return this;
    }
    values.forEach(this::setAny);
    return this;
  }

  private void setAny(String column, @Nullable Object value) {
    if (value instanceof Double || value instanceof Float) {
      set(column, ((Number) value).doubleValue());
    } else if (value instanceof Number whole) {
      set(column, whole.longValue());
    } else if (value instanceof Boolean truth) {
      set(column, (boolean) truth);
    } else if (value instanceof CharSequence text) {
      set(column, text.toString());
    } else if (value instanceof float[] embedding) {
      set(column, embedding);
    } else if (value != null) {
      capture.unknown(layout, column);
    }
  }

  private void mark(int cell) {
    mask[cell >> 6] |= 1L << cell;
    flags |= RowLayout.NAMED;
  }

  private void number(int cell, double value) {
    doubles[cell] = value;
    mark(cell);
  }

  @Override
  public LogRow set(String column, double value) {
    if (isOver(column)) {
      return this;
    }
    int cell = layout.cell(column);
    RowLayout.Cell kind = cell < 0 ? RowLayout.Cell.TEXT : layout.kind(cell);
    if (kind == RowLayout.Cell.WHOLE && value == (long) value) {
      return set(column, (long) value);
    }
    if (kind == RowLayout.Cell.NUMBER
        || kind == RowLayout.Cell.TRUTH && (value == 0 || value == 1)) {
      number(cell, value);
    } else {
      capture.unknown(layout, column);
    }
    return this;
  }

  @Override
  public LogRow set(String column, long value) {
    if (isOver(column)) {
      return this;
    }
    int cell = layout.cell(column);
    if (cell >= 0 && layout.kind(cell) == RowLayout.Cell.WHOLE) {
      wholes[layout.place(cell)] = value;
      mark(cell);
      return this;
    }
    return set(column, (double) value);
  }

  @Override
  public LogRow set(String column, boolean value) {
    return set(column, value ? 1.0 : 0.0);
  }

  @Override
  public LogRow set(String column, String value) {
    if (isOver(value)) {
      return this;
    }
    int cell = layout.cell(column);
    if (cell < 0 || layout.kind(cell) != RowLayout.Cell.TEXT) {
      capture.unknown(layout, column);
      return this;
    }
    String kept = capture.cut(value, capture.longestText());
    textLength += kept.length();
    ranges[layout.place(cell)] = text(kept, capture.longestText());
    mark(cell);
    return this;
  }

  @Override
  public LogRow set(String column, float[] value) {
    if (isOver(value)) {
      return this;
    }
    int cell = layout.cell(column);
    if (cell < 0
        || layout.kind(cell) != RowLayout.Cell.EMBEDDING
        || layout.columns.get(cell).length() != value.length) {
      capture.unknown(layout, column);
      return this;
    }
    System.arraycopy(value, 0, floats, layout.place(cell), value.length);
    mark(cell);
    return this;
  }

  @Override
  public LogRow prediction(double[] values) {
    if (isOver(values)) {
      return this;
    }
    if (values.length >= layout.outputs) {
      System.arraycopy(values, 0, outputs, 0, layout.outputs);
      flags |= RowLayout.PREDICTED;
    } else {
      wrong = true;
    }
    return this;
  }

  @Override
  public LogRow prediction(double output) {
    if (isOver(this)) {
      return this;
    }
    if (layout.outputs == 1) {
      outputs[0] = output;
      flags |= RowLayout.PREDICTED;
    } else {
      wrong = true;
    }
    return this;
  }

  @Override
  public LogRow at(Instant time) {
    if (isOver(time)) {
      return this;
    }
    try {
      micros =
          Math.addExact(
              Math.multiplyExact(time.getEpochSecond(), 1_000_000), time.getNano() / 1_000);
      wrong |= micros < Capture.FIRST_MICROS || micros > Capture.LAST_MICROS;
    } catch (ArithmeticException e) {
      wrong = true;
    }
    return this;
  }

  @Override
  public LogRow entity(String name) {
    if (isOver(name)) {
      return this;
    }
    entity = requestText(name, RowLayout.HAS_ENTITY);
    return this;
  }

  @Override
  public LogRow role(Role value) {
    if (isOver(value)) {
      return this;
    }
    code(RowLayout.ROLE_AT, RowLayout.code(value));
    return this;
  }

  @Override
  public LogRow outcome(Outcome value) {
    if (isOver(value)) {
      return this;
    }
    code(RowLayout.OUTCOME_AT, RowLayout.code(value));
    return this;
  }

  private void code(int at, long code) {
    flags = flags & ~(15L << at) | code << at;
  }

  private long requestText(String value, long flag) {
    flags |= flag;
    return text(capture.cut(value, RowLayout.LONGEST_REQUEST_TEXT), RowLayout.LONGEST_REQUEST_TEXT);
  }

  @Override
  public LogRow latency(Duration time) {
    if (isOver(time)) {
      return this;
    }
    long taken = TimeUnit.SECONDS.toMicros(time.getSeconds()) + time.getNano() / 1_000;
    latency = Math.max(0, Math.min(Integer.MAX_VALUE, taken));
    return this;
  }

  @Override
  public LogRow trace(String value) {
    if (isOver(value)) {
      return this;
    }
    trace = requestText(value, RowLayout.HAS_TRACE);
    return this;
  }

  @Override
  public LogRow slice(String name) {
    if (isOver(name) || name.isEmpty()) {
      return this; // the empty name is that of all rows
    }
    slice = requestText(name, RowLayout.HAS_SLICE);
    return this;
  }

  // ---- handing over

  @Override
  public boolean commit() {
    if (id == NONE || owner != Thread.currentThread()) {
      return capture.refuse("a row was committed twice");
    }
    try {
      if (wrong) {
        return capture.refuse("a row has another number of features or outputs than its model");
      }
      if (oversize || textLength > RowLayout.MOST_TEXT) {
        return capture.oversize();
      }
      Ring ring = layout.ring;
      char[] spilled = used > ring.charWidth ? Arrays.copyOf(chars, used) : null;
      long sequence = capture.claim(ring);
      if (sequence == Ring.FULL) {
        return false;
      }
      copy(ring, ring.slot(sequence), spilled); // nothing may fail until it is published
      ring.publish(sequence);
      return true;
    } finally {
      clear();
      capture.giveBack(this);
    }
  }

  private void copy(Ring ring, int slot, char @Nullable [] spilled) {
    if (spilled == null) {
      System.arraycopy(chars, 0, ring.chars, slot * ring.charWidth, used);
    } else {
      ring.spill(slot, spilled);
      flags |= RowLayout.SPILLED;
    }
    int to = slot * ring.doubleWidth;
    if ((flags & RowLayout.BY_POSITION) != 0) {
      System.arraycopy(given, 0, ring.doubles, to, layout.inputs);
    }
    if ((flags & RowLayout.NAMED) != 0) {
      copyNamed(ring, slot);
    }
    if ((flags & RowLayout.PREDICTED) != 0) {
      System.arraycopy(outputs, 0, ring.doubles, to + layout.cells, layout.outputs);
    }
    layout.header(slot, micros, flags, latency, id);
    int longs = slot * ring.longWidth;
    ring.longs[longs + RowLayout.ENTITY] = entity;
    ring.longs[longs + RowLayout.TRACE] = trace;
    ring.longs[longs + RowLayout.SLICE] = slice;
  }

  private void copyNamed(Ring ring, int slot) {
    int byPosition = (flags & RowLayout.BY_POSITION) == 0 ? 0 : layout.inputs;
    int to = slot * ring.doubleWidth;
    System.arraycopy(doubles, byPosition, ring.doubles, to + byPosition, layout.cells - byPosition);
    for (int word = 0, cell = 0; cell < byPosition; word++, cell += Long.SIZE) {
      for (long bits = mask[word]; bits != 0; bits &= bits - 1) {
        int named = cell + Long.numberOfTrailingZeros(bits);
        ring.doubles[to + named] = doubles[named]; // a name wins over its position
      }
    }
    int longs = slot * ring.longWidth;
    System.arraycopy(mask, 0, ring.longs, longs + RowLayout.HEADER, layout.maskWords);
    System.arraycopy(wholes, 0, ring.longs, longs + layout.firstWhole, layout.wholes);
    System.arraycopy(ranges, 0, ring.longs, longs + layout.firstText, layout.texts);
    System.arraycopy(floats, 0, ring.floats, slot * ring.floatWidth, layout.floats);
  }
}
