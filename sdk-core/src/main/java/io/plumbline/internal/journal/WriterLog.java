package io.plumbline.internal.journal;

import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All that one writer has written into one run: its segments, read in order, each record once.
 *
 * <p>Records have ordinals, counted from 0 by their writer. A frame that was written again
 * elsewhere, after a failed fsync, has the ordinal it had before; ordinals that are nowhere are
 * records lost.
 */
public final class WriterLog {
  /** Where a reading stopped, or may begin. */
  public record Position(int segment, long offset, long ordinal) {
    /** The beginning of everything. */
    public static final Position START = new Position(0, 0, 0);
  }

  /**
   * A metric key as its writer knows it.
   *
   * @param id its number in the frames of this writer in this run
   * @param ring its number in the writer's ring
   * @param key the metric's name
   * @param input the dataset input its points were measured on, or null
   * @param model the id of the model its points belong to, or null
   */
  public record Key(
      int id, int ring, String key, @Nullable JsonObject input, @Nullable String model) {
    Map<String, @Nullable Object> toJson() {
      Map<String, @Nullable Object> json = new TreeMap<>();
      json.put("id", (long) id);
      json.put("ring", (long) ring);
      json.put("key", key);
      if (input != null) {
        json.put("input", input.asMap());
      }
      if (model != null) {
        json.put("model", model);
      }
      return json;
    }

    static Key fromJson(JsonObject json) {
      return new Key(
          Math.toIntExact(json.longValue("id")),
          Math.toIntExact(json.longValue("ring")),
          json.string("key"),
          json.objectOrNull("input"),
          json.stringOr("model", null));
    }
  }

  /** Takes what is read. */
  public interface Visitor {
    /** Takes an event. */
    void event(JsonObject event);

    /** Takes one point; {@code key} is a number that {@link #key} has announced. */
    void point(int key, double value, long step, long time);

    /** Takes a key, once, before its first point. */
    default void key(Key key) {}

    /** Returns whether points are wanted at all. */
    default boolean wantsPoints() {
      return true;
    }
  }

  /** What a reading found; what is not sound is told in {@link #problems}. */
  public static final class Report {
    private final List<String> problems = new ArrayList<>();
    private Position end = Position.START;
    private long records;
    private long bytes;
    private long lost;
    private long torn;
    private long ringEnd;

    /** Returns where the reading stopped: behind the last whole frame. */
    public Position end() {
      return end;
    }

    /** Returns how many records were read. */
    public long records() {
      return records;
    }

    /** Returns how many bytes of segments were looked at. */
    public long bytes() {
      return bytes;
    }

    /** Returns how many records are missing between those that were read. */
    public long lost() {
      return lost;
    }

    /** Returns how many bytes stand behind the last whole frame of the last segment. */
    public long torn() {
      return torn;
    }

    /** Returns the ring's sequence behind the last record from the ring; 0 if there is none. */
    public long ringEnd() {
      return ringEnd;
    }

    /** Returns what is damaged, as sentences that name file and place. */
    public List<String> problems() {
      return problems;
    }
  }

  private static final String SUFFIX = ".seg";

  /** Keys are numbered from 0: so many nobody has. */
  static final int MAX_KEY = 1 << 24;

  private final Path folder;
  private final String writer;

  /**
   * Makes a reader of that writer's segments.
   *
   * @param folder the run's folder
   * @param writer the writer's id
   */
  public WriterLog(Path folder, String writer) {
    this.folder = folder;
    this.writer = writer;
  }

  static Path segment(Path folder, String writer, int number) {
    // Not String.format: a report asks for thousands of names.
    String digits = Integer.toString(number);
    String zeros = "0".repeat(Math.max(0, 6 - digits.length()));
    return folder.resolve(writer + "." + zeros + digits + SUFFIX);
  }

  /** Returns the ids of all writers that have segments in a run's folder. */
  static Set<String> writers(Path folder) throws IOException {
    Set<String> writers = new TreeSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        if (name.matches("[0-9a-f]{16}\\.[0-9]{6,9}\\.seg")) {
          writers.add(name.substring(0, 16));
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return Set.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return writers;
  }

  /** Returns the numbers of this writer's segments, in order. */
  public List<Integer> segments() throws IOException {
    TreeSet<Integer> numbers = new TreeSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        int number = number(String.valueOf(file.getFileName()));
        if (number >= 0) {
          numbers.add(number);
        }
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return List.copyOf(numbers);
  }

  /** Returns the number of this writer's segment of that name; -1 if it is none. */
  private int number(String name) {
    int from = writer.length() + 1;
    int digits = name.length() - SUFFIX.length() - from;
    if (digits < 6
        || digits > 9
        || !name.startsWith(writer)
        || name.charAt(from - 1) != '.'
        || !name.endsWith(SUFFIX)) {
      return -1;
    }
    int number = 0;
    for (int i = from; i < from + digits; i++) {
      char c = name.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      number = number * 10 + (c - '0');
    }
    return number;
  }

  /**
   * Returns when the writer opened the run, in epoch milliseconds; of a writer without a whole
   * segment header, the end of time.
   */
  public long opened() throws IOException {
    for (int number : segments()) {
      try (InputStream in = new FileInputStream(segment(folder, writer, number).toFile())) {
        ByteBuffer header = ByteBuffer.wrap(in.readNBytes(40)).order(ByteOrder.LITTLE_ENDIAN);
        if (header.limit() == 40 && header.getLong(0) == Frames.SEGMENT_MAGIC) {
          return header.getLong(32);
        }
      } catch (FileNotFoundException e) {
        // erased meanwhile
      }
    }
    return Long.MAX_VALUE;
  }

  /** Reads everything. */
  public Report read(Visitor visitor) throws IOException {
    return read(Position.START, List.of(), visitor);
  }

  /**
   * Reads what comes behind a position.
   *
   * @param known the keys that were announced before that position
   */
  public Report read(Position from, List<Key> known, Visitor visitor) throws IOException {
    Segments segments = segments(from, known, visitor);
    while (segments.readNext()) {
      // the visitor takes what is in it
    }
    return segments.report();
  }

  /** Begins to read everything, segment by segment, as the caller asks for them. */
  public Segments segments(Visitor visitor) throws IOException {
    return segments(Position.START, List.of(), visitor);
  }

  private Segments segments(Position from, List<Key> known, Visitor visitor) throws IOException {
    Reading reading = new Reading(visitor, from.ordinal());
    known.forEach(reading::announce);
    reading.report.end = from;
    return new Segments(from, reading, segments().iterator());
  }

  /** A reading that goes on when it is asked to. */
  public final class Segments {
    private final Position from;
    private final Reading reading;
    private final Iterator<Integer> numbers;

    private Segments(Position from, Reading reading, Iterator<Integer> numbers) {
      this.from = from;
      this.reading = reading;
      this.numbers = numbers;
    }

    /** Reads the next segment; returns false if there is none. */
    public boolean readNext() throws IOException {
      if (!numbers.hasNext()) {
        return false;
      }
      int number = numbers.next();
      if (number >= from.segment()) {
        Path file = segment(folder, writer, number);
        long offset = number == from.segment() ? from.offset() : 0;
        try {
          reading.finish(file, number, SegmentReader.read(file, offset, reading));
        } catch (NoSuchFileException e) {
          return true; // erased meanwhile
        }
      }
      return true;
    }

    /** Returns what the reading found, once there is no segment left. */
    public Report report() {
      reading.countLost();
      return reading.report;
    }
  }

  /** The state of one reading: which ordinals were seen, and which are missing so far. */
  private static final class Reading implements SegmentReader.Sink {
    private final Report report = new Report();
    private final Visitor visitor;
    private final Map<Integer, Key> keys = new HashMap<>();
    private final BitSet known = new BitSet();
    private final TreeMap<Long, Long> gaps = new TreeMap<>();
    private long expected;
    private long unknown;
    private boolean newer;

    Reading(Visitor visitor, long expected) {
      this.visitor = visitor;
      this.expected = expected;
    }

    void announce(Key key) {
      if (key.id() < 0 || key.id() > MAX_KEY) {
        throw new JsonException("a metric key can't have the number " + key.id());
      }
      if (keys.putIfAbsent(key.id(), key) == null) {
        known.set(key.id());
        visitor.key(key);
      }
    }

    @Override
    public void frame(int type, int count, long ordinal, byte[] b, int from, int to) {
      if (count < 0 || ordinal < 0 || ordinal + count < 0) {
        report.problems.add("a frame says that it has " + count + " records from " + ordinal);
        return;
      }
      if (type != Frames.EVENT && type != Frames.METRICS) {
        newer |= (type & Frames.MUST_UNDERSTAND) != 0;
        take(ordinal, count);
        return;
      }
      boolean fresh = count == 0 || take(ordinal, count);
      if (type == Frames.METRICS && to - from < 8) {
        report.problems.add("a frame with record " + ordinal + " is too short");
        return;
      }
      try {
        if (type == Frames.METRICS) {
          metrics(b, from, to, fresh ? count : 0);
        } else if (fresh) {
          event(b, from, to);
        }
      } catch (JsonException | IndexOutOfBoundsException | ArithmeticException e) {
        report.problems.add("a frame with record " + ordinal + " is not understood: " + e);
      }
    }

    /** Returns whether these ordinals are new; remembers those that were jumped over. */
    private boolean take(long ordinal, int count) {
      if (ordinal >= expected) {
        if (ordinal > expected) {
          gaps.put(expected, ordinal);
        }
        expected = ordinal + count;
      } else {
        Map.Entry<Long, Long> gap = gaps.floorEntry(ordinal);
        if (gap == null || ordinal + count > gap.getValue()) {
          return false;
        }
        gaps.remove(gap.getKey());
        if (gap.getKey() < ordinal) {
          gaps.put(gap.getKey(), ordinal);
        }
        if (ordinal + count < gap.getValue()) {
          gaps.put(ordinal + count, gap.getValue());
        }
      }
      report.records += count;
      return true;
    }

    private void metrics(byte[] b, int from, int to, int count) {
      report.ringEnd = Math.max(report.ringEnd, (long) Frames.LONG.get(b, from));
      if (count > 0 && visitor.wantsPoints()) {
        unknown += MetricRows.read(b, from + 8, to, count, known, visitor);
      }
    }

    private void event(byte[] b, int from, int to) {
      JsonObject event = JsonObject.of(Json.parse(Arrays.copyOfRange(b, from, to)), "event");
      for (JsonObject key : event.objects("keys")) {
        announce(Key.fromJson(key));
      }
      visitor.event(event);
    }

    void finish(Path file, int number, SegmentReader.Result result) {
      Path name = file.getFileName();
      report.bytes += result.end() + result.torn();
      report.torn = result.torn();
      if (!result.readable()) {
        if (!result.problem().isEmpty()) {
          report.problems.add(name + " is skipped: " + result.problem());
        }
        return;
      }
      if (result.number() != number) {
        report.problems.add(name + " says that it is segment " + result.number());
      }
      for (SegmentReader.Damage d : result.damages()) {
        report.problems.add(
            name + " is damaged from byte " + d.from() + " to " + d.to() + ", which is skipped");
      }
      report.end = new Position(number, result.end(), expected);
    }

    void countLost() {
      gaps.forEach((from, to) -> report.lost += to - from);
      if (report.lost > 0) {
        report.problems.add(report.lost + " records are lost in what is damaged");
      }
      if (unknown > 0) {
        report.problems.add(unknown + " points belong to keys whose announcement is lost");
      }
      if (newer) {
        report.problems.add("a newer version has written frames that this one does not understand");
      }
    }
  }
}
