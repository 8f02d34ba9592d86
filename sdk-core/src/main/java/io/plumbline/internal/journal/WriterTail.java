package io.plumbline.internal.journal;

import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Follows what one writer writes into one run, frame by frame, from a record on, while it grows.
 * Not for several threads.
 *
 * <p>Records that are damaged or lost are passed over: {@link WriterLog} counts them. Where the
 * next segment has them again, as after a failed fsync, the reading goes on there.
 */
public final class WriterTail {
  /** Takes the records, in order. */
  public interface Sink {
    /**
     * Takes an event.
     *
     * @param next the ordinal behind it
     */
    void event(long next, JsonObject event);

    /**
     * Takes a point.
     *
     * @param next the ordinal behind it
     */
    void point(long next, WriterLog.Key key, double value, long step, long time);
  }

  private final Path folder;
  private final String writer;
  private final Map<Integer, WriterLog.Key> keys = new HashMap<>();
  private final BitSet known = new BitSet();
  private int segment;
  private long offset;
  private long ordinal;
  private @Nullable SegmentReader open;

  /** Whether the rest of the segment is in the next one, and this one lacks something of it. */
  private boolean again;

  /**
   * Makes a tail.
   *
   * @param folder the run's folder
   * @param writer the writer's id
   * @param segment the segment in which the first wanted record is, or one before it
   * @param ordinal the ordinal of the first wanted record
   */
  public WriterTail(Path folder, String writer, int segment, long ordinal) {
    this.folder = folder;
    this.writer = writer;
    this.segment = segment;
    this.ordinal = ordinal;
  }

  /** Returns the segment that is being read. */
  public int segment() {
    return segment;
  }

  /** Returns the ordinal of the next record. */
  public long ordinal() {
    return ordinal;
  }

  /**
   * Reads the next frame with a record that was not read before.
   *
   * @return false if there is none, now
   */
  public boolean read(Sink sink) throws IOException {
    if (open == null && offset > 0 && offset >= size() && nextSegment() == segment) {
      return false; // without a buffer: that is asked of each idle run several times a second
    }
    while (!readFrame(sink)) {
      int next = nextSegment();
      // A segment that has a successor grows no more: what came into it meanwhile is the last.
      if (next > segment && readFrame(sink)) {
        return true;
      }
      pause();
      if (next == segment) {
        return false;
      }
      segment = next;
      offset = 0;
      again = false;
    }
    return true;
  }

  /** Lets go of the file; the next reading goes on where this was. */
  public void pause() throws IOException {
    SegmentReader reader = open;
    open = null;
    if (reader != null) {
      reader.close();
    }
  }

  /** Returns the next segment's number, or this one's if there is none. */
  private int nextSegment() throws IOException {
    return new WriterLog(folder, writer)
        .segments().stream().filter(number -> number > segment).findFirst().orElse(segment);
  }

  private long size() throws IOException {
    try {
      return Files.size(WriterLog.segment(folder, writer, segment));
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  private boolean readFrame(Sink sink) throws IOException {
    SegmentReader reader = reader();
    while (reader != null && !again && reader.next()) {
      boolean lacks = reader.ordinal() > ordinal || reader.isBehindDamage();
      if (lacks && nextHas(ordinal)) {
        again = true;
        return false;
      }
      long before = ordinal;
      Taking taking = new Taking(sink);
      reader.give(taking);
      offset = reader.end();
      if (ordinal > before) {
        return true;
      }
    }
    return false;
  }

  /** Returns whether the next segment begins with a record, or before it. */
  private boolean nextHas(long record) throws IOException {
    int next = nextSegment();
    if (next == segment) {
      return false;
    }
    try (SegmentReader reader = SegmentReader.at(WriterLog.segment(folder, writer, next), 0)) {
      return reader.next() && reader.ordinal() <= record;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private @Nullable SegmentReader reader() throws IOException {
    if (open == null) {
      try {
        open = SegmentReader.at(WriterLog.segment(folder, writer, segment), offset);
      } catch (NoSuchFileException e) {
        return null; // there is none yet, or it was removed
      }
    }
    return open;
  }

  /** Takes the records of one frame that were not taken before. */
  private final class Taking implements SegmentReader.Sink, WriterLog.Visitor {
    private final Sink sink;
    private long at;

    Taking(Sink sink) {
      this.sink = sink;
    }

    @Override
    public void frame(int type, int count, long first, byte[] bytes, int from, int to) {
      if (count < 0 || first < 0 || first + count < 0) {
        return;
      }
      at = first;
      try {
        if (type == Frames.METRICS && to - from >= 8) {
          if (first + count > ordinal) {
            MetricRows.read(bytes, from + 8, to, count, known, this);
          }
        } else if (type == Frames.EVENT) {
          JsonObject event =
              JsonObject.of(Json.parse(Arrays.copyOfRange(bytes, from, to)), "event");
          event.objects("keys").forEach(key -> announce(WriterLog.Key.fromJson(key)));
          if (count > 0 && first + count > ordinal) {
            sink.event(first + count, event);
          }
        }
      } catch (JsonException | IndexOutOfBoundsException | ArithmeticException e) {
        // Damage: a reader of the whole run tells it.
      }
      ordinal = count > 0 ? Math.max(ordinal, first + count) : ordinal;
    }

    private void announce(WriterLog.Key key) {
      if (key.id() >= 0 && key.id() <= WriterLog.MAX_KEY) {
        keys.putIfAbsent(key.id(), key);
        known.set(key.id());
      }
    }

    @Override
    public void point(int key, double value, long step, long time) {
      at++;
      if (at > ordinal) {
        sink.point(at, Objects.requireNonNull(keys.get(key)), value, step, time);
      }
    }

    @Override
    public void event(JsonObject event) {
      throw new IllegalStateException("events are not read through this");
    }
  }

  /** Returns the ids of all writers that have written into a run. */
  public static List<String> writers(Path folder) throws IOException {
    return List.copyOf(WriterLog.writers(folder));
  }
}
