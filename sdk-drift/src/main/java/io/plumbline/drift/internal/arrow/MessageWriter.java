package io.plumbline.drift.internal.arrow;

import com.google.flatbuffers.FlatBufferBuilder;
import io.plumbline.drift.log.LogColumn;
import io.plumbline.drift.log.LogSchema;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flatbuf.Block;
import org.apache.arrow.flatbuf.BodyCompression;
import org.apache.arrow.flatbuf.BodyCompressionMethod;
import org.apache.arrow.flatbuf.Bool;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.CompressionType;
import org.apache.arrow.flatbuf.DictionaryBatch;
import org.apache.arrow.flatbuf.DictionaryEncoding;
import org.apache.arrow.flatbuf.DictionaryKind;
import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.FixedSizeList;
import org.apache.arrow.flatbuf.FloatingPoint;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.flatbuf.Int;
import org.apache.arrow.flatbuf.KeyValue;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.apache.arrow.flatbuf.Precision;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.flatbuf.Schema;
import org.apache.arrow.flatbuf.TimeUnit;
import org.apache.arrow.flatbuf.Timestamp;
import org.apache.arrow.flatbuf.Type;

/**
 * The flat buffers that describe bodies: schema, record batch, dictionary batch and footer. The
 * builder is used again, so that a batch allocates nothing. A returned buffer is valid until the
 * next call.
 */
final class MessageWriter {
  private static final int NONE = 0;

  /** Where a message's table of fields has the place of its header, by Arrow's Message.fbs. */
  private static final int HEADER_FIELD = 8;

  private final FlatBufferBuilder fbb = new FlatBufferBuilder(4096);
  private final boolean zstd;

  MessageWriter(boolean zstd) {
    this.zstd = zstd;
  }

  ByteBuffer schema(LogSchema schema) {
    fbb.clear();
    return message(MessageHeader.Schema, schemaTable(schema), 0, NONE);
  }

  ByteBuffer recordBatch(BodyWriter body, long rows, long bodyLength, long checksum) {
    fbb.clear();
    int check = checksum(checksum);
    return message(MessageHeader.RecordBatch, batchTable(body, rows, zstd), bodyLength, check);
  }

  ByteBuffer dictionary(
      long id, BodyWriter body, long rows, boolean delta, long bodyLength, long checksum) {
    fbb.clear();
    int check = checksum(checksum);
    int batch = batchTable(body, rows, false);
    int table = DictionaryBatch.createDictionaryBatch(fbb, id, batch, delta);
    return message(MessageHeader.DictionaryBatch, table, bodyLength, check);
  }

  /**
   * A footer, with the schema of a message: tables know each other by their distance, so the whole
   * message is laid into the footer, and the footer points into it.
   */
  ByteBuffer footer(byte[] schemaMessage, Blocks dictionaries, Blocks batches) {
    fbb.clear();
    int padded = schemaMessage.length + 7 & -8;
    fbb.prep(Long.BYTES, padded);
    for (int i = padded - 1; i >= 0; i--) {
      fbb.putByte(i < schemaMessage.length ? schemaMessage[i] : 0);
    }
    int schema = fbb.offset() - schemaTable(IpcIndex.little(schemaMessage));
    Footer.startDictionariesVector(fbb, dictionaries.size());
    int dictionaryBlocks = blocks(dictionaries);
    Footer.startRecordBatchesVector(fbb, batches.size());
    int batchBlocks = blocks(batches);
    Footer.finishFooterBuffer(
        fbb,
        Footer.createFooter(fbb, MetadataVersion.V5, schema, dictionaryBlocks, batchBlocks, NONE));
    return fbb.dataBuffer();
  }

  /** The place of the schema's table in its message. */
  private static int schemaTable(ByteBuffer message) {
    int table = message.getInt(0);
    int fields = table - message.getInt(table);
    int header = table + message.getShort(fields + HEADER_FIELD);
    return header + message.getInt(header);
  }

  private int blocks(Blocks blocks) {
    for (int i = blocks.size() - 1; i >= 0; i--) {
      Block.createBlock(fbb, blocks.offset(i), blocks.metadata(i), blocks.body(i));
    }
    return fbb.endVector();
  }

  private ByteBuffer message(byte type, int header, long bodyLength, int metadata) {
    Message.finishMessageBuffer(
        fbb, Message.createMessage(fbb, MetadataVersion.V5, type, header, bodyLength, metadata));
    return fbb.dataBuffer();
  }

  private int batchTable(BodyWriter body, long rows, boolean compressed) {
    int compression =
        compressed
            ? BodyCompression.createBodyCompression(
                fbb, CompressionType.ZSTD, BodyCompressionMethod.BUFFER)
            : NONE;
    RecordBatch.startNodesVector(fbb, body.nodes());
    for (int i = body.nodes() - 1; i >= 0; i--) {
      FieldNode.createFieldNode(fbb, body.nodeRows(i), body.nodeNulls(i));
    }
    int nodes = fbb.endVector();
    RecordBatch.startBuffersVector(fbb, body.buffers());
    for (int i = body.buffers() - 1; i >= 0; i--) {
      Buffer.createBuffer(fbb, body.bufferStart(i), body.bufferLength(i));
    }
    int buffers = fbb.endVector();
    return RecordBatch.createRecordBatch(fbb, rows, nodes, buffers, compression, NONE);
  }

  /** A body's CRC-32C as 8 hex digits. */
  private int checksum(long crc) {
    int value = fbb.createString(new HexDigits((int) crc));
    int entry = KeyValue.createKeyValue(fbb, fbb.createString(Checksums.KEY), value);
    Message.startCustomMetadataVector(fbb, 1);
    fbb.addOffset(entry);
    return fbb.endVector();
  }

  private int schemaTable(LogSchema schema) {
    List<LogColumn> columns = schema.columns();
    int[] fields = new int[columns.size()];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = field(columns.get(i), i);
    }
    int vector = Schema.createFieldsVector(fbb, fields);
    int metadata = Schema.createCustomMetadataVector(fbb, pairs(schema.metadata()));
    return Schema.createSchema(fbb, Endianness.Little, vector, metadata, NONE);
  }

  private int[] pairs(Map<String, String> map) {
    int[] pairs = new int[map.size()];
    int i = 0;
    for (Map.Entry<String, String> entry : map.entrySet()) {
      int key = fbb.createString(entry.getKey());
      pairs[i++] = KeyValue.createKeyValue(fbb, key, fbb.createString(entry.getValue()));
    }
    return pairs;
  }

  private int field(LogColumn column, int position) {
    int name = fbb.createString(column.name());
    int dictionary = NONE;
    int children = Field.createChildrenVector(fbb, new int[0]);
    byte type;
    int table;
    switch (column.kind()) {
      case DOUBLE -> {
        type = Type.FloatingPoint;
        table = FloatingPoint.createFloatingPoint(fbb, Precision.DOUBLE);
      }
      case FLOAT -> {
        type = Type.FloatingPoint;
        table = FloatingPoint.createFloatingPoint(fbb, Precision.SINGLE);
      }
      case LONG -> {
        type = Type.Int;
        table = Int.createInt(fbb, Long.SIZE, true);
      }
      case INT -> {
        type = Type.Int;
        table = Int.createInt(fbb, Integer.SIZE, true);
      }
      case BOOLEAN -> {
        type = Type.Bool;
        Bool.startBool(fbb);
        table = Bool.endBool(fbb);
      }
      case TIMESTAMP -> {
        type = Type.Timestamp;
        table = Timestamp.createTimestamp(fbb, TimeUnit.MICROSECOND, fbb.createString("UTC"));
      }
      case TEXT, CATEGORY, CHOICE -> {
        type = Type.Utf8;
        org.apache.arrow.flatbuf.Utf8.startUtf8(fbb);
        table = org.apache.arrow.flatbuf.Utf8.endUtf8(fbb);
        dictionary = dictionary(column.kind(), position);
      }
      case EMBEDDING -> {
        type = Type.FixedSizeList;
        children = Field.createChildrenVector(fbb, new int[] {item()});
        table = FixedSizeList.createFixedSizeList(fbb, column.length());
      }
      default -> throw new AssertionError(column.kind());
    }
    return Field.createField(fbb, name, column.nullable(), type, table, dictionary, children, NONE);
  }

  private int dictionary(LogColumn.Kind kind, int position) {
    if (kind == LogColumn.Kind.TEXT) {
      return NONE;
    }
    int bits = kind == LogColumn.Kind.CHOICE ? Byte.SIZE : Integer.SIZE;
    int index = Int.createInt(fbb, bits, true);
    return DictionaryEncoding.createDictionaryEncoding(
        fbb, position, index, false, DictionaryKind.DenseArray);
  }

  private int item() {
    int name = fbb.createString("item");
    int children = Field.createChildrenVector(fbb, new int[0]);
    int table = FloatingPoint.createFloatingPoint(fbb, Precision.SINGLE);
    return Field.createField(fbb, name, true, Type.FloatingPoint, table, NONE, children, NONE);
  }
}
