package io.plumbline.internal.store;

import io.plumbline.StoreException;
import io.plumbline.internal.journal.WriterLog;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.DatasetInput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads all points of a run in one go, each with what it is linked to. */
public final class RunPoints implements WriterLog.Visitor {
  /** Takes one point. */
  @FunctionalInterface
  public interface Consumer {
    /**
     * Takes the next point.
     *
     * @param input the dataset input that it was measured on, or null
     * @param model the id of the model that it belongs to, or null
     */
    void accept(
        String key,
        double value,
        long step,
        long time,
        @Nullable DatasetInput input,
        @Nullable String model);
  }

  private record Key(String name, @Nullable DatasetInput input, @Nullable String model) {}

  private final Consumer consumer;
  private final Map<Integer, Key> keys = new HashMap<>();
  private final Set<String> batches = new HashSet<>();

  private RunPoints(Consumer consumer) {
    this.consumer = consumer;
  }

  static void read(Path folder, Consumer consumer) {
    RunPoints points = new RunPoints(consumer);
    try {
      for (String writer : RunReader.writersInOrder(folder)) {
        points.keys.clear();
        new WriterLog(folder, writer).read(points);
      }
    } catch (IOException e) {
      throw new StoreException("the run in " + folder + " can't be read: " + e, e);
    }
  }

  @Override
  public void key(WriterLog.Key announced) {
    keys.put(announced.id(), new Key(announced.key(), input(announced.input()), announced.model()));
  }

  private static @Nullable DatasetInput input(@Nullable JsonObject json) {
    return json == null ? null : RunJson.input(json);
  }

  @Override
  public void point(int id, double value, long step, long time) {
    Key key = keys.get(id);
    if (key != null) {
      consumer.accept(key.name, value, step, time, key.input, key.model);
    }
  }

  @Override
  public void event(JsonObject event) {
    if (!event.has("metrics") || event.has("batch") && !batches.add(event.string("batch"))) {
      return;
    }
    for (Object row : event.list("metrics")) {
      List<@Nullable Object> point = JsonObject.toList(row, "metrics");
      if (point.get(0) instanceof String key
          && point.get(2) instanceof Long step
          && point.get(3) instanceof Long time) {
        JsonObject link = point.size() > 4 ? JsonObject.of(point.get(4), "link") : null;
        consumer.accept(
            key,
            JsonObject.toDouble(point.get(1), "value"),
            step,
            time,
            link == null ? null : input(link.objectOrNull("input")),
            link == null ? null : link.stringOr("model", null));
      }
    }
  }
}
