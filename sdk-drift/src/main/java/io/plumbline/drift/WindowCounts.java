package io.plumbline.drift;

import io.plumbline.drift.internal.profile.ColumnFrame;
import io.plumbline.drift.internal.profile.Counts;
import io.plumbline.drift.internal.profile.CountsJson;
import io.plumbline.drift.internal.profile.Frame;
import io.plumbline.drift.internal.profile.OtherColumns;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a window, counted into the bins and categories of a profile: a few kilobytes, however
 * many rows. Immutable.
 *
 * <p>Windows of one profile can be merged, in any order and grouping: the counts are then exactly
 * those of all rows, and the moments differ in the last digits only.
 */
public final class WindowCounts {
  private static final long VERSION = 1;
  private static final String PLACE = "window counts";

  private final Frame frame;
  private final List<Counts> counts;
  private final OtherColumns.Seen others;
  private final @Nullable ScoreHistogram scores; // not to be written
  private final @Nullable Instant from;
  private final @Nullable Instant to;

  WindowCounts(
      Frame frame,
      List<Counts> counts,
      OtherColumns.Seen others,
      @Nullable ScoreHistogram scores,
      @Nullable Instant from,
      @Nullable Instant to) {
    this.frame = frame;
    this.counts = List.copyOf(counts);
    this.others = others;
    this.scores = scores;
    this.from = from;
    this.to = to;
  }

  /** When the window begins, if it is one of time. */
  public Optional<Instant> from() {
    return Optional.ofNullable(from);
  }

  /** When the window ends, exclusively, if it is one of time. */
  public Optional<Instant> to() {
    return Optional.ofNullable(to);
  }

  /**
   * The same counts as those of a time.
   *
   * @param begin when the window begins
   * @param end when it ends, exclusively; not before {@code begin}
   */
  public WindowCounts between(Instant begin, Instant end) {
    if (end.isBefore(begin)) {
      throw new IllegalArgumentException("a window cannot end at " + end + ", before " + begin);
    }
    return new WindowCounts(frame, counts, others, scores, begin, end);
  }

  /**
   * The number of rows: that of the column with most. Where rows have none of the profile's
   * columns, they are counted all the same.
   */
  public long rows() {
    long most = counts.stream().mapToLong(Counts::rows).max().orElse(0);
    return most > 0 ? most : others.rows();
  }

  /**
   * The names of columns that the rows have and the profile does not, in their own order: one of
   * them may be a column of the profile that was renamed. Known where rows were counted whole, from
   * a file, a table or a log; at most 1,000.
   */
  public List<String> otherColumns() {
    return others.names();
  }

  /**
   * The scores by decision, where they are known of every row of the window: of a binary model, as
   * its rows were counted while serving, or from a log that was not sampled. {@link
   * Cbpe#of(CalibrationMap, WindowCounts)} estimates from them. A copy.
   */
  public Optional<ScoreHistogram> scores() {
    return scores != null && scores.rows() + scores.unscored() >= rows()
        ? Optional.of(scores.copy())
        : Optional.empty();
  }

  /** The columns in the profile's order. */
  public List<ColumnCounts> columns() {
    List<ColumnCounts> columns = new ArrayList<>();
    for (int i = 0; i < counts.size(); i++) {
      columns.add(new ColumnCounts(frame.columns().get(i), counts.get(i)));
    }
    return columns;
  }

  /**
   * A column.
   *
   * @throws IllegalArgumentException if the profile has none of that name
   */
  public ColumnCounts column(String name) {
    int position = frame.position(name);
    return new ColumnCounts(frame.columns().get(position), counts.get(position));
  }

  /** The same of some columns only. */
  WindowCounts only(List<String> names) {
    List<ColumnFrame> frames = new ArrayList<>();
    List<Counts> kept = new ArrayList<>();
    for (String name : names) {
      int position = frame.position(name);
      frames.add(frame.columns().get(position));
      kept.add(counts.get(position));
    }
    return new WindowCounts(new Frame(frames), kept, others, scores, from, to);
  }

  /**
   * The rows of both windows, and the time from the earlier begin to the later end.
   *
   * @throws IllegalArgumentException if they were counted into different bins
   */
  public WindowCounts merge(WindowCounts other) {
    if (!frame.digest().equals(other.frame.digest())) {
      throw new IllegalArgumentException(
          "these windows were counted into the bins of different profiles; only windows of one"
              + " profile can be merged");
    }
    List<Counts> merged = new ArrayList<>();
    for (int i = 0; i < counts.size(); i++) {
      merged.add(counts.get(i).merge(other.counts.get(i)));
    }
    return new WindowCounts(
        frame,
        merged,
        others.merge(other.others),
        merge(scores, other.scores),
        earlier(from, other.from, -1),
        earlier(to, other.to, 1));
  }

  private static @Nullable ScoreHistogram merge(
      @Nullable ScoreHistogram left, @Nullable ScoreHistogram right) {
    if (left == null || right == null) {
      return left == null ? right : left;
    }
    ScoreHistogram both = left.copy();
    both.merge(right);
    return both;
  }

  private static @Nullable Instant earlier(
      @Nullable Instant left, @Nullable Instant right, int sign) {
    if (left == null || right == null) {
      return left == null ? right : left;
    }
    return Integer.signum(left.compareTo(right)) == sign ? left : right;
  }

  /**
   * The same, where the numbers of some columns are known by their bins alone: their mean,
   * deviation and range are those of the bins' edges. For what is kept of columns whose values are
   * private.
   *
   * @param names of columns; those that there are not are passed over
   */
  public WindowCounts binned(Set<String> names) {
    List<Counts> coarse = new ArrayList<>();
    for (int i = 0; i < counts.size(); i++) {
      ColumnFrame column = frame.columns().get(i);
      Counts own = counts.get(i);
      boolean named = names.contains(column.name()) && column.kind().binned();
      coarse.add(named ? own.binned(column.edges()) : own);
    }
    return new WindowCounts(frame, coarse, others, scores, from, to);
  }

  /** The counts as canonical JSON (RFC 8785), to be stored; equal counts give equal bytes. */
  public byte[] toJson() {
    return Json.canonical(toMap());
  }

  Map<String, Object> toMap() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("window_counts", VERSION);
    json.put("frame", frame.digest());
    if (from != null) {
      json.put("from", from.toString());
    }
    if (to != null) {
      json.put("to", to.toString());
    }
    others.write(json);
    List<Object> columns = new ArrayList<>();
    for (int i = 0; i < counts.size(); i++) {
      Map<String, Object> column = new LinkedHashMap<>();
      column.put("name", frame.columns().get(i).name());
      CountsJson.write(counts.get(i), frame.columns().get(i), column);
      columns.add(column);
    }
    json.put("columns", columns);
    if (scores != null) {
      json.put("scores", scores.json());
    }
    return json;
  }

  /**
   * Reads what {@link #toJson} has written.
   *
   * @param profile the profile into whose bins the window was counted
   * @throws IllegalArgumentException if it is something else, or of another profile; the message
   *     says where
   */
  public static WindowCounts fromJson(byte[] utf8, Profile profile) {
    return from(Json.object(utf8, PLACE), profile);
  }

  static WindowCounts from(JsonObject json, Profile profile) {
    Frame frame = profile.frame();
    String place = json.place();
    requireVersion(json);
    if (!json.string("frame").equals(frame.digest())) {
      throw new JsonException(place + ".frame is not that of profile " + profile.id());
    }
    List<JsonObject> columns = json.objects("columns");
    if (columns.size() != frame.columns().size()) {
      throw new JsonException(
          place + ".columns are " + columns.size() + ", not as many as the profile's");
    }
    List<Counts> counts = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      if (!columns.get(i).string("name").equals(frame.columns().get(i).name())) {
        throw new JsonException(
            columns.get(i).place() + ".name is not that of the profile's column");
      }
      counts.add(CountsJson.read(columns.get(i), frame.columns().get(i)));
    }
    JsonObject scores = json.objectOrNull("scores"); // which windows of older versions do not have
    return new WindowCounts(
        frame,
        counts,
        OtherColumns.Seen.read(json),
        scores == null ? null : ScoreHistogram.read(scores),
        instant(json, "from"),
        instant(json, "to"));
  }

  /**
   * Checks counts whose profile is not at hand, as far as that is possible.
   *
   * @return how many rows were counted
   * @throws IllegalArgumentException if something is wrong; the message says where
   */
  static long verify(JsonObject json) {
    requireVersion(json);
    if (!json.string("frame").matches("[0-9a-f]{64}")) {
      throw new JsonException(json.place() + ".frame is no digest");
    }
    long rows = 0;
    for (JsonObject column : json.objects("columns")) {
      if (column.string("name").isEmpty()) {
        throw new JsonException(column.place() + ".name is empty");
      }
      rows = Math.max(rows, CountsJson.verify(column));
    }
    JsonObject scores = json.objectOrNull("scores");
    if (scores != null) {
      ScoreHistogram unused = ScoreHistogram.read(scores);
    }
    return rows;
  }

  private static void requireVersion(JsonObject json) {
    if (json.longValue("window_counts") != VERSION) {
      throw new JsonException(
          json.place() + ".window_counts is not " + VERSION + ", the version that is known here");
    }
  }

  static @Nullable Instant instant(JsonObject json, String key) {
    String text = json.stringOr(key, null);
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeException e) {
      throw new JsonException(
          json.place() + "." + key + " is no time such as 2013-04-01T00:00:00Z", e);
    }
  }

  Frame frame() {
    return frame;
  }

  OtherColumns.Seen others() {
    return others;
  }

  List<Counts> counts() {
    return counts;
  }

  /** The scores that were counted, whether they are those of every row or not. */
  @Nullable ScoreHistogram someScores() {
    return scores;
  }

  private @Nullable Map<String, Object> scoresAsMap() {
    return scores == null ? null : scores.json();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof WindowCounts window
        && frame.digest().equals(window.frame.digest())
        && counts.equals(window.counts)
        && others.equals(window.others)
        && Objects.equals(scoresAsMap(), window.scoresAsMap())
        && Objects.equals(from, window.from)
        && Objects.equals(to, window.to);
  }

  @Override
  public int hashCode() {
    return Objects.hash(frame.digest(), counts, others, scoresAsMap(), from, to);
  }

  /** The time, if there is one, and the number of rows. */
  @Override
  public String toString() {
    return (from == null || to == null ? "" : from + " to " + to + ", ") + rows() + " rows";
  }
}
