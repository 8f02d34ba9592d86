package io.plumbline.drift.internal.arrow;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flatbuf.Block;
import org.apache.arrow.flatbuf.DictionaryBatch;
import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.flatbuf.KeyValue;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What is where in a file of Arrow messages: by its footer, or, where there is none, by going
 * through the messages.
 */
final class IpcIndex {
  /** Longer descriptions of a message are taken for damage. */
  private static final int MAX_METADATA = 256 << 20;

  private static final int FOOTER_END = Integer.BYTES + IpcWriter.MAGIC.length;

  final List<Layout> fields;
  final Map<String, String> metadata;
  final Blocks dictionaries = new Blocks();
  final Blocks batches = new Blocks();

  /** By batch, how many dictionary messages stand before it; with a footer, all do. */
  private int[] before = new int[16];

  /** Without a footer: the id of each dictionary message. */
  final List<Integer> dictionaryIds = new ArrayList<>();

  /** Without a footer: the first byte that belongs to no complete message. */
  long end;

  /** Without a footer: the first byte behind the schema. */
  long schemaEnd;

  /** Without a footer: the schema's message, without its frame. */
  byte[] schemaMessage = new byte[0];

  private IpcIndex(Schema schema) {
    if (schema.endianness() != Endianness.Little) {
      throw new Damage("it is big endian, which is not read");
    }
    fields =
        Layout.of(
            new Layout.FieldVector() {
              @Override
              public int length() {
                return schema.fieldsLength();
              }

              @Override
              public @Nullable Field get(int i) {
                return schema.fields(i);
              }
            });
    metadata = new LinkedHashMap<>();
    long chars = 0;
    int n = schema.customMetadataLength();
    for (int i = 0; i < n; i++) {
      KeyValue pair = schema.customMetadata(i);
      String key = pair == null ? null : pair.key();
      String value = pair == null ? null : pair.value();
      if (key != null && value != null) {
        chars += key.length() + value.length();
        metadata.put(key, value);
      }
      // Many entries may point to one long text.
      if (chars > MAX_METADATA / 4) {
        throw new Damage("its metadata is too long");
      }
    }
  }

  /** Forgets what stands behind so many messages. */
  void cut(int keptBatches, int keptDictionaries, long newEnd) {
    batches.cut(keptBatches);
    dictionaries.cut(keptDictionaries);
    end = newEnd;
  }

  int dictionariesBefore(int batch) {
    return before[batch];
  }

  /** Reads the index of a file, or of a stream in a file. */
  static IpcIndex read(ByteSource source) throws IOException {
    boolean isFile = hasMagic(source, 0);
    if (isFile && source.size() >= 2L * FOOTER_END && hasMagic(source, source.size() - 6)) {
      return byFooter(source);
    }
    return scan(source, false);
  }

  /** Whether a file of our own ends before its first row. */
  static boolean isSchemaCutOff(ByteSource source) throws IOException {
    if (source.size() < 16) {
      return true;
    }
    ByteBuffer start = little(source.read(8, 8));
    return start.getInt() == IpcWriter.CONTINUATION && start.getInt() > source.size() - 16;
  }

  private static boolean hasMagic(ByteSource source, long position) throws IOException {
    return position >= 0
        && position + IpcWriter.MAGIC.length <= source.size()
        && Arrays.equals(source.read(position, IpcWriter.MAGIC.length), IpcWriter.MAGIC);
  }

  private static IpcIndex byFooter(ByteSource source) throws IOException {
    long lengthAt = source.size() - FOOTER_END;
    int length = little(source.read(lengthAt, Integer.BYTES)).getInt();
    if (length <= 0 || length > MAX_METADATA || length > lengthAt - 8) {
      throw new Damage("its footer has the impossible length " + length);
    }
    Footer footer = Footer.getRootAsFooter(little(source.read(lengthAt - length, length)));
    Schema schema = footer.schema();
    if (schema == null) {
      throw new Damage("its footer has no schema");
    }
    IpcIndex index = new IpcIndex(schema);
    long limit = lengthAt - length;
    int n = footer.dictionariesLength();
    if (Math.max(n, footer.recordBatchesLength()) > length / 24) {
      throw new Damage("its footer lists more messages than it has room for");
    }
    for (int i = 0; i < n; i++) {
      index.add(footer.dictionaries(i), index.dictionaries, limit);
    }
    n = footer.recordBatchesLength();
    index.before = new int[Math.max(1, n)];
    for (int i = 0; i < n; i++) {
      index.add(footer.recordBatches(i), index.batches, limit);
      index.before[i] = index.dictionaries.size();
    }
    index.end = limit;
    // Otherwise a small file could be read without end.
    if (total(index.dictionaries) + total(index.batches) > limit) {
      throw new Damage("its footer lists a message more than once");
    }
    return index;
  }

  private static double total(Blocks blocks) {
    double total = 0;
    for (int i = 0; i < blocks.size(); i++) {
      total += (double) blocks.metadata(i) + blocks.body(i);
    }
    return total;
  }

  private void add(@Nullable Block block, Blocks blocks, long limit) {
    if (block == null
        || block.offset() < 8
        || block.metaDataLength() < 8
        || block.metaDataLength() > MAX_METADATA
        || block.bodyLength() < 0
        || block.offset() > limit - block.metaDataLength()
        || block.bodyLength() > limit - block.metaDataLength() - block.offset()) {
      throw new Damage("its footer points to where there is no message");
    }
    blocks.add(block.offset(), block.metaDataLength(), block.bodyLength());
  }

  /**
   * Goes through the messages up to the end marker, or to what is cut off.
   *
   * @param torn whether damage ends the file, too: so it looks where a writer was killed
   * @throws Damage if not even the schema is there
   */
  static IpcIndex scan(ByteSource source, boolean torn) throws IOException {
    long position = hasMagic(source, 0) ? 8 : 0;
    Frame first = Frame.at(source, position);
    if (first == null) {
      throw new Damage("it does not begin with a schema of Arrow");
    }
    IpcIndex index = new IpcIndex(first.schema(first.message(source)));
    index.schemaMessage = source.read(position + first.prefix, first.length);
    index.schemaEnd = position + first.prefix + first.length;
    index.end = index.schemaEnd;
    try {
      while (index.addNext(source)) {}
    } catch (RuntimeException e) {
      if (!torn) {
        throw e;
      }
    }
    return index;
  }

  /** Adds the next message, if there is a whole one. */
  private boolean addNext(ByteSource source) throws IOException {
    Frame frame = Frame.at(source, end);
    if (frame == null) {
      return false;
    }
    Message message = frame.message(source);
    long body = message.bodyLength();
    long bodyAt = end + frame.prefix + frame.length;
    if (body < 0 || body > source.size() - bodyAt) {
      return false;
    }
    add(message, end, frame.prefix + frame.length, body);
    end = bodyAt + body;
    return true;
  }

  private void add(Message message, long offset, int length, long body) {
    byte type = message.headerType();
    if (type == MessageHeader.DictionaryBatch) {
      DictionaryBatch header = new DictionaryBatch();
      if (message.header(header) == null) {
        throw new Damage("there is no dictionary at byte " + offset);
      }
      dictionaryIds.add((int) header.id());
      dictionaries.add(offset, length, body);
    } else if (type == MessageHeader.RecordBatch) {
      if (batches.size() == before.length) {
        before = Arrays.copyOf(before, before.length * 2);
      }
      before[batches.size()] = dictionaries.size();
      batches.add(offset, length, body);
    } else {
      throw new Damage("it has a message of the unknown kind " + type + " at byte " + offset);
    }
  }

  static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Reads the description of a message whose place is known. */
  static Message message(ByteSource source, Blocks blocks, int i) throws IOException {
    Frame frame = Frame.at(source, blocks.offset(i));
    if (frame == null || frame.prefix + frame.length > blocks.metadata(i)) {
      throw new Damage("there is no message at byte " + blocks.offset(i));
    }
    Message message = frame.message(source);
    if (message.bodyLength() != blocks.body(i)) {
      throw new Damage("the message at byte " + blocks.offset(i) + " has another length");
    }
    return message;
  }

  /** The frame of a message: 8 bytes, or 4 in files of before 2020. */
  private record Frame(long position, int prefix, int length) {
    /** Returns null if there is no whole one, or the end marker. */
    static @Nullable Frame at(ByteSource source, long position) throws IOException {
      if (source.size() - position < 8) {
        return null;
      }
      ByteBuffer start = little(source.read(position, 8));
      int first = start.getInt();
      int prefix = first == IpcWriter.CONTINUATION ? 8 : 4;
      int length = prefix == 8 ? start.getInt() : first;
      if (length <= 0 || length > source.size() - position - prefix) {
        return null;
      }
      if (length > MAX_METADATA) {
        throw new Damage("it has a message of the impossible length " + length);
      }
      return new Frame(position, prefix, length);
    }

    Message message(ByteSource source) throws IOException {
      return Message.getRootAsMessage(little(source.read(position + prefix, length)));
    }

    Schema schema(Message message) {
      Schema schema = new Schema();
      if (message.headerType() != MessageHeader.Schema || message.header(schema) == null) {
        throw new Damage("it does not begin with a schema of Arrow");
      }
      return schema;
    }
  }
}
