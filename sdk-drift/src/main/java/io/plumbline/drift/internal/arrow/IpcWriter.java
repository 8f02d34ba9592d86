package io.plumbline.drift.internal.arrow;

import io.plumbline.drift.internal.log.RowSink;
import io.plumbline.drift.log.BufferCompression;
import io.plumbline.drift.log.LogSchema;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes one file in Arrow's IPC file format, from {@link RowStore}s of one schema.
 *
 * <p>A value that is new to a dictionary is written at once, as a delta before the batch that needs
 * it, so that a file that is cut off anywhere can be read up to there. The file format allows no
 * replacement, and few readers take deltas: so {@link #finish} writes every dictionary that has
 * grown once more in full, and the footer lists that one alone.
 */
public final class IpcWriter implements RowSink {
  static final byte[] MAGIC = "ARROW1".getBytes(StandardCharsets.US_ASCII);
  static final int CONTINUATION = -1;

  /** With fewer rows, the padding to 64 bytes would be most of the file. */
  private static final int ROWS_FOR_WIDE_ALIGNMENT = 64;

  private final ByteSink sink;
  private final @Nullable LogSchema schema;
  private final MessageWriter messages;
  private final BodyWriter body;

  /** For dictionaries, which are never compressed: a repair must be able to read them. */
  private final BodyWriter plainBody = new BodyWriter(null);

  private final Checksums checksums = new Checksums();
  private final Blocks batches = new Blocks();
  private final ByteBuffer frame = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
  private final ByteBuffer padding = ByteBuffer.allocate(64);

  /** By column, how many values of its dictionary are in the file. */
  private final int[] written;

  /** By column, how many of them were there from the start; and where they are. */
  private final int[] initial;

  private final Blocks first = new Blocks();
  private byte[] schemaMessage = new byte[0];
  private long position;
  private long rows;

  /** Makes a writer; {@link #start} begins the file. */
  public IpcWriter(ByteSink sink, LogSchema schema, @Nullable BufferCompression compression) {
    this.sink = sink;
    this.schema = schema;
    this.messages = new MessageWriter(compression != null);
    this.body = new BodyWriter(compression);
    this.written = new int[schema.columns().size()];
    this.initial = new int[written.length];
  }

  private IpcWriter(ByteSink sink, IpcIndex index) {
    this.sink = sink;
    this.schema = null;
    this.messages = new MessageWriter(false);
    this.body = new BodyWriter(null);
    this.written = new int[index.fields.size()];
    this.initial = new int[written.length];
    this.schemaMessage = index.schemaMessage;
    this.position = index.end;
  }

  /** How many bytes the file has. */
  @Override
  public long position() {
    return position;
  }

  /** How many rows the file has. */
  @Override
  public long rows() {
    return rows;
  }

  /** Writes what stands before the first batch. */
  @Override
  public void start(RowStore store) throws IOException {
    padding.clear().limit(8);
    padding.put(0, MAGIC, 0, MAGIC.length);
    write(padding);
    padding.put(0, new byte[8]);
    ByteBuffer metadata = messages.schema(Objects.requireNonNull(schema));
    schemaMessage = new byte[metadata.remaining()];
    metadata.duplicate().get(schemaMessage);
    message(metadata, null);
    for (int i = 0; i < store.columns(); i++) {
      Dictionary dictionary = store.dictionary(i);
      if (dictionary != null) {
        long offset = position;
        long bodyLength = dictionary(i, dictionary, 0, false);
        first.add(offset, (int) (position - offset - bodyLength), bodyLength);
        initial[i] = written[i];
      }
    }
  }

  /** Writes a batch, whatever its number of rows; the store keeps them. */
  @Override
  public void write(RowStore store) throws IOException {
    for (int i = 0; i < written.length; i++) {
      Dictionary dictionary = store.dictionary(i);
      if (dictionary != null && dictionary.size() > written[i]) {
        dictionary(i, dictionary, written[i], true);
      }
    }
    body.start(store.rows() < ROWS_FOR_WIDE_ALIGNMENT ? 8 : 64);
    store.write(body);
    ByteBuffer bytes = body.flip();
    int length = bytes.remaining();
    ByteBuffer metadata = messages.recordBatch(body, store.rows(), length, checksums.of(bytes));
    long offset = position;
    message(metadata, bytes);
    batches.add(offset, (int) (position - offset - length), length);
    rows += store.rows();
  }

  private long dictionary(int id, Dictionary dictionary, int from, boolean delta)
      throws IOException {
    plainBody.start(8);
    dictionary.write(plainBody, from);
    ByteBuffer bytes = plainBody.flip();
    int length = bytes.remaining();
    int size = dictionary.size();
    message(
        messages.dictionary(id, plainBody, size - from, delta, length, checksums.of(bytes)), bytes);
    written[id] = size;
    return length;
  }

  /** Writes what stands behind the last batch. */
  @Override
  public void finish(RowStore store) throws IOException {
    Blocks dictionaries = new Blocks();
    int block = 0;
    for (int i = 0; i < written.length; i++) {
      Dictionary dictionary = store.dictionary(i);
      if (dictionary == null) {
        continue;
      }
      if (written[i] > initial[i]) {
        long offset = position;
        long length = dictionary(i, dictionary, 0, false);
        dictionaries.add(offset, (int) (position - offset - length), length);
      } else {
        dictionaries.add(first.offset(block), first.metadata(block), first.body(block));
      }
      block++;
    }
    end(dictionaries, batches);
  }

  private void end(Blocks dictionaries, Blocks all) throws IOException {
    write(frame.clear().putInt(CONTINUATION).putInt(0).flip());
    ByteBuffer footer = messages.footer(schemaMessage, dictionaries, all);
    int length = footer.remaining();
    write(footer);
    write(frame.clear().putInt(length).flip());
    write(ByteBuffer.wrap(MAGIC));
  }

  /**
   * Completes a file whose writer was interrupted.
   *
   * @param sink appends to what the index has found, which ends there
   * @param grown by dictionary id, the values of those that stand in the file in several pieces
   */
  static void complete(ByteSink sink, IpcIndex index, Map<Integer, Dictionary> grown)
      throws IOException {
    IpcWriter writer = new IpcWriter(sink, index);
    Blocks dictionaries = new Blocks();
    Set<Integer> done = new HashSet<>();
    for (int i = 0; i < index.dictionaries.size(); i++) {
      int id = index.dictionaryIds.get(i);
      Dictionary dictionary = grown.get(id);
      if (!done.add(id)) {
        continue;
      }
      if (dictionary == null) {
        dictionaries.add(
            index.dictionaries.offset(i),
            index.dictionaries.metadata(i),
            index.dictionaries.body(i));
      } else {
        long offset = writer.position;
        long length = writer.dictionary(id, dictionary, 0, false);
        dictionaries.add(offset, (int) (writer.position - offset - length), length);
      }
    }
    writer.end(dictionaries, index.batches);
  }

  /** Writes a message so that its body begins at a multiple of 64, where mapped files want it. */
  private void message(ByteBuffer metadata, @Nullable ByteBuffer bytes) throws IOException {
    int length = metadata.remaining();
    int pad = (int) (-(position + frame.capacity() + length) & 63);
    write(frame.clear().putInt(CONTINUATION).putInt(length + pad).flip());
    write(metadata);
    write(padding.clear().limit(pad));
    if (bytes != null) {
      write(bytes);
    }
  }

  private void write(ByteBuffer bytes) throws IOException {
    position += bytes.remaining();
    sink.write(bytes);
  }
}
