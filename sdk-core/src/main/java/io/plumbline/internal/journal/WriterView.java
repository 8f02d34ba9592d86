package io.plumbline.internal.journal;

import io.plumbline.internal.history.MetricStats;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One writer's part of a run as it is now: its summary, and what its segments have beyond that.
 *
 * <p>A summary that is missing, damaged, or ahead of the segments, as a power cut may leave it, is
 * ignored: it says nothing that the segments do not say.
 */
public final class WriterView {
  private final RunState state;
  private final List<WriterLog.Key> keys;
  private final WriterLog.Report report;
  private final long ringEnd;

  private WriterView(
      RunState state, List<WriterLog.Key> keys, WriterLog.Report report, long ringEnd) {
    this.state = state;
    this.keys = keys;
    this.report = report;
    this.ringEnd = ringEnd;
  }

  /** Returns the state. */
  public RunState state() {
    return state;
  }

  /** Returns the metric keys that were announced. */
  public List<WriterLog.Key> keys() {
    return keys;
  }

  /** Returns what the reading of the segments found, beyond the summary. */
  public WriterLog.Report report() {
    return report;
  }

  long ringEnd() {
    return Math.max(ringEnd, report.ringEnd());
  }

  /** Returns the part of a writer that has written nothing. */
  static WriterView empty() {
    return new WriterView(new RunState(), List.of(), new WriterLog.Report(), 0);
  }

  /** Reads a writer's part, from its summary on. */
  public static WriterView load(Path folder, String writer) throws IOException {
    JsonObject summary = summary(folder, writer);
    return summary == null ? scan(folder, writer) : load(folder, writer, summary);
  }

  /** Reads a writer's part from its segments alone. */
  public static WriterView scan(Path folder, String writer) throws IOException {
    return read(folder, writer, WriterLog.Position.START, List.of(), new RunState(), 0);
  }

  /**
   * Returns what a writer's summary says, if the segments have nothing beyond it; null if they
   * have, or if the summary can't be used.
   */
  public static @Nullable RunState summaryState(Path folder, String writer) throws IOException {
    JsonObject summary = summary(folder, writer);
    try {
      return summary == null || !coversAll(folder, writer, summary)
          ? null
          : RunState.fromJson(summary.object("state"));
    } catch (JsonException e) {
      return null;
    }
  }

  private static boolean coversAll(Path folder, String writer, JsonObject summary)
      throws IOException {
    int segment = (int) summary.longValue("segment");
    try {
      return Files.size(WriterLog.segment(folder, writer, segment)) == summary.longValue("offset")
          && Files.notExists(WriterLog.segment(folder, writer, segment + 1));
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static @Nullable JsonObject summary(Path folder, String writer) throws IOException {
    try {
      JsonObject json =
          JsonObject.of(
              Json.parse(Files.readAllBytes(RunFolders.summary(folder, writer))), "run.json");
      return json.longValue("format") == 1 ? json : null;
    } catch (NoSuchFileException | JsonException e) {
      return null;
    }
  }

  private static WriterView load(Path folder, String writer, JsonObject summary)
      throws IOException {
    WriterLog.Position at;
    List<WriterLog.Key> keys;
    RunState state;
    try {
      at =
          new WriterLog.Position(
              Math.toIntExact(summary.longValue("segment")),
              summary.longValue("offset"),
              summary.longValue("ordinal"));
      keys = summary.objects("keys").stream().map(WriterLog.Key::fromJson).toList();
      state = RunState.fromJson(summary.object("state"));
    } catch (JsonException | ArithmeticException e) {
      return scan(folder, writer); // a summary of another form says nothing
    }
    if (at.segment() > 0 && isShorter(WriterLog.segment(folder, writer, at.segment()), at)) {
      return scan(folder, writer);
    }
    return read(folder, writer, at, keys, state, summary.longOr("ringEnd", 0));
  }

  private static boolean isShorter(Path segment, WriterLog.Position at) throws IOException {
    try {
      return Files.size(segment) < at.offset();
    } catch (NoSuchFileException e) {
      return true;
    }
  }

  private static WriterView read(
      Path folder,
      String writer,
      WriterLog.Position from,
      List<WriterLog.Key> known,
      RunState state,
      long ringEnd)
      throws IOException {
    Collector collector = new Collector(state, writer);
    WriterLog.Report report = new WriterLog(folder, writer).read(from, known, collector);
    return new WriterView(state, new ArrayList<>(collector.keys.values()), report, ringEnd);
  }

  /** Builds the state from what is read. */
  private static final class Collector implements WriterLog.Visitor {
    private final RunState state;
    private final String writer;
    private final Map<Integer, WriterLog.Key> keys = new LinkedHashMap<>();
    private MetricStats[] stats = new MetricStats[16];

    Collector(RunState state, String writer) {
      this.state = state;
      this.writer = writer;
    }

    @Override
    public void key(WriterLog.Key key) {
      keys.put(key.id(), key);
      if (key.id() < 1 << 24) {
        if (key.id() >= stats.length) {
          stats = Arrays.copyOf(stats, Math.max(key.id() + 1, stats.length * 2));
        }
        stats[key.id()] = state.stats(key.key(), key.input(), key.model());
      }
    }

    @Override
    public void event(JsonObject event) {
      state.apply(event, writer);
    }

    @Override
    public void point(int key, double value, long step, long time) {
      MetricStats metric = key >= 0 && key < stats.length ? stats[key] : null;
      if (metric != null) {
        metric.add(value, step, time);
      }
    }
  }
}
