package io.plumbline.drift.log;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a prediction log is written. Immutable; {@link #DEFAULT} and the {@code with} methods make
 * others.
 *
 * @param format of the files
 * @param batchRows how many rows are written together at most, 1 to 65,536; fewer where rows are
 *     wide
 * @param rollBytes a part of so many bytes is closed
 * @param rollAfter a part of that age is closed
 * @param retention closed parts that were last written before so long are deleted; null for never
 * @param diskBudget the bytes of all closed parts together, above which the oldest are deleted; 0
 *     for no limit
 * @param compression compresses the buffers of Arrow files; null for none
 * @param onPartClosed is told of every part that is complete, on the writer's thread; of those that
 *     were repaired on the one that tidies up, maybe at the same time
 * @param keepUnshipped parts that were not shipped yet are not deleted for their age, and for the
 *     budget only when all others are gone
 */
public record LogOptions(
    Format format,
    int batchRows,
    long rollBytes,
    Duration rollAfter,
    @Nullable Duration retention,
    long diskBudget,
    @Nullable BufferCompression compression,
    Consumer<Path> onPartClosed,
    boolean keepUnshipped) {

  /** What the files are. */
  public enum Format {
    /** Arrow's IPC file format, which is also Feather version 2: {@code .arrow}. */
    ARROW,
    /** A JSON object on each line: {@code .jsonl}. Some ten times slower, and twice as large. */
    JSON_LINES;

    String ending() {
      return this == ARROW ? ".arrow" : ".jsonl";
    }
  }

  /** What nanoseconds in a long can count, 292 years. */
  private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

  /** Arrow, 1,000 rows, 64 MB, 5 minutes; nothing is compressed, and nothing deleted. */
  public static final LogOptions DEFAULT =
      new LogOptions(
          Format.ARROW, 1_000, 64 << 20, Duration.ofMinutes(5), null, 0, null, path -> {}, false);

  /** Checks the bounds. Durations of more than 292 years are taken as that. */
  public LogOptions {
    if (batchRows < 1 || batchRows > 65_536) {
      throw new IllegalArgumentException("batchRows must be 1 to 65536, not " + batchRows);
    }
    if (rollBytes < 1) {
      throw new IllegalArgumentException("rollBytes must be positive, not " + rollBytes);
    }
    positive("rollAfter", rollAfter);
    positive("retention", retention);
    rollAfter = atMost(rollAfter);
    retention = retention == null ? null : atMost(retention);
    if (diskBudget < 0) {
      throw new IllegalArgumentException("diskBudget must be 0 or more, not " + diskBudget);
    }
  }

  private static Duration atMost(Duration value) {
    return value.compareTo(LONGEST) > 0 ? LONGEST : value;
  }

  private static void positive(String name, @Nullable Duration value) {
    if (value != null && (value.isNegative() || value.isZero())) {
      throw new IllegalArgumentException(name + " must be positive, not " + value);
    }
  }

  /** All options, to be changed one by one: what a copy needs is said once. */
  private static final class Draft {
    private Format format;
    private int batchRows;
    private long rollBytes;
    private Duration rollAfter;
    private @Nullable Duration retention;
    private long diskBudget;
    private @Nullable BufferCompression compression;
    private Consumer<Path> onPartClosed;
    private boolean keepUnshipped;

    Draft(LogOptions from) {
      format = from.format;
      batchRows = from.batchRows;
      rollBytes = from.rollBytes;
      rollAfter = from.rollAfter;
      retention = from.retention;
      diskBudget = from.diskBudget;
      compression = from.compression;
      onPartClosed = from.onPartClosed;
      keepUnshipped = from.keepUnshipped;
    }
  }

  private LogOptions with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return new LogOptions(
        draft.format,
        draft.batchRows,
        draft.rollBytes,
        draft.rollAfter,
        draft.retention,
        draft.diskBudget,
        draft.compression,
        draft.onPartClosed,
        draft.keepUnshipped);
  }

  /** The same in another format. */
  public LogOptions withFormat(Format value) {
    return with(draft -> draft.format = value);
  }

  /** The same with another number of rows written together at most. */
  public LogOptions withBatchRows(int rows) {
    return with(draft -> draft.batchRows = rows);
  }

  /** The same with other bounds of a part. */
  public LogOptions withRoll(long bytes, Duration after) {
    return with(
        draft -> {
          draft.rollBytes = bytes;
          draft.rollAfter = after;
        });
  }

  /** The same; closed parts of that age are deleted. */
  public LogOptions withRetention(Duration age) {
    return with(draft -> draft.retention = age);
  }

  /** The same; when closed parts have more bytes together, the oldest are deleted. */
  public LogOptions withDiskBudget(long bytes) {
    return with(draft -> draft.diskBudget = bytes);
  }

  /** The same with compressed Arrow files. */
  public LogOptions withCompression(BufferCompression zstd) {
    return with(draft -> draft.compression = zstd);
  }

  /** The same; parts that were not shipped yet are kept as long as the disk budget allows. */
  public LogOptions withKeepUnshipped() {
    return with(draft -> draft.keepUnshipped = true);
  }

  /** The same; this is told of every part that is complete. */
  public LogOptions withPartListener(Consumer<Path> listener) {
    return with(draft -> draft.onPartClosed = listener);
  }
}
