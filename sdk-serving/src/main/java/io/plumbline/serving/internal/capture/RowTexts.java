package io.plumbline.serving.internal.capture;

import io.plumbline.drift.ProfileCounter;
import org.jspecify.annotations.Nullable;

/**
 * What the texts of rows are in the log and in the profile: looked up for many rows together, and
 * then asked for by who counts and who writes. For one thread.
 */
final class RowTexts {
  private final RowLayout layout;
  private final @Nullable TextCodes[] codes;
  private final SlotReader reader;
  private final int[] logged;
  private final int[] counted;

  /** By cell, whether all rows have a text there. */
  private final boolean[] complete;

  /**
   * For the rows of a layout.
   *
   * @param codes of each cell; null for those that hold no text
   */
  RowTexts(RowLayout layout, @Nullable TextCodes[] codes) {
    this.layout = layout;
    this.codes = codes;
    this.reader = new SlotReader(layout);
    this.logged = new int[CaptureThread.STEP * layout.texts];
    this.counted = new int[CaptureThread.STEP * layout.texts];
    this.complete = new boolean[layout.cells];
  }

  /**
   * Looks up rows.
   *
   * @param slot the first one's; the others are in those behind it
   * @param count up to {@link CaptureThread#STEP}
   */
  void look(Ring ring, int slot, int count) {
    for (int cell = 0; cell < layout.cells; cell++) {
      TextCodes known = codes[cell];
      if (known != null) {
        look(ring, slot, count, cell, known);
      }
    }
  }

  private void look(Ring ring, int slot, int count, int cell, TextCodes known) {
    boolean all = true;
    int at = at(cell, 0);
    for (int end = slot + count; slot < end; slot++, at++) {
      if (reader.move(ring, slot).isSet(cell)) {
        int found = known.find(reader.text(cell));
        logged[at] = known.logged(found);
        counted[at] = known.counted(found);
      } else {
        all = false;
      }
    }
    complete[cell] = all;
  }

  private int at(int cell, int index) {
    return layout.place(cell) * CaptureThread.STEP + index;
  }

  /**
   * A text's code in the log; -1 if it is not one of the known categories.
   *
   * @param index the row's place among those that were looked up last
   */
  int logged(int cell, int index) {
    return logged[at(cell, index)];
  }

  /** A text's code in the profile; -1 if it is new. */
  int counted(int cell, int index) {
    return counted[at(cell, index)];
  }

  /** Counts some rows' texts by their codes, if all rows have one; returns whether it did. */
  boolean count(int cell, int index, int count, ProfileCounter into, int column) {
    if (complete[cell]) {
      into.countCodes(column, counted, at(cell, index), at(cell, index) + count);
    }
    return complete[cell];
  }
}
