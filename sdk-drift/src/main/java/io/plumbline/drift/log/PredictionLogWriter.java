package io.plumbline.drift.log;

import io.plumbline.StoreException;
import io.plumbline.drift.internal.log.LogFolders;
import io.plumbline.drift.internal.log.LogPaths;
import io.plumbline.drift.internal.log.OpenPart;
import io.plumbline.drift.internal.log.WriterLock;
import io.plumbline.internal.Folders;
import io.plumbline.internal.OncePerMinute;
import io.plumbline.internal.Threads;
import io.plumbline.internal.Time;
import io.plumbline.internal.journal.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a prediction log: a folder with one part after the other for each model version and day of
 * event time. For one thread at a time; any number of writers, also of other processes, may share a
 * folder.
 *
 * <pre>{@code
 * try (PredictionLogWriter log = PredictionLogWriter.open(Path.of("log"), LogOptions.DEFAULT)) {
 *   RowBatch row = log.row(schema, eventMicros);
 *   row.setText(SystemColumn.REQUEST_ID.position(), requestId);
 *   row.setDouble(schema.position("temperature"), 21.5);
 *   row.endRow();
 *   log.flush(); // once a second, say: what was flushed survives the process
 * }
 * }</pre>
 *
 * <p><b>Errors of the disk.</b> A method that finds the disk full or gone throws {@link
 * StoreException}. The writer stays usable: the rows that are not written yet are kept, the part is
 * left to be repaired, and the next call begins another one. Whoever cannot wait gives the rows up
 * with {@link #discard}.
 */
public final class PredictionLogWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PredictionLogWriter.class);

  /** Event times may jump: so many parts are open at once at most, each with its own batch. */
  private static final int MAX_OPEN = 16;

  private final Path root;
  private final LogOptions options;
  private final Time time;
  private final Disk disk;
  private final WriterLock lock;
  private final LogCounters counters = new LogCounters();
  private final LogKeeper keeper;
  private final OncePerMinute warnings;

  /** The least recently used first. */
  private final List<LogPart> parts = new ArrayList<>();

  private @Nullable LogPart current;
  private long partNumber;

  /** Tests look at which folders are synced, and when. */
  Consumer<Path> syncFolder = LogFolders::sync;

  private boolean closed;

  private PredictionLogWriter(
      Path root, LogOptions options, Time time, Disk disk, WriterLock lock, Executor executor) {
    this.root = root;
    this.options = options;
    this.time = time;
    this.disk = disk;
    this.lock = lock;
    this.warnings = new OncePerMinute(LOG, time);
    this.keeper =
        new LogKeeper(
            root, options, time, counters, warnings, lock.writer(), executor, this::tellOf);
  }

  /**
   * Opens a log for writing, and repairs what dead writers have left in it.
   *
   * @param root the log's folder, which is made if it is not there
   * @throws StoreException if the folder can't be written to
   */
  public static PredictionLogWriter open(Path root, LogOptions options) {
    return open(
        root, options, Time.SYSTEM, Disk.REAL, task -> Threads.daemon("log-keeper", task).start());
  }

  /** Opens a log, and tidies it up on the thread that flushes. */
  static PredictionLogWriter open(Path root, LogOptions options, Time time, Disk disk) {
    return open(root, options, time, disk, Runnable::run);
  }

  static PredictionLogWriter open(
      Path root, LogOptions options, Time time, Disk disk, Executor executor) {
    Objects.requireNonNull(options, "options");
    Path folder = root.toAbsolutePath().normalize();
    try {
      LogFolders.create(folder);
      WriterLock lock = WriterLock.take(folder);
      PredictionLogWriter writer =
          new PredictionLogWriter(folder, options, time, disk, lock, executor);
      writer.keeper.tidy();
      return writer;
    } catch (IOException e) {
      String inTheWay = Folders.fileInTheWay(folder);
      throw new StoreException(
          "the prediction log "
              + folder
              + " can't be written to: "
              + (inTheWay == null
                  ? e
                  : inTheWay + "; name another folder for the log, or move the file away"),
          e);
    }
  }

  /**
   * Returns the batch that takes a row, with {@link SystemColumn#TS} set; a full one is written
   * before. The batch is the row's until {@link RowBatch#endRow}: the next call may return another.
   *
   * @param eventMicros when the event was, in microseconds since 1970; it decides on the day's
   *     folder
   * @throws StoreException if a full batch can't be written: its rows are kept
   * @throws IllegalArgumentException if the time's year is not one of 0 to 9999
   */
  public RowBatch row(LogSchema schema, long eventMicros) {
    LogPart part = current;
    if (part == null || !part.takes(schema, eventMicros)) {
      part = select(schema, eventMicros);
    }
    if (part.isFull()) {
      write(part);
    }
    part.batch.setLong(SystemColumn.TS.position(), eventMicros);
    return part.batch;
  }

  private LogPart select(LogSchema schema, long micros) {
    requireOpen();
    long day = LogPaths.day(micros);
    LogPart found = null;
    for (LogPart part : parts) {
      if (part.day == day && part.schema.equals(schema)) {
        found = part;
      }
    }
    if (found == null) {
      Path folder = LogPaths.folder(root, schema.model(), schema.version(), day);
      makeRoom(schema);
      found = new LogPart(schema, day, folder, options);
    }
    parts.remove(found);
    parts.add(found);
    current = found;
    return found;
  }

  /** Closes the part that was not used for the longest time, and those of an older schema. */
  private void makeRoom(LogSchema schema) {
    for (LogPart part : List.copyOf(parts)) {
      boolean replaced =
          part.schema.model().equals(schema.model())
              && part.schema.version().equals(schema.version())
              && !part.schema.equals(schema);
      if (replaced || parts.size() >= MAX_OPEN) {
        roll(part);
        parts.remove(part);
        current = part == current ? null : current;
      }
    }
  }

  /**
   * Writes all rows that have ended into their files, so that they survive this process, and closes
   * the parts that are due. At most once a minute it has a thread tidy up, which it does not wait
   * for: what is too old or too much, and what an error of the disk has left behind.
   *
   * @throws StoreException if the disk refuses: what is not written yet is kept
   */
  public void flush() {
    requireOpen();
    forEach(this::writeAndRoll);
    keeper.tidyNowAndThen();
  }

  /**
   * As {@link #flush}, and waits until the rows are on the device, and the names of their files
   * where folders can be synced, which Windows can't.
   *
   * @throws StoreException if the disk refuses: rows that it has taken but did not sync may be lost
   *     in a power cut
   */
  public void force() {
    flush();
    forEach(this::force);
  }

  /** Gives up the rows that are not written yet; returns how many. */
  public long discard() {
    long rows = 0;
    for (LogPart part : parts) {
      rows += part.store.rows();
      part.store.reset();
    }
    counters.discarded(rows);
    return rows;
  }

  /** What has been done so far; may be asked by any thread. */
  public LogStats stats() {
    return counters.snapshot();
  }

  /** The host's name, for {@link SystemColumn#HOST}. */
  public static String hostName() {
    return WriterLock.hostName();
  }

  /**
   * Writes what is left, completes all parts, ends the tidying and gives back the lock. Calling it
   * again does nothing.
   *
   * @throws StoreException if the disk refuses: rows that are not written are lost, what is in the
   *     files is repaired by the next writer
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    try {
      forEach(this::roll);
    } finally {
      closed = true;
      parts.forEach(this::abandon);
      parts.clear();
      current = null;
      keeper.close();
      warnings.flush();
      try {
        lock.close();
      } catch (IOException e) {
        LOG.warn("the lock of the prediction log {} could not be removed: {}", root, e.toString());
      }
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the prediction log " + root + " is closed");
    }
  }

  /** Does the same with every part, and throws only at the end what went wrong first. */
  private void forEach(PartAction action) {
    StoreException first = null;
    for (LogPart part : List.copyOf(parts)) {
      try {
        action.on(part);
      } catch (StoreException e) {
        if (first == null) {
          first = e;
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }

  private interface PartAction {
    void on(LogPart part);
  }

  private void writeAndRoll(LogPart part) {
    write(part);
    if (part.isDue(time.nanos())) {
      roll(part);
    }
    if (part.isIdle() && part != current) {
      parts.remove(part);
    }
  }

  private void write(LogPart part) {
    if (part.store.rows() == 0) {
      return;
    }
    attempt(
        part,
        () -> {
          if (!part.hasFile()) {
            part.begin(disk, lock.writer(), ++partNumber, time);
          }
          counters.wrote(part.write());
        });
    if (part.isTooLarge()) {
      roll(part);
    }
  }

  private void force(LogPart part) {
    attempt(part, () -> part.force(syncFolder));
  }

  private void roll(LogPart part) {
    write(part);
    if (part.isIdle()) {
      return;
    }
    Path[] done = new Path[1];
    attempt(part, () -> done[0] = part.finish());
    counters.closedPart();
    tellOf(done[0]);
  }

  private void tellOf(Path complete) {
    try {
      options.onPartClosed().accept(complete);
    } catch (RuntimeException e) {
      warnings.warn(
          "listener", "the listener for closed parts has failed on " + complete + ": " + e);
    }
  }

  private void abandon(LogPart part) {
    OpenPart.Left left = part.abandon();
    if (left != null) {
      keeper.leftBehind(left);
    }
  }

  private interface DiskAction {
    void run() throws IOException;
  }

  private void attempt(LogPart part, DiskAction action) {
    try {
      action.run();
    } catch (IOException e) {
      abandon(part);
      counters.failed();
      throw new StoreException(
          "the prediction log "
              + part.folder
              + " can't be written to: "
              + e
              + "; its rows are kept, and written when the disk allows",
          e);
    }
  }
}
