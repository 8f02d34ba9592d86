package io.plumbline.drift.internal.arrow;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.RecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * Completes the file of a writer that was interrupted: it is cut behind its last complete batch,
 * and gets the end that it lacks. A batch is complete if it has all its bytes and the right
 * checksum.
 */
public final class IpcRepair {
  private IpcRepair() {}

  /**
   * What was kept.
   *
   * @param rows rows in complete batches
   * @param bytes the bytes behind them that were cut off
   */
  public record Result(long rows, long bytes) {}

  /**
   * Repairs a file in place and syncs it. Nothing is changed if there is no complete batch.
   *
   * @throws Damage if it does not begin as the files of this writer do
   */
  public static Result repair(Path path) throws IOException {
    IpcIndex index;
    Map<Integer, Dictionary> grown = new HashMap<>();
    long rows = 0;
    long size;
    try (ByteSource source = new ByteSource(path)) {
      size = source.size();
      if (IpcIndex.isSchemaCutOff(source)) {
        return new Result(0, size);
      }
      index = IpcIndex.scan(source, true);
      rows = new Cut(source, index).run(grown);
    }
    long cut = size - index.end;
    if (rows > 0) {
      try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
        channel.truncate(index.end);
        channel.position(index.end);
        IpcWriter.complete(
            bytes -> {
              while (bytes.hasRemaining()) {
                channel.write(bytes);
              }
            },
            index,
            grown);
        channel.force(true);
      }
    }
    return new Result(rows, cut);
  }

  /** Goes through the complete messages, and finds where what can be relied on ends. */
  private static final class Cut {
    private final ByteSource source;
    private final IpcIndex index;
    private final Map<Integer, Dictionary> dictionaries = new HashMap<>();
    private long rows;

    Cut(ByteSource source, IpcIndex index) {
      this.source = source;
      this.index = index;
    }

    long run(Map<Integer, Dictionary> grown) throws IOException {
      long end = index.schemaEnd;
      int dictionary = 0;
      int batch = 0;
      try {
        for (; batch < index.batches.size(); batch++) {
          while (dictionary < index.dictionariesBefore(batch)) {
            add(dictionary++, grown);
          }
          rows += rows(batch);
          end =
              index.batches.offset(batch)
                  + index.batches.metadata(batch)
                  + index.batches.body(batch);
        }
      } catch (RuntimeException e) {
        // Here what was written last is not whole.
      }
      index.cut(batch, batch == 0 ? 0 : index.dictionariesBefore(batch - 1), end);
      return rows;
    }

    private long rows(int i) throws IOException {
      Message message = IpcIndex.message(source, index.batches, i);
      RecordBatch header = new RecordBatch();
      if (message.header(header) == null) {
        throw new Damage("no batch");
      }
      long body = index.batches.offset(i) + index.batches.metadata(i);
      return new Batch(source, body, message, header, index.fields, null, true).rows();
    }

    private void add(int i, Map<Integer, Dictionary> grown) throws IOException {
      int id = index.dictionaryIds.get(i);
      @Nullable String[] values = IpcFile.dictionary(source, index, i);
      boolean again = dictionaries.containsKey(id);
      Dictionary known = dictionaries.computeIfAbsent(id, k -> new Dictionary(List.of()));
      if (again) {
        grown.put(id, known);
      }
      int size = known.size();
      for (String value : values) {
        known.code(value == null ? "" : value);
      }
      if (known.size() != size + values.length) {
        throw new Damage("a dictionary has a value twice");
      }
    }
  }
}
