package io.plumbline.internal.copy;

import io.plumbline.internal.digest.Sha256;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.DatasetInput;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.MetricSummary;
import io.plumbline.model.Run;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a run looked like when it was copied, kept as a tag of the copy, so that the next import
 * knows whether it has changed.
 *
 * @param digest of all that a search shows of the run
 * @param deleted whether it was deleted
 * @param tags the keys of its tags
 */
record RunPicture(String digest, boolean deleted, Set<String> tags) {
  static final RunPicture NONE = new RunPicture("", false, Set.of());

  static RunPicture of(Run run) {
    List<Object> all = new ArrayList<>();
    all.add(run.name());
    all.add(run.status().name());
    all.add(run.startTime().toEpochMilli());
    all.add(run.endTime().map(Instant::toEpochMilli).orElse(0L));
    all.add(new TreeMap<String, Object>(run.params()));
    all.add(new TreeMap<String, Object>(run.tags()));
    Map<String, Object> metrics = new TreeMap<>();
    run.metrics().forEach((key, metric) -> metrics.put(key, last(metric)));
    all.add(metrics);
    all.add(run.inputs().stream().map(DatasetInput::toString).sorted().toList());
    all.add(run.models().stream().map(LoggedModel::id).sorted().toList());
    return new RunPicture(
        Sha256.of(Json.bytes(all)), run.deleted(), new TreeSet<>(run.tags().keySet()));
  }

  private static List<Object> last(MetricSummary metric) {
    return List.of(
        Double.doubleToLongBits(metric.last()), metric.lastStep(), metric.lastTimestamp());
  }

  /** Reads the tag; one that cannot be read is as good as none. */
  static RunPicture ofText(String text) {
    try {
      JsonObject json = Json.object(text, "the tag " + StoreCopy.SEEN);
      return new RunPicture(
          json.string("digest"), json.bool("deleted"), new TreeSet<>(json.strings("tags")));
    } catch (JsonException e) {
      return NONE;
    }
  }

  /** Returns the picture of a copy that lacks something, and is looked at again. */
  RunPicture incomplete() {
    return new RunPicture("", deleted, tags);
  }

  String toText() {
    return Json.text(Map.of("digest", digest, "deleted", deleted, "tags", List.copyOf(tags)));
  }
}
