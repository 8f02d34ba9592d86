package io.plumbline.internal.journal;

import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One writer's part of one run: has its records framed, and writes the frames to segment files.
 * Only the writer thread touches it, and recovery, which has it for itself.
 *
 * <p>A chunk stays in memory until an fsync has covered it, so that it can be written again
 * elsewhere when the fsync fails.
 */
final class RunWriter {
  /**
   * What an fsync is asked to cover.
   *
   * @param serial all chunks up to this one
   * @param epoch how often the run had been relocated
   * @param newFile whether the folder's entry for the file has to be covered too
   * @param last whether the file is to be closed then
   */
  record SyncPoint(
      RunWriter run, Disk.AppendFile file, long serial, int epoch, boolean newFile, boolean last) {}

  /** How much memory waits for fsyncs, over all runs of a journal. */
  static final class Retained {
    long bytes;
  }

  /** The metrics of this run that were refused. */
  final Drops drops = new Drops();

  /** The number of the next metric key; taken by callers. */
  final AtomicInteger nextKey = new AtomicInteger();

  /** How often the run is open; guarded by the journal's lock for runs. */
  int users;

  /** Whether the journal has this run on its list of those with something to write. */
  boolean listed;

  private final JournalOptions options;
  private final String runId;
  private final Path folder;
  private final String writer;
  private final long created;
  private final @Nullable Retained retained;
  private final RunState state;
  private final List<WriterLog.Key> keys;
  private final Framer framer;
  private final Deque<Framer.Chunk> unsynced = new ArrayDeque<>();
  private long forgottenBytes;
  private long forgottenSerial;

  private Disk.@Nullable AppendFile file;
  private int segment;
  private long position;
  private WriterLog.Position writtenTo;
  private byte[] prefix = new byte[0];
  private int prefixWritten;
  private boolean midWrite;
  private boolean newFile;
  private int epoch;

  private boolean summaryDue;
  private boolean closed;
  private long closedAt;

  /**
   * Makes a run's writer, which begins a new segment behind those that this writer has already.
   *
   * @param earlier what those say
   * @param retained counts the chunks that are kept until they are synced; null to keep none
   */
  RunWriter(
      JournalOptions options,
      String runId,
      Path folder,
      String writer,
      WriterView earlier,
      @Nullable Retained retained) {
    this.options = options;
    this.runId = runId;
    this.folder = folder;
    this.writer = writer;
    this.created = options.time().millis();
    this.retained = retained;
    this.state = earlier.state();
    this.keys = new ArrayList<>(earlier.keys());
    this.nextKey.set(keys.stream().mapToInt(key -> key.id() + 1).max().orElse(0));
    WriterLog.Position end = earlier.report().end();
    this.framer = new Framer(end.ordinal(), earlier.ringEnd());
    this.writtenTo = end;
    this.segment = end.segment();
  }

  RunState state() {
    return state;
  }

  Path folder() {
    return folder;
  }

  String runId() {
    return runId;
  }

  /** Returns the keys that are announced. */
  List<WriterLog.Key> keys() {
    return keys;
  }

  // ---- opening and closing

  /** Lets the journal give the run's file back as soon as all is written. */
  void close() {
    tellDrops(state.lastStamp());
    if (!closed) {
      closed = true;
      closedAt = options.time().nanos();
    }
  }

  void reopen() {
    closed = false;
  }

  boolean isClosed() {
    return closed;
  }

  /** Returns for how long the run has been closed, in nanoseconds. */
  long closedFor() {
    return closed ? options.time().nanos() - closedAt : 0;
  }

  // ---- framing

  /** Frames how many metrics were refused since the last time, if any were. */
  void tellDrops(long now) {
    Map<String, @Nullable Object> news = new LinkedHashMap<>(drops.news());
    if (!news.isEmpty()) {
      Map<String, @Nullable Object> event = new LinkedHashMap<>();
      event.put("dropped", news);
      event(event, Json.bytes(event), now);
    }
  }

  /**
   * Frames an event.
   *
   * @param json the same event as bytes; its stamp, and in a writer's first record the run's id,
   *     are put in front
   * @param now the event's time; its stamp is the run's last one if that is later
   */
  void event(Map<String, @Nullable Object> event, byte[] json, long now) {
    Map<String, @Nullable Object> stamp = new LinkedHashMap<>();
    stamp.put("t", Math.max(now, state.lastStamp()));
    framer.closeFrame();
    if (framer.ordinal() == 0) {
      stamp.put("run", runId);
    }
    byte[] frame = joined(Json.bytes(stamp), json);
    stamp.putAll(event);
    state.apply(JsonObject.of(stamp, "event"), writer);
    framer.event(frame, 1);
    summaryDue = true;
  }

  /** Makes one object of two: the bytes of {@code {"a":1}} and {@code {"b":2}}. */
  private static byte[] joined(byte[] first, byte[] second) {
    if (second.length == 2) {
      return first;
    }
    byte[] both = new byte[first.length + second.length - 1];
    System.arraycopy(first, 0, both, 0, first.length - 1);
    both[first.length - 1] = ',';
    System.arraycopy(second, 1, both, first.length, second.length - 1);
    return both;
  }

  /** Frames a key's announcement. */
  void announce(KeySlot slot) {
    if (slot.stats == null) {
      framer.event(keysEvent(List.of(slot.key)), 0);
      keys.add(slot.key);
      summaryDue = true;
      adopt(slot);
    }
  }

  /** Takes a key up again that an earlier segment has announced. */
  void adopt(KeySlot slot) {
    slot.stats = state.stats(slot.key.key(), slot.key.input(), slot.key.model());
  }

  private byte[] keysEvent(List<WriterLog.Key> announced) {
    Map<String, @Nullable Object> event = new LinkedHashMap<>();
    event.put("t", state.lastStamp());
    event.put("keys", announced.stream().map(WriterLog.Key::toJson).toList());
    return Json.bytes(event);
  }

  /** Frames a point; consecutive points share a frame. */
  void point(KeySlot slot, double value, long step, long time, long sequence) {
    framer.point(slot.key.id(), value, step, time, sequence);
    if (slot.stats != null) {
      slot.stats.add(value, step, time);
    }
    summaryDue = true;
  }

  // ---- writing

  /** Returns whether there is something to write. */
  boolean dirty() {
    return framer.dirty();
  }

  /** Returns whether the next write should begin a new segment: {@link #detach} comes before it. */
  boolean isFull() {
    return file != null && position >= options.segmentBytes() && !midWrite;
  }

  /** Writes all frames. After an exception, the same call goes on where it was. */
  void write() throws IOException {
    framer.closeFrame();
    Disk.AppendFile target = file == null ? openSegment() : file;
    midWrite = true;
    while (prefixWritten < prefix.length) {
      ByteBuffer rest = ByteBuffer.wrap(prefix, prefixWritten, prefix.length - prefixWritten);
      try {
        target.write(rest);
      } finally {
        prefixWritten = advance(prefixWritten, rest);
      }
    }
    for (Framer.Chunk chunk = framer.first(); chunk != null; chunk = framer.first()) {
      while (chunk.written < chunk.end) {
        ByteBuffer rest = ByteBuffer.wrap(chunk.data, chunk.written, chunk.end - chunk.written);
        try {
          target.write(rest);
        } finally {
          chunk.written = advance(chunk.written, rest);
        }
      }
      if (framer.isOpen(chunk)) {
        break;
      }
      framer.removeFirst();
      retain(chunk);
    }
    midWrite = false;
    writtenTo = new WriterLog.Position(segment, position, framer.ordinal());
  }

  /** Takes note of what a write has taken, which may be something even if it threw. */
  private int advance(int before, ByteBuffer rest) {
    position += rest.position() - before;
    return rest.position();
  }

  private Disk.AppendFile openSegment() throws IOException {
    Files.createDirectories(folder);
    Disk.AppendFile fresh = null;
    while (fresh == null) {
      try {
        fresh = options.disk().create(WriterLog.segment(folder, writer, segment + 1));
      } catch (FileAlreadyExistsException e) {
        // Left by an attempt that failed half-way.
      }
      segment++;
    }
    file = fresh;
    position = 0;
    newFile = true;
    prefix = prefix(firstOrdinal());
    prefixWritten = 0;
    return fresh;
  }

  private long firstOrdinal() {
    Framer.Chunk first = framer.first();
    return first != null && first.end > first.written
        ? (long) Frames.LONG.get(first.data, first.written + 20)
        : framer.ordinal();
  }

  /** A segment's header, and all keys: each segment can be read alone. */
  private byte[] prefix(long firstOrdinal) {
    byte[] header =
        Frames.segmentHeader(
            segment,
            Long.parseUnsignedLong(writer, 16),
            firstOrdinal,
            created,
            RunFolders.digest(runId));
    if (keys.isEmpty()) {
      return header;
    }
    byte[] event = keysEvent(keys);
    int frame = header.length;
    byte[] both = Arrays.copyOf(header, frame + Frames.FRAME_HEADER + event.length);
    System.arraycopy(event, 0, both, frame + Frames.FRAME_HEADER, event.length);
    Frames.seal(new CRC32C(), both, frame, both.length, Frames.EVENT, 0, firstOrdinal);
    return both;
  }

  // ---- syncing

  private void retain(Framer.Chunk chunk) {
    if (retained != null) {
      unsynced.add(chunk);
      retained.bytes += chunk.data.length;
    }
  }

  private Framer.Chunk release(Retained count) {
    Framer.Chunk chunk = unsynced.removeFirst();
    count.bytes -= chunk.data.length;
    return chunk;
  }

  /** Gives up the oldest chunks that wait for an fsync, so that no more than this is held. */
  void forget(long bytes) {
    long held = 0;
    for (Framer.Chunk chunk : unsynced) {
      held += chunk.data.length;
    }
    while (retained != null && held > bytes) {
      Framer.Chunk chunk = release(retained);
      held -= chunk.data.length;
      forgottenBytes += chunk.end;
      forgottenSerial = chunk.serial;
    }
  }

  /** Returns what an fsync has to cover now, or null if there is no file. */
  @Nullable SyncPoint syncPoint() {
    return file == null ? null : syncPoint(file, false);
  }

  private SyncPoint syncPoint(Disk.AppendFile target, boolean last) {
    Framer.Chunk written = framer.takeWritten();
    if (written != null) {
      retain(written);
    }
    boolean wasNew = newFile;
    newFile = false;
    return new SyncPoint(this, target, framer.writtenSerial(), epoch, wasNew, last);
  }

  /** Gives the current segment away, to be synced and closed; the next write begins a new one. */
  @Nullable SyncPoint detach() {
    Disk.AppendFile old = file;
    file = null;
    return old == null ? null : syncPoint(old, true);
  }

  /** Closes the file as it is, and forgets what is not written. */
  void abandon() {
    closeFile();
    while (retained != null && !unsynced.isEmpty()) {
      release(retained);
    }
  }

  private void closeFile() {
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        // What was written is written; what was not is written again elsewhere, or by a recovery.
      }
      file = null;
    }
  }

  /** Takes note that an fsync has succeeded. */
  void synced(SyncPoint point) {
    if (point.epoch() != epoch) {
      return; // what it covered is being written again, which does no harm
    }
    while (retained != null
        && !unsynced.isEmpty()
        && unsynced.getFirst().serial <= point.serial()) {
      release(retained);
    }
    if (forgottenSerial <= point.serial()) {
      forgottenBytes = 0;
    }
  }

  /** Returns whether what that fsync should have covered has been written again already. */
  boolean isStale(SyncPoint point) {
    return point.epoch() != epoch;
  }

  /**
   * Begins a new segment with everything that no fsync has covered: what a failed fsync leaves in a
   * file is not to be trusted, whatever a later fsync says.
   *
   * @return how many bytes could not be kept in memory and are only in the old file
   */
  long relocate() {
    framer.closeFrame();
    closeFile();
    epoch++;
    midWrite = false;
    Collection<Framer.Chunk> again = new ArrayList<>(unsynced);
    while (retained != null && !unsynced.isEmpty()) {
      release(retained);
    }
    framer.putBack(again);
    long forgotten = forgottenBytes;
    forgottenBytes = 0;
    return forgotten;
  }

  // ---- the summary

  /** Returns the run's summary for this writer if it has changed since the last call, or null. */
  @Nullable String newSummary() {
    if (!summaryDue || framer.dirty()) {
      return null;
    }
    summaryDue = false;
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("format", 1L);
    json.put("run", runId);
    json.put("writer", writer);
    json.put("segment", (long) writtenTo.segment());
    json.put("offset", writtenTo.offset());
    json.put("ordinal", writtenTo.ordinal());
    json.put("ringEnd", framer.ringEnd());
    json.put("keys", keys.stream().map(WriterLog.Key::toJson).toList());
    json.put("state", state.toJson());
    return Json.text(json);
  }

  /** Takes note that the summary could not be put in place. */
  void summaryFailed() {
    summaryDue = true;
  }

  /** Returns where the summary goes. */
  Path summaryFile() {
    return RunFolders.summary(folder, writer);
  }
}
