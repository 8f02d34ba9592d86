package io.plumbline.internal.journal;

import io.plumbline.internal.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All that the segments of one run say, from all its writers. */
final class ReadBack implements WriterLog.Visitor {
  /** A point as it was read. */
  record Point(String key, double value, long step, long time) {}

  final List<Point> points = new ArrayList<>();
  final List<JsonObject> events = new ArrayList<>();
  final List<String> problems = new ArrayList<>();
  final RunState state = new RunState();
  long lost;
  long torn;
  private final Map<Integer, String> keys = new HashMap<>();

  private ReadBack() {}

  /** Reads a run; its state is the merged one. */
  static ReadBack of(Path store, String runId) throws IOException {
    return ofFolder(store.resolve("runs").resolve(RunFolders.name(runId)));
  }

  static ReadBack ofFolder(Path folder) throws IOException {
    ReadBack all = new ReadBack();
    for (String writer : WriterLog.writers(folder)) {
      all.keys.clear();
      WriterLog.Report report = new WriterLog(folder, writer).read(all);
      all.problems.addAll(report.problems());
      all.lost += report.lost();
      all.torn += report.torn();
      all.state.merge(WriterView.load(folder, writer).state());
    }
    return all;
  }

  @Override
  public void key(WriterLog.Key key) {
    keys.put(key.id(), key.key());
  }

  @Override
  public void event(JsonObject event) {
    events.add(event);
  }

  @Override
  public void point(int key, double value, long step, long time) {
    points.add(new Point(String.valueOf(keys.get(key)), value, step, time));
  }

  /** Returns the steps of one metric, in the order of reading. */
  List<Long> steps(String key) {
    return points.stream().filter(p -> p.key().equals(key)).map(Point::step).toList();
  }
}
