package io.plumbline.drift.internal.profile;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The first rows of a column, kept until they have chosen where the column is counted. */
interface FirstPart {
  /** How many rows are kept. */
  int size();

  void number(double value);

  void text(String text);

  void flag(boolean value);

  void missing();

  /** Chooses the frame by the rows that are kept. */
  ColumnFrame frame();

  /** Counts one of the rows, from 0. */
  void replay(int row, Tally tally);

  /** The texts that the frame does not list; null if they are too many to be remembered. */
  default @Nullable Set<String> unlisted() {
    return Set.of();
  }

  /** How many different values the rows have; -1 if that is not known. */
  long distinct();
}
