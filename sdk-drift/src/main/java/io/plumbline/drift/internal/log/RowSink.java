package io.plumbline.drift.internal.log;

import io.plumbline.drift.internal.arrow.RowStore;
import java.io.IOException;

/** Writes batches of rows into one file, in a format. */
public interface RowSink {
  /** Writes what stands before the first batch. */
  void start(RowStore store) throws IOException;

  /** Writes a batch, whatever its number of rows; the store keeps them. */
  void write(RowStore store) throws IOException;

  /** Writes what stands behind the last batch. */
  void finish(RowStore store) throws IOException;

  /** How many bytes the file has. */
  long position();

  /** How many rows the file has. */
  long rows();
}
