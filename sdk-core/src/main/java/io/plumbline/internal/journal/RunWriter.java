package io.plumbline.internal.journal;

import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One writer's part of one run: frames records into chunks of memory, and writes the chunks to
 * segment files. Only the writer thread touches it, and recovery, which has it for itself.
 *
 * <p>A chunk stays in memory until an fsync has covered it, so that it can be written again
 * elsewhere when the fsync fails.
 */
final class RunWriter {
  private static final int SMALLEST_CHUNK = 512;
  private static final int LARGEST_CHUNK = 256 * 1024;

  /** Some whole frames, or a segment's header. */
  private static final class Chunk {
    final byte[] data;
    final long serial;
    int end;
    int written;

    Chunk(int size, long serial) {
      this.data = new byte[size];
      this.serial = serial;
    }
  }

  /**
   * What an fsync is asked to cover.
   *
   * @param serial all chunks up to this one
   * @param newFile whether the folder's entry for the file has to be covered too
   * @param last whether the file is to be closed then
   */
  record SyncPoint(
      RunWriter run, Disk.AppendFile file, long serial, boolean newFile, boolean last) {}

  /** The metrics of this run that were refused. */
  final Drops drops = new Drops();

  /** The number of the next metric key; taken by callers. */
  final AtomicInteger nextKey = new AtomicInteger();

  /** How often the run is open; guarded by the journal's lock for runs. */
  int users;

  /** Whether the journal has this run on its list of those with something to write. */
  boolean listed;

  /** Whether something was written since the last fsync was asked for. */
  boolean needsSync;

  private final Disk disk;
  private final String runId;
  private final Path folder;
  private final String writer;
  private final long created;
  private final int segmentSize;
  private final boolean retain;
  private final RunState state;
  private final List<KeySlot> keys = new ArrayList<>();
  private final CRC32C crc = new CRC32C();

  private final Deque<Chunk> unwritten = new ArrayDeque<>();
  private final Deque<Chunk> unsynced = new ArrayDeque<>();
  private long unsyncedBytes;
  private long forgottenBytes;
  private long serial;
  private int chunkSize = SMALLEST_CHUNK;
  private @Nullable Chunk open;

  private int frame = -1;
  private int frameCount;
  private long frameStep;
  private long frameTime;
  private long ringEnd;

  private Disk.@Nullable AppendFile file;
  private int segment;
  private long position;
  private long ordinal;
  private WriterLog.Position writtenTo;
  private boolean summaryDue;
  private boolean newFile;
  private boolean closed;
  private boolean midFrame;

  /**
   * Makes a run's writer.
   *
   * @param at where this writer's earlier segments of the run end; nothing is appended to them
   * @param retain whether chunks are kept until they are synced
   * @param ringEnd the ring's sequence behind the last record that is in those segments
   */
  RunWriter(
      Disk disk,
      String runId,
      Path folder,
      String writer,
      long created,
      int segmentSize,
      boolean retain,
      RunState state,
      WriterLog.Position at,
      long ringEnd) {
    this.disk = disk;
    this.runId = runId;
    this.folder = folder;
    this.writer = writer;
    this.created = created;
    this.segmentSize = segmentSize;
    this.retain = retain;
    this.state = state;
    this.ringEnd = ringEnd;
    this.segment = at.segment();
    this.ordinal = at.ordinal();
    this.writtenTo = at;
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

  /** Lets the journal give the run's file back as soon as all is written. */
  void close() {
    tellDrops(state.lastStamp());
    closed = true;
  }

  void reopen() {
    closed = false;
  }

  boolean isClosed() {
    return closed;
  }

  boolean hasFile() {
    return file != null;
  }

  /** Frames how many metrics were refused since the last time, if any were. */
  void tellDrops(long now) {
    Map<String, @Nullable Object> news = new LinkedHashMap<>(drops.news());
    if (!news.isEmpty()) {
      Map<String, @Nullable Object> event = new LinkedHashMap<>();
      event.put("dropped", news);
      event(event, now);
    }
  }

  // ---- framing

  /** Frames an event; the stamp is given here, so that it never goes back within the run. */
  void event(Map<String, @Nullable Object> event, long now) {
    Map<String, @Nullable Object> stamped = new LinkedHashMap<>();
    stamped.put("t", Math.max(now, state.lastStamp()));
    if (ordinal == 0) {
      stamped.put("run", runId);
    }
    stamped.putAll(event);
    state.apply(JsonObject.of(stamped, "event"), writer);
    frameEvent(stamped, 1);
    summaryDue = true;
  }

  /** Frames a key's announcement. */
  void announce(KeySlot slot) {
    if (!slot.announced) {
      adopt(slot);
      frameEvent(keysEvent(List.of(slot)), 0);
    }
  }

  /** Takes over a key that an earlier segment has announced. */
  void adopt(KeySlot slot) {
    slot.announced = true;
    slot.stats = state.stats(slot.key.key());
    keys.add(slot);
  }

  private Map<String, @Nullable Object> keysEvent(List<KeySlot> slots) {
    Map<String, @Nullable Object> event = new LinkedHashMap<>();
    event.put("t", state.lastStamp());
    event.put("keys", slots.stream().map(s -> s.key.toJson()).toList());
    return event;
  }

  private void frameEvent(Map<String, @Nullable Object> event, int count) {
    byte[] json = Json.bytes(event);
    closeFrame();
    Chunk chunk = room(Frames.FRAME_HEADER + json.length);
    int at = chunk.end;
    System.arraycopy(json, 0, chunk.data, at + Frames.FRAME_HEADER, json.length);
    chunk.end = at + Frames.FRAME_HEADER + json.length;
    Frames.seal(crc, chunk.data, at, chunk.end, Frames.EVENT, count, ordinal);
    ordinal += count;
  }

  /** Frames a point; consecutive points share a frame. */
  void point(KeySlot slot, double value, long step, long time, long sequence) {
    Chunk chunk = open;
    if (frame < 0 || chunk == null || chunk.end + MetricRows.MAX_ROW > chunk.data.length) {
      chunk = openFrame();
    }
    byte[] b = chunk.data;
    int at = chunk.end;
    at = Frames.putVarint(b, at, slot.key.id());
    at = Frames.putVarint(b, at, Frames.zigzag(step - frameStep));
    at = Frames.putVarint(b, at, Frames.zigzag(time - frameTime));
    Frames.LONG.set(b, at, Double.doubleToRawLongBits(value));
    chunk.end = at + 8;
    frameStep = step;
    frameTime = time;
    frameCount++;
    ringEnd = sequence + 1;
    if (slot.stats != null) {
      slot.stats.add(value, step, time);
    }
  }

  private Chunk openFrame() {
    closeFrame();
    Chunk chunk = room(Frames.FRAME_HEADER + 8 + MetricRows.MAX_ROW);
    frame = chunk.end;
    chunk.end += Frames.FRAME_HEADER + 8;
    frameCount = 0;
    frameStep = 0;
    frameTime = 0;
    return chunk;
  }

  private void closeFrame() {
    Chunk chunk = open;
    if (frame >= 0 && chunk != null) {
      Frames.LONG.set(chunk.data, frame + Frames.FRAME_HEADER, ringEnd);
      Frames.seal(crc, chunk.data, frame, chunk.end, Frames.METRICS, frameCount, ordinal);
      ordinal += frameCount;
      frame = -1;
      summaryDue = true;
    }
  }

  private Chunk room(int bytes) {
    Chunk chunk = open;
    if (chunk == null || chunk.end + bytes > chunk.data.length) {
      if (chunk != null) {
        chunkSize = Math.min(LARGEST_CHUNK, chunkSize * 2);
      }
      chunk = new Chunk(Math.max(bytes, chunkSize), ++serial);
      open = chunk;
      unwritten.add(chunk);
    }
    return chunk;
  }

  // ---- writing

  /** Returns whether there is something to write. */
  boolean dirty() {
    Chunk first = unwritten.peekFirst();
    return frame >= 0 || unwritten.size() > 1 || (first != null && first.written < first.end);
  }

  /**
   * Writes all frames. After an exception, the same call goes on where it was.
   *
   * @return the fsync that a full segment needs, or null
   */
  @Nullable SyncPoint write() throws IOException {
    closeFrame();
    SyncPoint full = null;
    if (file != null && position >= segmentSize && !midFrame) {
      full = detach();
    }
    Disk.AppendFile target = file == null ? openSegment() : file;
    midFrame = true;
    while (!unwritten.isEmpty()) {
      Chunk chunk = unwritten.getFirst();
      while (chunk.written < chunk.end) {
        ByteBuffer rest = ByteBuffer.wrap(chunk.data, chunk.written, chunk.end - chunk.written);
        target.write(rest);
        position += rest.position() - chunk.written;
        chunk.written = rest.position();
      }
      if (chunk == open) {
        break;
      }
      unwritten.removeFirst();
      hold(chunk);
    }
    midFrame = false;
    writtenTo = new WriterLog.Position(segment, position, ordinal);
    return full;
  }

  private Disk.AppendFile openSegment() throws IOException {
    Files.createDirectories(folder);
    Disk.AppendFile fresh = disk.create(WriterLog.segment(folder, writer, segment + 1));
    file = fresh;
    segment++;
    position = 0;
    Chunk first = unwritten.peekFirst();
    long firstOrdinal = ordinal;
    if (first != null && first.end > first.written) {
      firstOrdinal = (long) Frames.LONG.get(first.data, first.written + 20);
    }
    byte[] header =
        Frames.segmentHeader(
            segment,
            Long.parseUnsignedLong(writer, 16),
            firstOrdinal,
            created,
            RunFolders.digest(runId));
    byte[] dictionary = keys.isEmpty() ? new byte[0] : Json.bytes(keysEvent(keys));
    int frames = dictionary.length == 0 ? 0 : Frames.FRAME_HEADER + dictionary.length;
    // Its serial is that of the chunk before it: it is covered when that one is.
    Chunk chunk = new Chunk(header.length + frames, first == null ? serial : first.serial);
    System.arraycopy(header, 0, chunk.data, 0, header.length);
    chunk.end = header.length;
    if (frames > 0) {
      System.arraycopy(
          dictionary, 0, chunk.data, header.length + Frames.FRAME_HEADER, dictionary.length);
      chunk.end += frames;
      Frames.seal(crc, chunk.data, header.length, chunk.end, Frames.EVENT, 0, firstOrdinal);
    }
    unwritten.addFirst(chunk);
    newFile = true;
    return fresh;
  }

  private void seal(Chunk chunk) {
    unwritten.remove(chunk);
    hold(chunk);
    if (open == chunk) {
      open = null;
    }
  }

  private void hold(Chunk chunk) {
    if (retain && !isPrefix(chunk)) {
      unsynced.add(chunk);
      unsyncedBytes += chunk.data.length;
    }
  }

  private static boolean isPrefix(Chunk chunk) {
    return (long) Frames.LONG.get(chunk.data, 0) == Frames.SEGMENT_MAGIC;
  }

  /** Returns how much memory waits for an fsync. */
  long unsyncedBytes() {
    return unsyncedBytes;
  }

  /** Gives up the oldest chunks that wait for an fsync, so that no more than this is held. */
  void forget(long bytes) {
    while (unsyncedBytes > bytes && !unsynced.isEmpty()) {
      Chunk chunk = unsynced.removeFirst();
      unsyncedBytes -= chunk.data.length;
      forgottenBytes += chunk.end;
    }
  }

  /** Returns what an fsync has to cover now, or null if nothing was written. */
  @Nullable SyncPoint syncPoint() {
    if (file == null) {
      return null;
    }
    Chunk chunk = open;
    if (chunk != null && frame < 0 && chunk.written == chunk.end) {
      if (chunk.end < chunk.data.length / 4) {
        chunkSize = Math.max(SMALLEST_CHUNK, chunkSize / 2);
      }
      seal(chunk);
    }
    long covered = unwritten.isEmpty() ? serial : unwritten.getFirst().serial - 1;
    boolean wasNew = newFile;
    newFile = false;
    return new SyncPoint(this, file, covered, wasNew, false);
  }

  /** Gives the current segment away, to be synced and closed; the next write begins a new one. */
  @Nullable SyncPoint detach() {
    SyncPoint point = syncPoint();
    if (point == null) {
      return null;
    }
    file = null;
    return new SyncPoint(this, point.file(), point.serial(), point.newFile(), true);
  }

  /** Closes the file as it is: for the end of the writer. */
  void abandon() {
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        // What was written is written; recovery reads it.
      }
      file = null;
    }
  }

  /** Takes note that an fsync has covered all chunks up to that serial. */
  void synced(long upTo) {
    while (!unsynced.isEmpty() && unsynced.getFirst().serial <= upTo) {
      unsyncedBytes -= unsynced.removeFirst().data.length;
    }
    forgottenBytes = 0;
  }

  /**
   * Begins a new segment with everything that no fsync has covered: what a failed fsync leaves in a
   * file is not to be trusted, whatever a later fsync says.
   *
   * @return how many bytes could not be kept in memory and are only in the old file
   */
  long relocate() {
    closeFrame();
    Disk.AppendFile old = file;
    file = null;
    midFrame = false;
    if (old != null) {
      try {
        old.close();
      } catch (IOException e) {
        // The file has failed already; what it holds is written again.
      }
    }
    open = null;
    List<Chunk> again = new ArrayList<>(unsynced);
    again.addAll(unwritten);
    again.removeIf(RunWriter::isPrefix);
    unwritten.clear();
    unsynced.clear();
    unsyncedBytes = 0;
    again.forEach(chunk -> chunk.written = 0);
    unwritten.addAll(again);
    long forgotten = forgottenBytes;
    forgottenBytes = 0;
    return forgotten;
  }

  // ---- the summary

  boolean summaryDue() {
    return summaryDue;
  }

  /** Writes the run's summary for this writer, as far as its segments are written. */
  void writeSummary() throws IOException {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("format", 1L);
    json.put("run", runId);
    json.put("writer", writer);
    json.put("segment", (long) writtenTo.segment());
    json.put("offset", writtenTo.offset());
    json.put("ordinal", writtenTo.ordinal());
    json.put("ringEnd", ringEnd);
    json.put("keys", keys.stream().map(k -> k.key.toJson()).toList());
    json.put("state", state.toJson());
    Path target = RunFolders.summary(folder, writer);
    Path fresh = folder.resolve(writer + ".run.tmp");
    Files.write(fresh, Json.bytes(json));
    Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    summaryDue = false;
  }
}
