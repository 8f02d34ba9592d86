package io.plumbline.serving.internal.capture;

import io.plumbline.drift.Profile;
import io.plumbline.drift.ProfileCounter;
import io.plumbline.drift.log.LogColumn;
import io.plumbline.drift.log.LogSchema;
import io.plumbline.drift.log.PredictionLogWriter;
import io.plumbline.drift.log.RowBatch;
import io.plumbline.drift.log.SystemColumn;
import io.plumbline.serving.LogRow;
import io.plumbline.serving.Privacy;
import io.plumbline.serving.internal.VersionFacts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Takes one version's rows out of their slots: counts them into the profile, and writes them into
 * the log as the privacy of each column allows. For the consumer's thread.
 */
final class RowWriter {
  private final RowLayout layout;
  private final LogSchema schema;
  private final Outputs outputs;
  private final int[] columns;
  private final LogColumn.@Nullable Kind[] kinds;
  private final Privacy[] privacy;
  private final int[] counted;
  private final @Nullable VersionWindows windows;
  private final int[] usual;
  private final Map<String, Integer>[] codes;
  private final int bulk;
  private final double[] numbers = new double[CaptureThread.STEP];
  private final double[] rows;
  private final @Nullable Privacy entity;
  private final Digests digests;

  RowWriter(RowLayout layout, CaptureOptions options, @Nullable String alias, Digests digests) {
    this.layout = layout;
    this.entity = options.privacy.get(SystemColumn.ENTITY_ID.columnName());
    this.digests = digests;
    VersionFacts facts = layout.facts;
    this.outputs = new Outputs(facts, options);
    this.schema = LogSchemas.of(facts, options, alias, outputs);
    Profile profile = facts.profile();
    this.windows = profile == null ? null : new VersionWindows(facts.version(), profile, options);
    ProfileCounter counter = profile == null ? null : profile.counter(); // for its positions
    this.rows = new double[CaptureThread.STEP * layout.ring.doubleWidth];
    this.columns = new int[layout.cells];
    this.kinds = new LogColumn.Kind[layout.cells];
    this.privacy = new Privacy[layout.cells];
    this.counted = new int[layout.cells];
    for (int cell = 0; cell < layout.cells; cell++) {
      String name = layout.features.get(cell).name();
      columns[cell] = schema.positionOfFeature(name);
      kinds[cell] = columns[cell] < 0 ? null : schema.columns().get(columns[cell]).kind();
      privacy[cell] = options.privacy(name);
      counted[cell] = counter == null || !has(profile, name) ? -1 : counter.column(name);
    }
    outputs.bind(schema, counter, profile);
    this.usual =
        Stream.of(SystemColumn.ALIAS, SystemColumn.ENDPOINT, SystemColumn.HOST)
            .mapToInt(SystemColumn::position)
            .filter(column -> !schema.columns().get(column).categories().isEmpty())
            .toArray();
    this.codes = codes(schema, columns, privacy);
    this.bulk = bulk();
  }

  private static boolean has(@Nullable Profile profile, String name) {
    return profile != null && profile.has(name);
  }

  /** The codes of known categories: to find them is faster than to find their bytes. */
  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Map<String, Integer>[] codes(LogSchema schema, int[] columns, Privacy[] privacy) {
    Map<String, Integer>[] codes = new Map[columns.length];
    for (int cell = 0; cell < columns.length; cell++) {
      codes[cell] = new HashMap<>();
      if (columns[cell] >= 0 && privacy[cell].label().isEmpty()) {
        List<String> known = schema.columns().get(columns[cell]).categories();
        for (int code = 0; code < known.size(); code++) {
          codes[cell].put(known.get(code), code);
        }
      }
    }
    return codes;
  }

  /** How many of the first inputs are doubles that stand side by side in the log, as they are. */
  private int bulk() {
    int cell = 0;
    while (cell < layout.inputs
        && columns[cell] >= 0
        && columns[cell] == columns[0] + cell
        && kinds[cell] == LogColumn.Kind.DOUBLE
        && layout.kind(cell) == RowLayout.Cell.NUMBER
        && privacy[cell].label().isEmpty()) {
      cell++;
    }
    return cell;
  }

  @Nullable VersionWindows windows() {
    return windows;
  }

  // ---- a slot's parts

  static long header(Ring ring, int slot, int what) {
    return ring.longs[slot * ring.longWidth + what];
  }

  static boolean failed(long flags) {
    return (flags >> RowLayout.OUTCOME_AT & 15) != RowLayout.code(LogRow.Outcome.OK);
  }

  static @Nullable String text(Ring ring, int slot, int which) {
    return ring.texts[slot * ring.textWidth + which];
  }

  private boolean isNamed(Ring ring, int slot, long flags, int cell) {
    return (flags & RowLayout.NAMED) != 0
        && (ring.longs[slot * ring.longWidth + RowLayout.HEADER + (cell >> 6)] >>> cell & 1) != 0;
  }

  private boolean isSet(Ring ring, int slot, long flags, int cell) {
    return (flags & RowLayout.BY_POSITION) != 0
            && cell < layout.inputs
            && layout.kind(cell) != RowLayout.Cell.TEXT
        || isNamed(ring, slot, flags, cell);
  }

  private long whole(Ring ring, int slot, int cell) {
    return ring.longs[slot * ring.longWidth + RowLayout.HEADER + layout.maskWords + cell];
  }

  private String cellText(Ring ring, int slot, int cell) {
    String text = text(ring, slot, RowLayout.REQUEST + cell);
    return text == null ? "" : text;
  }

  // ---- counting

  /**
   * Counts rows into the profile, whether they will be logged or not. Column by column: a column's
   * bins stay in the processor's cache.
   *
   * @param first the sequence of the first row
   * @param count how many; all of this version and of the same minute, in slots side by side
   */
  void count(Ring ring, long first, int count) {
    VersionWindows into = windows;
    if (into == null) {
      return;
    }
    ProfileCounter all = into.counter(header(ring, ring.slot(first), RowLayout.MICROS));
    if (all != null) {
      count(ring, first, count, all);
    }
    for (long row = first; row < first + count; row++) {
      int slot = ring.slot(row);
      String slice = text(ring, slot, RowLayout.SLICE);
      if (slice != null) {
        ProfileCounter own = into.counter(header(ring, slot, RowLayout.MICROS), slice);
        if (own != null) {
          count(ring, row, 1, own);
        }
      }
    }
  }

  private void count(Ring ring, long first, int count, ProfileCounter into) {
    // In one go from the cache of who has filled it into that of this thread.
    int width = ring.doubleWidth;
    System.arraycopy(ring.doubles, ring.slot(first) * width, rows, 0, count * width);
    boolean byPosition = true;
    for (long row = first; row < first + count; row++) {
      byPosition &= (header(ring, ring.slot(row), RowLayout.FLAGS) & RowLayout.BY_POSITION) != 0;
    }
    for (int cell = 0; cell < layout.cells; cell++) {
      if (counted[cell] < 0) {
        continue;
      }
      if (byPosition && cell < layout.inputs && layout.kind(cell) == RowLayout.Cell.NUMBER) {
        for (int i = 0, at = cell; i < count; i++, at += ring.doubleWidth) {
          numbers[i] = rows[at];
        }
        into.countAll(counted[cell], numbers, 0, count);
      } else {
        count(ring, first, count, cell, into);
      }
    }
    for (long row = first; row < first + count; row++) {
      int slot = ring.slot(row);
      boolean predicted = (header(ring, slot, RowLayout.FLAGS) & RowLayout.PREDICTED) != 0;
      outputs.count(into, ring, slot * ring.doubleWidth + layout.cells, predicted);
    }
  }

  private void count(Ring ring, long first, int count, int cell, ProfileCounter into) {
    int column = counted[cell];
    RowLayout.Cell kind = layout.kind(cell);
    for (long row = first; row < first + count; row++) {
      int slot = ring.slot(row);
      int at = slot * ring.doubleWidth + cell;
      if (!isSet(ring, slot, header(ring, slot, RowLayout.FLAGS), cell)) {
        into.countMissing(column);
        continue;
      }
      switch (kind) {
        case NUMBER -> into.count(column, ring.doubles[at]);
        case TRUTH -> into.countBoolean(column, ring.doubles[at] != 0);
        case WHOLE -> into.count(column, (double) whole(ring, slot, cell));
        case TEXT -> into.countText(column, cellText(ring, slot, cell));
      }
    }
  }

  // ---- writing

  /** Writes a row. */
  void write(Ring ring, int slot, PredictionLogWriter log, double share) {
    long flags = header(ring, slot, RowLayout.FLAGS);
    RowBatch row = log.row(schema, header(ring, slot, RowLayout.MICROS));
    system(row, ring, slot, flags, share);
    int at = slot * ring.doubleWidth;
    int cells = (flags & RowLayout.NAMED) == 0 ? layout.inputs : layout.cells;
    int first = (flags & RowLayout.BY_POSITION) == 0 ? 0 : bulk;
    if (first > 0) {
      row.setDoubles(columns[0], ring.doubles, at, first);
    }
    for (int cell = first; cell < cells; cell++) {
      int column = columns[cell];
      if (column >= 0 && isSet(ring, slot, flags, cell)) {
        set(row, column, ring, slot, at + cell, cell);
      }
    }
    if ((flags & RowLayout.PREDICTED) != 0) {
      outputs.write(row, ring, at + layout.cells);
    }
    row.endRow();
  }

  private void system(RowBatch row, Ring ring, int slot, long flags, double share) {
    String id = text(ring, slot, RowLayout.REQUEST_ID);
    row.setText(SystemColumn.REQUEST_ID.position(), id == null ? "" : id);
    int role = (int) (flags >> RowLayout.ROLE_AT & 15);
    if (role != 0) {
      row.setCategory(SystemColumn.ROLE.position(), role);
    }
    int outcome = (int) (flags >> RowLayout.OUTCOME_AT & 15);
    if (outcome != 0) {
      row.setCategory(SystemColumn.STATUS.position(), outcome);
    }
    long latency = header(ring, slot, RowLayout.LATENCY);
    if (latency >= 0) {
      row.setLong(SystemColumn.LATENCY_US.position(), latency);
    }
    if (share < 1) {
      row.setDouble(SystemColumn.SAMPLE_RATE.position(), share);
    }
    for (int column : usual) {
      row.setCategory(column, 0);
    }
    optional(row, SystemColumn.TRACE_ID, text(ring, slot, RowLayout.TRACE));
    optional(row, SystemColumn.SLICE, text(ring, slot, RowLayout.SLICE));
    String whom = text(ring, slot, RowLayout.ENTITY);
    Privacy allowed = entity;
    if (whom != null && allowed != null && !allowed.drops()) {
      row.setText(
          SystemColumn.ENTITY_ID.position(),
          allowed.digests() ? digests.of(allowed, whom) : allowed.text(whom));
    }
  }

  private static void optional(RowBatch row, SystemColumn column, @Nullable String value) {
    if (value != null) {
      row.setText(column.position(), value);
    }
  }

  private void set(RowBatch row, int column, Ring ring, int slot, int at, int cell) {
    Privacy allowed = privacy[cell];
    if (allowed.digests()) {
      row.setText(column, digests.of(allowed, plainText(ring, slot, at, cell)));
      return;
    }
    LogColumn.Kind kind = kinds[cell];
    switch (layout.kind(cell)) {
      case TEXT -> {
        String text = cellText(ring, slot, cell);
        Integer code = codes[cell].get(text);
        if (code == null) {
          row.setText(column, allowed.text(text));
        } else {
          row.setCategory(column, code);
        }
      }
      case WHOLE -> row.setLong(column, allowed.whole(whole(ring, slot, cell)));
      case TRUTH -> row.setBoolean(column, ring.doubles[at] != 0);
      case NUMBER -> {
        double value = allowed.number(ring.doubles[at]);
        if (kind == LogColumn.Kind.DOUBLE) {
          row.setDouble(column, value);
        } else if (value == (long) value) {
          row.setLong(column, (long) value);
        } // a whole number that is missing, or is none, is null
      }
    }
  }

  private String plainText(Ring ring, int slot, int at, int cell) {
    return switch (layout.kind(cell)) {
      case TEXT -> cellText(ring, slot, cell);
      case WHOLE -> Long.toString(whole(ring, slot, cell));
      case TRUTH -> Boolean.toString(ring.doubles[at] != 0);
      case NUMBER -> {
        double value = ring.doubles[at];
        yield value == (long) value ? Long.toString((long) value) : Double.toString(value);
      }
    };
  }
}
