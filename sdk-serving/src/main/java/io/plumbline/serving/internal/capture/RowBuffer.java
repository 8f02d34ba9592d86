package io.plumbline.serving.internal.capture;

import io.plumbline.serving.LogRow;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A row while it is filled. It keeps arrays of the caller by reference, and copies them once, into
 * its slot.
 */
final class RowBuffer implements LogRow {
  private final Capture capture;
  private final int place;
  private RowLayout layout;
  private double[] doubles = {};
  private long[] wholes = {};
  private long[] mask = {};
  private @Nullable String[] texts = {};
  private @Nullable String id;
  private @Nullable String entity;
  private @Nullable String trace;
  private @Nullable String slice;
  private double @Nullable [] features;
  private double @Nullable [] prediction;
  private double single;
  private boolean hasSingle;
  private boolean named;
  private boolean wrong;
  private int textLength;
  private long micros;
  private long latency;
  private Role role = Role.PRIMARY;
  private Outcome outcome = Outcome.OK;

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
    id = requestId;
    textLength = 0;
    return this;
  }

  private void fit() {
    if (doubles.length < layout.cells) {
      doubles = new double[layout.cells];
      wholes = new long[layout.cells];
      texts = new String[layout.cells];
      mask = new long[layout.maskWords];
    }
  }

  private void clear() {
    if (named) {
      Arrays.fill(mask, 0);
      Arrays.fill(texts, null);
      named = false;
    }
    id = null;
    entity = null;
    trace = null;
    slice = null;
    features = null;
    prediction = null;
    hasSingle = false;
    wrong = false;
    micros = 0;
    latency = -1;
    role = Role.PRIMARY;
    outcome = Outcome.OK;
  }

  // ---- filling

  @Override
  public LogRow features(double[] values) {
    features = values;
    return this;
  }

  @Override
  public LogRow features(float[] values) {
    wrong |= values.length != layout.inputs;
    for (int i = 0; i < Math.min(values.length, layout.inputs); i++) {
      number(i, values[i]);
    }
    return this;
  }

  @Override
  public LogRow features(Map<String, ? extends @Nullable Object> values) {
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
    } else if (value != null) {
      capture.unknown(column);
    }
  }

  private void mark(int cell) {
    mask[cell >> 6] |= 1L << cell;
    named = true;
  }

  private void number(int cell, double value) {
    doubles[cell] = value;
    mark(cell);
  }

  @Override
  public LogRow set(String column, double value) {
    int cell = layout.cell(column);
    RowLayout.Cell kind = cell < 0 ? RowLayout.Cell.TEXT : layout.kind(cell);
    if (kind == RowLayout.Cell.WHOLE && value == (long) value) {
      return set(column, (long) value);
    }
    if (kind == RowLayout.Cell.NUMBER
        || kind == RowLayout.Cell.TRUTH && (value == 0 || value == 1)) {
      number(cell, value);
    } else {
      capture.unknown(column);
    }
    return this;
  }

  @Override
  public LogRow set(String column, long value) {
    int cell = layout.cell(column);
    if (cell >= 0 && layout.kind(cell) == RowLayout.Cell.WHOLE) {
      wholes[cell] = value;
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
    int cell = layout.cell(column);
    if (cell < 0 || layout.kind(cell) != RowLayout.Cell.TEXT) {
      capture.unknown(column);
      return this;
    }
    String kept = capture.cut(value, capture.longestText());
    textLength += kept.length();
    texts[cell] = kept;
    mark(cell);
    return this;
  }

  @Override
  public LogRow prediction(double[] outputs) {
    prediction = outputs;
    return this;
  }

  @Override
  public LogRow prediction(double output) {
    single = output;
    hasSingle = true;
    return this;
  }

  @Override
  public LogRow at(Instant time) {
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
    entity = capture.cut(name, RowLayout.LONGEST_REQUEST_TEXT);
    return this;
  }

  @Override
  public LogRow role(Role value) {
    role = value;
    return this;
  }

  @Override
  public LogRow outcome(Outcome value) {
    outcome = value;
    return this;
  }

  @Override
  public LogRow latency(Duration time) {
    long taken = TimeUnit.SECONDS.toMicros(time.getSeconds()) + time.getNano() / 1_000;
    latency = Math.max(0, Math.min(Integer.MAX_VALUE, taken));
    return this;
  }

  @Override
  public LogRow trace(String value) {
    trace = capture.cut(value, RowLayout.LONGEST_REQUEST_TEXT);
    return this;
  }

  @Override
  public LogRow slice(String name) {
    slice = capture.cut(name, RowLayout.LONGEST_REQUEST_TEXT);
    return this;
  }

  // ---- handing over

  @Override
  public boolean commit() {
    String requestId = id;
    if (requestId == null) {
      return capture.refuse("a row was committed twice");
    }
    try {
      if (wrong || !fits()) {
        return capture.refuse("a row has another number of features or outputs than its model");
      }
      if (requestId.length() > RowLayout.LONGEST_REQUEST_TEXT || textLength > RowLayout.MOST_TEXT) {
        return capture.oversize();
      }
      Ring ring = layout.ring;
      long sequence = capture.claim(ring);
      if (sequence == Ring.FULL) {
        return false;
      }
      copy(ring, ring.slot(sequence), requestId);
      ring.publish(sequence);
      capture.accepted();
      return true;
    } finally {
      clear();
      capture.giveBack(this);
    }
  }

  /** Nothing may fail between the claim of a slot and its publication. */
  private boolean fits() {
    double[] given = features;
    double[] said = prediction;
    return (given == null || given.length == layout.inputs)
        && (said == null || said.length >= layout.outputs)
        && (!hasSingle || layout.outputs == 1);
  }

  private void copy(Ring ring, int slot, String requestId) {
    double[] given = features;
    int to = slot * ring.doubleWidth;
    long flags = 0;
    if (given != null) {
      System.arraycopy(given, 0, ring.doubles, to, layout.inputs);
      flags |= RowLayout.BY_POSITION;
    }
    if (named) {
      copyNamed(ring, slot, given == null ? 0 : layout.inputs);
      flags |= RowLayout.NAMED;
    }
    double[] said = prediction;
    if (said != null) {
      System.arraycopy(said, 0, ring.doubles, to + layout.cells, layout.outputs);
      flags |= RowLayout.PREDICTED;
    } else if (hasSingle) {
      ring.doubles[to + layout.cells] = single;
      flags |= RowLayout.PREDICTED;
    }
    flags |= (long) RowLayout.code(role) << RowLayout.ROLE_AT;
    flags |= (long) RowLayout.code(outcome) << RowLayout.OUTCOME_AT;
    layout.header(slot, micros, flags, latency);
    int text = slot * ring.textWidth;
    ring.texts[text + RowLayout.REQUEST_ID] = requestId;
    if (entity != null || trace != null || slice != null) {
      ring.texts[text + RowLayout.ENTITY] = entity;
      ring.texts[text + RowLayout.TRACE] = trace;
      ring.texts[text + RowLayout.SLICE] = slice;
    }
  }

  private void copyNamed(Ring ring, int slot, int byPosition) {
    int cells = layout.cells;
    int to = slot * ring.doubleWidth;
    System.arraycopy(doubles, byPosition, ring.doubles, to + byPosition, cells - byPosition);
    for (int cell = 0; cell < byPosition; cell++) {
      if ((mask[cell >> 6] >>> cell & 1) != 0) {
        ring.doubles[to + cell] = doubles[cell]; // a name wins over its position
      }
    }
    int longs = slot * ring.longWidth + RowLayout.HEADER;
    System.arraycopy(mask, 0, ring.longs, longs, layout.maskWords);
    System.arraycopy(wholes, 0, ring.longs, longs + layout.maskWords, cells);
    System.arraycopy(texts, 0, ring.texts, slot * ring.textWidth + RowLayout.REQUEST, cells);
  }
}
