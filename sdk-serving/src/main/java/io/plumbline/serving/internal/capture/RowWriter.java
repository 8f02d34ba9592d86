package io.plumbline.serving.internal.capture;

import io.plumbline.drift.Profile;
import io.plumbline.drift.ProfileCounter;
import io.plumbline.drift.log.LogColumn;
import io.plumbline.drift.log.LogSchema;
import io.plumbline.drift.log.PredictionLogWriter;
import io.plumbline.drift.log.RowBatch;
import io.plumbline.drift.log.SystemColumn;
import io.plumbline.serving.internal.PrivacyRule;
import io.plumbline.serving.internal.VersionFacts;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Takes one version's rows out of their slots: has them counted into the profile, and writes them
 * into the log as the privacy of each column allows. For the consumer's thread.
 */
final class RowWriter {
  private final RowLayout layout;
  private final LogSchema schema;
  private final Outputs outputs;
  private final RowTexts texts;
  private final SlotReader reader;
  private final @Nullable RowCounter counter;
  private final @Nullable VersionWindows windows;
  private final int[] columns;
  private final LogColumn.@Nullable Kind[] kinds;
  private final PrivacyRule[] privacy;
  private final @Nullable PrivacyRule entity;
  private final Digests digests;
  private final int[] usual;
  private final int bulk;

  /**
   * Makes one.
   *
   * @param windows that rows are counted into; null if the version has no profile
   */
  RowWriter(
      RowLayout layout,
      CaptureOptions options,
      @Nullable String alias,
      Digests digests,
      @Nullable VersionWindows windows) {
    this.layout = layout;
    this.entity = options.entity();
    this.digests = digests;
    this.reader = new SlotReader(layout);
    VersionFacts facts = layout.facts;
    this.outputs = new Outputs(facts, options);
    this.schema = LogSchemas.of(facts, options, alias, outputs);
    this.columns = new int[layout.cells];
    this.kinds = new LogColumn.Kind[layout.cells];
    this.privacy = new PrivacyRule[layout.cells];
    for (int cell = 0; cell < layout.cells; cell++) {
      String name = layout.columns.get(cell).name();
      boolean embedding = layout.kind(cell) == RowLayout.Cell.EMBEDDING;
      columns[cell] = embedding ? schema.position(name) : schema.positionOfFeature(name);
      kinds[cell] = columns[cell] < 0 ? null : schema.columns().get(columns[cell]).kind();
      privacy[cell] = options.privacy(name);
    }
    Profile profile = facts.profile();
    ProfileCounter positions = profile == null ? null : profile.counter();
    this.texts = new RowTexts(layout, codes(profile, positions));
    outputs.bind(schema, profile, positions);
    this.windows = windows;
    this.counter =
        profile == null || positions == null || windows == null
            ? null
            : new RowCounter(layout, profile, positions, outputs, texts, windows);
    this.usual =
        Stream.of(SystemColumn.ALIAS, SystemColumn.ENDPOINT, SystemColumn.HOST)
            .mapToInt(SystemColumn::position)
            .filter(column -> !schema.columns().get(column).categories().isEmpty())
            .toArray();
    this.bulk = bulk();
  }

  private @Nullable TextCodes[] codes(
      @Nullable Profile profile, @Nullable ProfileCounter categories) {
    @Nullable TextCodes[] codes = new TextCodes[layout.cells];
    for (int cell = 0; cell < layout.cells; cell++) {
      if (layout.kind(cell) == RowLayout.Cell.TEXT) {
        String name = layout.columns.get(cell).name();
        boolean counted = profile != null && RowCounter.isCategorical(profile, name);
        boolean plain = columns[cell] >= 0 && privacy[cell].label().isEmpty();
        codes[cell] =
            new TextCodes(
                plain ? schema.columns().get(columns[cell]) : null,
                counted ? categories : null,
                name);
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

  /**
   * Looks up what the texts of rows are, before they are counted and written.
   *
   * @param slot the first one's; the others are in those behind it
   * @param count how many; all of this version and of the same minute
   */
  void look(Ring ring, int slot, int count) {
    texts.look(ring, slot, count);
  }

  /** Counts the rows that were looked up last. */
  void count(Ring ring, int slot, int count) {
    if (counter != null) {
      counter.count(ring, slot, count);
    }
  }

  /** Reads a row. */
  SlotReader read(Ring ring, int slot) {
    return reader.move(ring, slot);
  }

  /**
   * Writes the row that is read.
   *
   * @param index its place among those that were looked up last
   */
  void write(int index, PredictionLogWriter log, double share) {
    RowBatch row = log.row(schema, reader.micros());
    try {
      fill(row, index, share);
      row.endRow();
    } catch (Throwable e) {
      row.abandonRow(); // the next one must not inherit anything
      throw e;
    }
  }

  private void fill(RowBatch row, int index, double share) {
    system(row, share);
    int cells = reader.has(RowLayout.NAMED) ? layout.cells : layout.inputs;
    int first = reader.has(RowLayout.BY_POSITION) ? bulk : 0;
    if (first > 0) {
      row.setDoubles(columns[0], reader.doubles(), reader.firstInput(), first);
    }
    for (int cell = first; cell < cells; cell++) {
      int column = columns[cell];
      if (column >= 0 && reader.isSet(cell)) {
        set(row, column, cell, index);
      }
    }
    if (reader.has(RowLayout.PREDICTED)) {
      outputs.write(row, reader);
    }
  }

  private void system(RowBatch row, double share) {
    set(row, SystemColumn.REQUEST_ID, RowLayout.REQUEST_ID);
    if (reader.role() != 0) {
      row.setCategory(SystemColumn.ROLE.position(), reader.role());
    }
    if (reader.outcome() != 0) {
      row.setCategory(SystemColumn.STATUS.position(), reader.outcome());
    }
    if (reader.latency() >= 0) {
      row.setLong(SystemColumn.LATENCY_US.position(), reader.latency());
    }
    if (share < 1) {
      row.setDouble(SystemColumn.SAMPLE_RATE.position(), share);
    }
    for (int column : usual) {
      row.setCategory(column, 0);
    }
    if (reader.has(RowLayout.HAS_TRACE)) {
      set(row, SystemColumn.TRACE_ID, RowLayout.TRACE);
    }
    if (reader.has(RowLayout.HAS_SLICE)) {
      set(row, SystemColumn.SLICE, RowLayout.SLICE);
    }
    PrivacyRule allowed = entity;
    if (reader.has(RowLayout.HAS_ENTITY) && allowed != null && !allowed.drops()) {
      String whom = reader.requestText(RowLayout.ENTITY).toString();
      row.setText(
          SystemColumn.ENTITY_ID.position(),
          allowed.digests() ? digests.of(allowed, whom) : allowed.text(whom));
    }
  }

  private void set(RowBatch row, SystemColumn column, int which) {
    set(row, column.position(), reader.requestText(which));
  }

  private static void set(RowBatch row, int column, SlotText value) {
    row.setText(column, value.array(), value.from(), value.length());
  }

  private void set(RowBatch row, int column, int cell, int index) {
    PrivacyRule allowed = privacy[cell];
    if (allowed.digests()) {
      row.setText(column, digests.of(allowed, reader.print(cell)));
      return;
    }
    switch (layout.kind(cell)) {
      case TEXT -> setText(row, column, cell, index);
      case EMBEDDING -> row.setEmbedding(column, reader.floats(), reader.firstFloat(cell));
      case WHOLE -> row.setLong(column, allowed.whole(reader.whole(cell)));
      case TRUTH -> row.setBoolean(column, reader.truth(cell));
      case NUMBER -> {
        double value = allowed.number(reader.number(cell));
        if (kinds[cell] == LogColumn.Kind.DOUBLE) {
          row.setDouble(column, value);
        } else if (value == (long) value) {
          row.setLong(column, (long) value);
        } // a whole number that is missing, or is none, is null
      }
    }
  }

  private void setText(RowBatch row, int column, int cell, int index) {
    int code = texts.logged(cell, index);
    if (code >= 0) {
      row.setCategory(column, code);
    } else if (privacy[cell].label().isEmpty()) {
      set(row, column, reader.text(cell));
    } else {
      row.setText(column, privacy[cell].text(reader.text(cell).toString()));
    }
  }
}
