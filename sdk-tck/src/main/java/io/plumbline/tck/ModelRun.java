package io.plumbline.tck;

import io.plumbline.model.RunStatus;
import io.plumbline.spi.RunUpdate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A run as the simplest program would keep it: what a backend's run is compared with. */
final class ModelRun {
  /** A batch that was applied. */
  record Batch(String key, List<RunUpdate> updates) {}

  /** The keys that sequences use, few so that they meet. */
  static final List<String> KEYS = List.of("a", "b", "c/d");

  private static final List<RunStatus> STATUSES =
      List.of(RunStatus.RUNNING, RunStatus.FINISHED, RunStatus.FAILED, RunStatus.KILLED);

  final String id;
  final Map<String, String> params = new HashMap<>();
  final Map<String, String> tags = new HashMap<>();
  final List<Batch> applied = new ArrayList<>();
  private final Map<String, List<Double>> metrics = new HashMap<>();
  private int points;
  String name = "a run";
  RunStatus status = RunStatus.RUNNING;
  boolean deleted;

  ModelRun(String id) {
    this.id = id;
  }

  /** Returns a random batch. */
  List<RunUpdate> batch(Random random) {
    List<RunUpdate> batch = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      batch.add(update(random));
    }
    return List.copyOf(batch);
  }

  private RunUpdate update(Random random) {
    String key = KEYS.get(random.nextInt(KEYS.size()));
    return switch (random.nextInt(10)) {
      // Params that agree are common, those that do not are not: most batches are to be applied.
      case 0, 1 -> Clauses.param(key, random.nextInt(8) == 0 ? "other" : "value of " + key);
      case 2, 3 -> Clauses.tag(key, "tag " + random.nextInt(100));
      case 4 -> new RunUpdate.DeleteTag(key);
      case 5 -> new RunUpdate.Rename("name " + random.nextInt(100));
      case 6 ->
          new RunUpdate.SetStatus(
              STATUSES.get(random.nextInt(STATUSES.size())), Clauses.START + random.nextInt(1_000));
      default -> Clauses.metric(key, points++, random.nextInt(50));
    };
  }

  /** Returns whether a backend takes a batch. */
  boolean accepts(List<RunUpdate> batch) {
    Map<String, String> known = new HashMap<>(params);
    for (RunUpdate update : batch) {
      if (update instanceof RunUpdate.LogParam param) {
        String old = known.putIfAbsent(param.key(), param.value());
        if (old != null && !old.equals(param.value())) {
          return false;
        }
      }
    }
    return !deleted;
  }

  /** Applies a batch that is accepted. */
  void apply(String key, List<RunUpdate> batch) {
    applied.add(new Batch(key, batch));
    for (RunUpdate update : batch) {
      if (update instanceof RunUpdate.LogParam param) {
        params.put(param.key(), param.value());
      } else if (update instanceof RunUpdate.SetTag tag) {
        tags.put(tag.key(), tag.value());
      } else if (update instanceof RunUpdate.DeleteTag tag) {
        tags.remove(tag.key());
      } else if (update instanceof RunUpdate.Rename rename) {
        name = rename.name();
      } else if (update instanceof RunUpdate.SetStatus set) {
        status = set.status();
      } else if (update instanceof RunUpdate.LogMetric metric) {
        metrics.computeIfAbsent(metric.key(), k -> new ArrayList<>()).add(metric.value());
      }
    }
  }

  /** Returns the values of a metric. */
  List<Double> values(String key) {
    return metrics.getOrDefault(key, List.of());
  }
}
