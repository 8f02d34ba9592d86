package io.plumbline.drift.internal.profile;

import io.plumbline.drift.ColumnKind;
import java.util.Arrays;

/** Counts one column's values; for one thread. */
public final class Tally implements Values {
  /** So many numbers are counted together. */
  private static final int BLOCK = 128;

  private final ColumnFrame frame;
  private final ColumnKind kind;
  private final boolean binned;
  private final CellTable table;
  private final long[] cells;
  private final long[] specials = new long[Counts.SPECIALS];
  private final Moments.Running moments = new Moments.Running();

  /** Numbers that are not counted yet: many of one column together cost far less than each. */
  private final double[] waiting;

  private int waits;
  private final int[] found;

  public Tally(ColumnFrame frame) {
    this.frame = frame;
    this.kind = frame.kind();
    this.binned = kind.binned();
    this.table = frame.table();
    this.cells = new long[frame.cells()];
    this.waiting = new double[binned ? BLOCK : 0];
    this.found = new int[waiting.length];
  }

  /** Counts a number; in a column of categories, the text of it. */
  @Override
  public void number(double value) {
    if (!binned) {
      odd(value);
      return;
    }
    waiting[waits++] = value;
    if (waits == waiting.length) {
      settle();
    }
  }

  /** Counts numbers. */
  public void numbers(double[] values, int from, int to) {
    if (binned) {
      for (int i = from; i < to; i += BLOCK) {
        block(values, i, Math.min(to, i + BLOCK));
      }
    } else {
      for (int i = from; i < to; i++) {
        odd(values[i]);
      }
    }
  }

  /** Counts the numbers that wait. */
  private void settle() {
    int n = waits;
    waits = 0;
    block(waiting, 0, n);
  }

  private void block(double[] values, int from, int to) {
    if (!moments.add(values, from, to)) {
      for (int i = from; i < to; i++) {
        single(values[i]);
      }
      return;
    }
    table.cells(values, from, to, found);
    for (int i = 0, n = to - from; i < n; i++) {
      cells[found[i]]++; // in a loop of its own: equal cells in a row hold up nothing else
    }
    int zeros = 0;
    for (int i = from; i < to; i++) {
      if (values[i] == 0) {
        zeros++;
      }
    }
    specials[Counts.ZEROS] += zeros;
  }

  private void single(double value) {
    if (!(Math.abs(value) <= Double.MAX_VALUE)) {
      infinite(value);
      return;
    }
    cells[table.cell(value)]++;
    if (value == 0) {
      specials[Counts.ZEROS]++;
    }
    moments.add(value);
  }

  /** Counts a text; in a column of numbers, as one of a wrong type. */
  @Override
  public void text(CharSequence text) {
    switch (kind) {
      case CATEGORY, BOOLEAN -> {
        int code = frame.code(text);
        cells[code < 0 ? frame.outside(text) : code]++;
      }
      case TEXT -> number(text.length());
      case ID -> cells[0]++;
      default -> specials[Counts.MISTYPED]++;
    }
  }

  /** Counts a category by its code. */
  public void code(int code) {
    if (!kind.categorical()) {
      specials[Counts.MISTYPED]++; // a code means nothing here
    } else if (code >= 0 && code <= frame.other()) {
      cells[code]++;
    } else {
      cells[frame.unseen()]++;
    }
  }

  /** The code of a category's text: -1 if it is new. */
  public int codeOf(CharSequence text) {
    int code = frame.code(text);
    return code < 0 && frame.outside(text) == frame.other() ? frame.other() : code;
  }

  /** Counts a truth value. */
  @Override
  public void flag(boolean value) {
    if (kind == ColumnKind.BOOLEAN) {
      cells[value ? 1 : 0]++;
    } else if (kind.categorical()) {
      text(String.valueOf(value));
    } else {
      number(value ? 1 : 0);
    }
  }

  /** Counts a row without a value. */
  @Override
  public void missing() {
    specials[Counts.MISSING]++;
  }

  /** Counts a value of another type than the column's. */
  public void mistyped() {
    specials[Counts.MISTYPED]++;
  }

  /** Adds what was counted elsewhere in the same frame. */
  public void add(Counts counts) {
    long[] added = counts.cells();
    for (int i = 0; i < cells.length; i++) {
      cells[i] = Math.addExact(cells[i], added[i]);
    }
    for (int i = 0; i < Counts.SPECIALS; i++) {
      specials[i] = Math.addExact(specials[i], counts.special(i));
    }
    moments.add(counts.moments());
  }

  /** What was counted so far. */
  public Counts counts() {
    settle();
    return new Counts(cells.clone(), specials.clone(), moments.value());
  }

  /** The same, where nothing can be new because this is the reference itself. */
  Counts known() {
    settle();
    long[] all = cells.clone();
    if (kind.categorical()) {
      all[frame.other()] += all[frame.unseen()];
      all[frame.unseen()] = 0;
    }
    return new Counts(all, specials.clone(), moments.value());
  }

  ColumnFrame frame() {
    return frame;
  }

  /** Forgets all. */
  public void reset() {
    waits = 0;
    Arrays.fill(cells, 0);
    Arrays.fill(specials, 0);
    moments.reset();
  }

  private void infinite(double value) {
    if (Double.isNaN(value)) {
      specials[Counts.NAN]++;
    } else {
      specials[value > 0 ? Counts.POSITIVE : Counts.NEGATIVE]++;
    }
  }

  private void odd(double value) {
    if (!(Math.abs(value) <= Double.MAX_VALUE)) {
      infinite(value);
    } else if (kind == ColumnKind.BOOLEAN) {
      if (value == 0 || value == 1) {
        cells[(int) value]++;
      } else {
        specials[Counts.MISTYPED]++;
      }
    } else if (kind == ColumnKind.ID) {
      cells[0]++;
    } else {
      text(Texts.ofNumber(value));
    }
  }
}
