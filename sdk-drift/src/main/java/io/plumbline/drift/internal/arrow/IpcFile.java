package io.plumbline.drift.internal.arrow;

import io.plumbline.drift.log.BufferCompression;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flatbuf.DictionaryBatch;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file of Arrow messages, in the file or the stream format, some rows at a time. What is
 * wrong with it is told as {@link Damage} or {@link UnsupportedFile}, but any {@link
 * RuntimeException} may be damage.
 */
public final class IpcFile implements AutoCloseable {
  /** A multiple of 8, so that windows begin at whole bytes of bitmaps. */
  private static final int WINDOW = 1 << 16;

  private final ByteSource source;
  private final IpcIndex index;
  private final @Nullable BufferCompression compression;
  private final Map<Long, @Nullable String[]> dictionaries = new HashMap<>();
  private int dictionariesRead;
  private int batchesRead;
  private @Nullable Batch batch;
  private int windowStart;
  private int windowRows;

  private IpcFile(ByteSource source, IpcIndex index, @Nullable BufferCompression compression) {
    this.source = source;
    this.index = index;
    this.compression = compression;
  }

  /**
   * Opens a file.
   *
   * @param torn whether it ends where its writer was interrupted; otherwise that is damage
   */
  public static IpcFile open(Path path, @Nullable BufferCompression compression, boolean torn)
      throws IOException {
    ByteSource source = new ByteSource(path);
    try {
      IpcIndex index = torn ? IpcIndex.scan(source, true) : IpcIndex.read(source);
      return new IpcFile(source, index, compression);
    } catch (IOException | RuntimeException e) {
      source.close();
      throw e;
    }
  }

  /** The names of the columns, in order. */
  public List<String> names() {
    return index.fields.stream().map(Layout::name).toList();
  }

  /** What the file says of itself. */
  public Map<String, String> metadata() {
    return index.metadata;
  }

  /** How many batches the file has. */
  public int batches() {
    return index.batches.size();
  }

  /** Moves on to the next rows; returns false behind the last. */
  public boolean next() throws IOException {
    Batch current = batch;
    if (current != null && windowStart + windowRows < current.rows()) {
      windowStart += windowRows;
    } else {
      do {
        if (batchesRead == index.batches.size()) {
          batch = null;
          windowRows = 0;
          return false;
        }
        current = readBatch(batchesRead++);
      } while (current.rows() == 0);
      batch = current;
      windowStart = 0;
    }
    windowRows = Math.min(WINDOW, current.rows() - windowStart);
    return true;
  }

  private Batch readBatch(int i) throws IOException {
    while (dictionariesRead < index.dictionariesBefore(i)) {
      readDictionary(dictionariesRead++);
    }
    Message message = IpcIndex.message(source, index.batches, i);
    RecordBatch header = new RecordBatch();
    if (message.headerType() != MessageHeader.RecordBatch || message.header(header) == null) {
      throw new Damage("there is no batch at byte " + index.batches.offset(i));
    }
    long body = index.batches.offset(i) + index.batches.metadata(i);
    return new Batch(source, body, message, header, index.fields, compression, false);
  }

  private void readDictionary(int i) throws IOException {
    DictionaryBatch header = dictionaryHeader(source, index, i);
    @Nullable String[] values = dictionary(source, index, i, compression);
    @Nullable String[] known = dictionaries.get(header.id());
    if (header.isDelta() && known != null) {
      int size = known.length;
      known = Arrays.copyOf(known, Math.addExact(size, values.length));
      System.arraycopy(values, 0, known, size, values.length);
      values = known;
    }
    dictionaries.put(header.id(), values);
  }

  /** The values of a dictionary message; none if they are no texts. */
  static @Nullable String[] dictionary(ByteSource source, IpcIndex index, int i)
      throws IOException {
    return dictionary(source, index, i, null);
  }

  private static @Nullable String[] dictionary(
      ByteSource source, IpcIndex index, int i, @Nullable BufferCompression compression)
      throws IOException {
    Message message = IpcIndex.message(source, index.dictionaries, i);
    DictionaryBatch header = dictionaryHeader(source, index, i);
    RecordBatch data = header.data();
    Layout values = valuesOf(index.fields, header.id());
    if (data == null || values == null || !isText(values.kind())) {
      return new String[0];
    }
    long body = index.dictionaries.offset(i) + index.dictionaries.metadata(i);
    Batch read = new Batch(source, body, message, data, List.of(values), compression, false);
    List<@Nullable String> all = new ArrayList<>();
    for (int from = 0; from < read.rows(); from += WINDOW) {
      int rows = Math.min(WINDOW, read.rows() - from);
      all.addAll(Arrays.asList(new Cells(read, read.column(0), from, rows).texts()));
    }
    return all.toArray(new @Nullable String[0]);
  }

  private static DictionaryBatch dictionaryHeader(ByteSource source, IpcIndex index, int i)
      throws IOException {
    Message message = IpcIndex.message(source, index.dictionaries, i);
    DictionaryBatch header = new DictionaryBatch();
    if (message.headerType() != MessageHeader.DictionaryBatch || message.header(header) == null) {
      throw new Damage("there is no dictionary at byte " + index.dictionaries.offset(i));
    }
    return header;
  }

  private static @Nullable Layout valuesOf(List<Layout> fields, long id) {
    for (Layout field : fields) {
      if (field.values() != null && field.dictionary() == id) {
        return field.values();
      }
      Layout inner = valuesOf(field.children(), id);
      if (inner != null) {
        return inner;
      }
    }
    return null;
  }

  private static boolean isText(Layout.Kind kind) {
    return kind == Layout.Kind.TEXT
        || kind == Layout.Kind.LARGE_TEXT
        || kind == Layout.Kind.TEXT_VIEW;
  }

  // ---- the current rows

  /** How many rows there are at once. */
  public int rows() {
    return windowRows;
  }

  /** What a column's values can be read as. */
  public CellKind kind(int column) {
    Layout layout = index.fields.get(column);
    Layout values = layout.values();
    if (values != null) {
      return isText(values.kind()) ? CellKind.CATEGORY : CellKind.OTHER;
    }
    return switch (layout.kind()) {
      case NULL -> CellKind.NOTHING;
      case BOOLEAN -> CellKind.BOOLEAN;
      case INTEGER -> CellKind.INTEGER;
      case FLOAT -> CellKind.NUMBER;
      case TEXT, LARGE_TEXT, TEXT_VIEW -> CellKind.TEXT;
      case TIMESTAMP, DATE -> CellKind.TIME;
      case LIST_OF_FLOATS -> CellKind.EMBEDDING;
      case OTHER -> CellKind.OTHER;
    };
  }

  /** The number of floats of an embedding. */
  public int width(int column) {
    Layout layout = index.fields.get(column);
    return layout.kind() == Layout.Kind.LIST_OF_FLOATS ? layout.width() : 0;
  }

  /** What a column's values can be read as. */
  public enum CellKind {
    NUMBER,
    INTEGER,
    BOOLEAN,
    TIME,
    TEXT,
    CATEGORY,
    EMBEDDING,
    NOTHING,
    OTHER
  }

  public double[] doubles(int column) throws IOException {
    return cells(column).doubles();
  }

  public long[] longs(int column) throws IOException {
    return cells(column).longs();
  }

  public float[] embeddings(int column) throws IOException {
    return cells(column).embeddings();
  }

  public boolean @Nullable [] validity(int column) throws IOException {
    return cells(column).validity();
  }

  public @Nullable String[] texts(int column) throws IOException {
    Layout layout = index.fields.get(column);
    if (layout.values() == null) {
      return cells(column).texts();
    }
    @Nullable String[] dictionary = dictionaries.get(layout.dictionary());
    if (dictionary == null) {
      throw new Damage("a dictionary is missing");
    }
    long[] codes = cells(column).longs();
    boolean[] validity = cells(column).validity();
    @Nullable String[] texts = new String[codes.length];
    for (int i = 0; i < texts.length; i++) {
      if (validity != null && !validity[i]) {
        continue;
      }
      if (codes[i] < 0 || codes[i] >= dictionary.length) {
        throw new Damage("the code " + codes[i] + " is not in its dictionary");
      }
      texts[i] = dictionary[(int) codes[i]];
    }
    return texts;
  }

  private Cells cells(int column) {
    Batch current = batch;
    if (current == null) {
      throw new IllegalStateException("there are no rows: next() has not been called");
    }
    return new Cells(current, current.column(column), windowStart, windowRows);
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
