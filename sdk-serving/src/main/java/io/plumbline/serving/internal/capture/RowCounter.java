package io.plumbline.serving.internal.capture;

import io.plumbline.drift.Profile;
import io.plumbline.drift.ProfileCounter;

/**
 * Counts one version's rows into its profile, whether they will be logged or not. Column by column:
 * a column's bins stay in the processor's cache. For one thread.
 */
final class RowCounter {
  private final RowLayout layout;
  private final Outputs outputs;
  private final RowTexts texts;
  private final VersionWindows windows;
  private final SlotReader reader;

  /** By cell, the profile's column, or -1; and whether it counts texts as categories. */
  private final int[] columns;

  private final boolean[] categorical;
  private final double[] numbers = new double[CaptureThread.STEP];
  private final double[] rows;

  /**
   * Counts the rows of a version.
   *
   * @param counter one of the profile, for its positions
   */
  RowCounter(
      RowLayout layout,
      Profile profile,
      ProfileCounter counter,
      Outputs outputs,
      RowTexts texts,
      VersionWindows to) {
    this.layout = layout;
    this.outputs = outputs;
    this.texts = texts;
    this.windows = to;
    this.reader = new SlotReader(layout);
    this.rows = new double[CaptureThread.STEP * layout.ring.doubleWidth];
    this.columns = new int[layout.cells];
    this.categorical = new boolean[layout.cells];
    for (int cell = 0; cell < layout.cells; cell++) {
      String name = layout.columns.get(cell).name();
      boolean counted = profile.has(name) && layout.kind(cell) != RowLayout.Cell.EMBEDDING;
      columns[cell] = counted ? counter.column(name) : -1;
      boolean text = layout.kind(cell) == RowLayout.Cell.TEXT;
      categorical[cell] = text && isCategorical(profile, name);
    }
  }

  static boolean isCategorical(Profile profile, String name) {
    return profile.has(name) && profile.column(name).kind().categorical();
  }

  /**
   * Counts rows.
   *
   * @param slot the first one's; the others are in those behind it
   * @param count how many; those that were looked up last, all of the same minute
   */
  void count(Ring ring, int slot, int count) {
    ProfileCounter all = windows.counter(reader.move(ring, slot).micros());
    if (all != null) {
      count(ring, slot, 0, count, all);
    } else {
      windows.uncounted(count);
    }
    for (int i = 0; i < count; i++) {
      long flags = SlotReader.header(ring, slot + i, RowLayout.FLAGS);
      String slice =
          (flags & RowLayout.HAS_SLICE) == 0 ? null : reader.move(ring, slot + i).slice();
      if (slice != null) {
        ProfileCounter own = windows.counter(reader.micros(), slice);
        if (own != null) {
          count(ring, slot + i, i, 1, own);
        }
      }
    }
  }

  /** Counts some of the rows that were looked up, from an index among them on. */
  private void count(Ring ring, int slot, int index, int count, ProfileCounter into) {
    // In one go from the cache of who has filled it into that of this thread.
    int width = ring.doubleWidth;
    System.arraycopy(ring.doubles, slot * width, rows, 0, count * width);
    boolean byPosition = true;
    for (int i = 0; i < count; i++) {
      long flags = SlotReader.header(ring, slot + i, RowLayout.FLAGS);
      byPosition &= (flags & RowLayout.BY_POSITION) != 0;
    }
    for (int cell = 0; cell < layout.cells; cell++) {
      if (columns[cell] < 0) {
        continue;
      }
      if (byPosition && cell < layout.inputs && layout.kind(cell) == RowLayout.Cell.NUMBER) {
        for (int i = 0, at = cell; i < count; i++, at += width) {
          numbers[i] = rows[at];
        }
        into.countAll(columns[cell], numbers, 0, count);
      } else if (!categorical[cell] || !texts.count(cell, index, count, into, columns[cell])) {
        count(ring, slot, index, count, cell, into);
      }
    }
    for (int i = 0; i < count && outputs.areCounted(); i++) {
      outputs.count(into, reader.move(ring, slot + i));
    }
  }

  private void count(Ring ring, int slot, int index, int count, int cell, ProfileCounter into) {
    int column = columns[cell];
    RowLayout.Cell kind = layout.kind(cell);
    for (int end = slot + count; slot < end; slot++, index++) {
      if (!reader.move(ring, slot).isSet(cell)) {
        into.countMissing(column);
        continue;
      }
      switch (kind) {
        case NUMBER -> into.count(column, reader.number(cell));
        case TRUTH -> into.countBoolean(column, reader.truth(cell));
        case WHOLE -> into.count(column, (double) reader.whole(cell));
        case EMBEDDING -> {} // has no column
        case TEXT -> {
          if (categorical[cell]) {
            into.countCategory(column, texts.counted(cell, index));
          } else {
            into.countText(column, reader.text(cell));
          }
        }
      }
    }
  }
}
