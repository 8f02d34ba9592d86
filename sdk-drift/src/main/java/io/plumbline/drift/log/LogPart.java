package io.plumbline.drift.log;

import io.plumbline.drift.internal.arrow.IpcWriter;
import io.plumbline.drift.internal.arrow.RowStore;
import io.plumbline.drift.internal.log.LogFolders;
import io.plumbline.drift.internal.log.LogPaths;
import io.plumbline.drift.internal.log.OpenPart;
import io.plumbline.internal.Time;
import io.plumbline.internal.journal.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The rows of one schema and day: those that wait for their batch, and the part they go into. */
final class LogPart {
  /** A batch is written when its texts have so many bytes. */
  private static final long MAX_TEXT_BYTES = 4 << 20;

  /** Rows that are wide make batches of fewer rows. */
  private static final long MAX_BATCH_BYTES = 4 << 20;

  final LogSchema schema;
  final long day;
  final Path folder;
  final RowStore store;
  final RowBatch batch;
  private final LogOptions options;
  private final long firstMicros;
  private final long endMicros;
  private @Nullable OpenPart file;
  private long begun;

  LogPart(LogSchema schema, long day, Path folder, LogOptions options) {
    this.schema = schema;
    this.day = day;
    this.folder = folder;
    this.options = options;
    this.firstMicros = LogPaths.start(day);
    this.endMicros = LogPaths.start(day + 1);
    long fitting = Math.max(1, MAX_BATCH_BYTES / new RowStore(schema, 1).width());
    this.store = new RowStore(schema, (int) Math.min(options.batchRows(), fitting));
    this.batch = new RowBatch(store);
  }

  boolean takes(LogSchema other, long micros) {
    return schema.equals(other) && micros >= firstMicros && micros < endMicros;
  }

  boolean isFull() {
    return store.rows() == store.capacity() || store.textBytes() > MAX_TEXT_BYTES;
  }

  boolean hasFile() {
    return file != null;
  }

  /** Whether there is neither a row nor a part. */
  boolean isIdle() {
    return file == null && store.rows() == 0;
  }

  boolean isTooLarge() {
    return file != null && (file.bytes() >= options.rollBytes() || store.dictionariesAreLarge());
  }

  boolean isDue(long nanos) {
    return file != null && nanos - begun >= options.rollAfter().toNanos();
  }

  /** Begins a part, if none is open. */
  void begin(Disk disk, String writer, long number, Time time) throws IOException {
    if (file == null) {
      LogFolders.create(folder);
      SchemaFile.write(folder, schema);
      String name = LogPaths.part(writer, time.millis(), number) + options.format().ending();
      file =
          OpenPart.begin(
              disk,
              folder,
              name,
              store,
              bytes ->
                  options.format() == LogOptions.Format.ARROW
                      ? new IpcWriter(bytes, schema, options.compression())
                      : new JsonLinesSink(bytes));
      begun = time.nanos();
    }
  }

  /** Writes the batch and starts the next one; returns what was written. */
  Written write() throws IOException {
    OpenPart part = opened();
    long before = part.bytes();
    part.write(store);
    Written written = new Written(store.rows(), part.bytes() - before);
    store.reset();
    return written;
  }

  record Written(int rows, long bytes) {}

  /** Waits until the part's rows are on the device, and its name. */
  void force(Consumer<Path> syncFolder) throws IOException {
    if (file != null) {
      file.force(syncFolder);
    }
  }

  /** Completes the part; returns its name. */
  Path finish() throws IOException {
    Path done = opened().finish(store);
    file = null;
    // The next part's dictionaries have its own values only.
    store.forgetCategories();
    return done;
  }

  /** Gives the part up; returns what is to be repaired, or null if none is open. */
  OpenPart.@Nullable Left abandon() {
    OpenPart part = file;
    file = null;
    return part == null ? null : part.abandon();
  }

  private OpenPart opened() {
    if (file == null) {
      throw new IllegalStateException("no part is open in " + folder);
    }
    return file;
  }
}
