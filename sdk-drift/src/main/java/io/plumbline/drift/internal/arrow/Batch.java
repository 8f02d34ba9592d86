package io.plumbline.drift.internal.arrow;

import io.plumbline.drift.log.BufferCompression;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.RecordBatch;
import org.jspecify.annotations.Nullable;

/** One record batch, or the values of a dictionary: its columns, and where their buffers are. */
final class Batch {
  private final Body body;
  private final RecordBatch batch;
  private final long rows;
  private final List<Place> places = new ArrayList<>();

  /**
   * Where a column is.
   *
   * @param nulls how many rows have no value
   * @param buffer its first buffer
   * @param views how many buffers follow those that its layout has
   * @param child the place of its first child; null if it has none
   */
  record Place(Layout layout, long nulls, int buffer, int views, @Nullable Place child) {}

  private int node;
  private int buffer;
  private int variadic;

  Batch(
      ByteSource source,
      long position,
      Message message,
      RecordBatch batch,
      List<Layout> fields,
      @Nullable BufferCompression compression,
      boolean check)
      throws IOException {
    this.batch = batch;
    this.rows = batch.length();
    this.body = new Body(source, position, message, batch, compression, check);
    if (rows < 0 || rows > Integer.MAX_VALUE - 64) {
      throw new Damage("a batch has the impossible number of " + rows + " rows");
    }
    for (Layout field : fields) {
      var at = node < batch.nodesLength() ? batch.nodes(node) : null;
      if (at == null || at.length() != rows) {
        throw new Damage("the columns of a batch have different numbers of rows");
      }
      places.add(place(field));
    }
    if (node != batch.nodesLength() || buffer != batch.buffersLength()) {
      throw new Damage("a batch has other columns than its schema says");
    }
  }

  private Place place(Layout layout) {
    var at = node < batch.nodesLength() ? batch.nodes(node++) : null;
    if (at == null || at.nullCount() < 0 || at.nullCount() > at.length()) {
      throw new Damage("a batch has other columns than its schema says");
    }
    int first = buffer;
    int views = layout.views() ? views() : 0;
    buffer += layout.buffers() + views;
    Place child = null;
    for (Layout inner : layout.children()) {
      Place place = place(inner);
      child = child == null ? place : child;
    }
    return new Place(layout, at.nullCount(), first, views, child);
  }

  private int views() {
    long count =
        variadic < batch.variadicBufferCountsLength() ? batch.variadicBufferCounts(variadic++) : -1;
    if (count < 0 || count > batch.buffersLength()) {
      throw new Damage("a batch does not say how many buffers its texts have");
    }
    return (int) count;
  }

  int rows() {
    return (int) rows;
  }

  /** The place of a column, from 0. */
  Place column(int i) {
    return places.get(i);
  }

  Body body() {
    return body;
  }
}
