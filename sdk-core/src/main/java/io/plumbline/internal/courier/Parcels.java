package io.plumbline.internal.courier;

import io.plumbline.internal.journal.WriterLog;
import io.plumbline.internal.journal.WriterTail;
import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.internal.store.RunJson;
import io.plumbline.model.RunStatus;
import io.plumbline.model.RunTags;
import io.plumbline.spi.RunUpdate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes parcels of a journal's records, in the order in which they must arrive. */
final class Parcels implements WriterTail.Sink {
  private final Cargo cargo;
  private final Deque<Parcel> waiting = new ArrayDeque<>();
  private long files;

  Parcels(Cargo cargo) {
    this.cargo = cargo;
  }

  /**
   * Returns the ordinal behind the last record with a file or a model that was read; 0 if there was
   * none.
   */
  long files() {
    return files;
  }

  /** Returns what waits, the first one first. */
  Deque<Parcel> waiting() {
    return waiting;
  }

  @Override
  public void point(long next, WriterLog.Key key, double value, long step, long time) {
    if (cargo == Cargo.RECORDS) {
      waiting.add(new Parcel.Point(next, key.key(), value, step, time, key.input(), key.model()));
    }
  }

  @Override
  public void event(long next, JsonObject event) {
    List<JsonObject> artifacts = event.objects("artifacts");
    List<JsonObject> models = event.objects("models");
    files = artifacts.isEmpty() && models.isEmpty() ? files : next;
    if (cargo == Cargo.RECORDS) {
      record(next, event);
      return;
    }
    try {
      files(next, artifacts, models);
    } catch (JsonException e) {
      waiting.add(new Parcel.Unreadable(next, String.valueOf(e.getMessage())));
    }
  }

  private void files(long next, List<JsonObject> artifacts, List<JsonObject> models) {
    for (JsonObject artifact : artifacts) {
      waiting.add(
          new Parcel.File(
              next,
              artifact.string("path"),
              artifact.longValue("size"),
              artifact.string("sha256")));
    }
    for (JsonObject model : models) {
      waiting.add(new Parcel.Model(next, model));
    }
  }

  private void record(long next, JsonObject event) {
    int before = waiting.size();
    boolean starts = event.has("start");
    if (starts) {
      waiting.add(new Parcel.Start(next, event));
    }
    if (event.has("name") && !starts) {
      waiting.add(new Parcel.Change(next, new RunUpdate.Rename(event.string("name"))));
    }
    params(next, event);
    tags(next, event);
    for (JsonObject input : event.objects("inputs")) {
      waiting.add(new Parcel.Change(next, new RunUpdate.LogInput(RunJson.input(input))));
    }
    for (Object row : event.listOrEmpty("metrics")) {
      point(next, row);
    }
    if (event.has("status") && !starts) {
      waiting.add(
          new Parcel.Status(
              next,
              RunStatus.of(event.string("status")),
              event.longOr("time", event.longOr("t", 0))));
    }
    if (event.has("deleted")) {
      waiting.add(new Parcel.Deletion(next, event.bool("deleted")));
    }
    if (waiting.size() == before) {
      waiting.add(new Parcel.Nothing(next));
    }
  }

  private void params(long next, JsonObject event) {
    JsonObject params = event.objectOrNull("params");
    if (params != null) {
      for (String key : params.asMap().keySet()) {
        waiting.add(new Parcel.Change(next, new RunUpdate.LogParam(key, params.string(key))));
      }
    }
  }

  private void tags(long next, JsonObject event) {
    JsonObject tags = event.objectOrNull("tags");
    if (tags != null) {
      tags.asMap().forEach((key, value) -> tag(next, key, value));
    }
  }

  private void tag(long next, String key, @Nullable Object value) {
    // By these a run is found again: those of another one, which somebody has copied, hide it.
    if (!key.equals(RunTags.LOCAL_ID) && !key.equals(RunTags.WRITER)) {
      waiting.add(
          new Parcel.Change(
              next,
              value instanceof String text
                  ? new RunUpdate.SetTag(key, text)
                  : new RunUpdate.DeleteTag(key)));
    }
  }

  private void point(long next, @Nullable Object row) {
    List<@Nullable Object> point = JsonObject.toList(row, "metrics");
    if (point.get(0) instanceof String key
        && point.get(2) instanceof Long step
        && point.get(3) instanceof Long time) {
      JsonObject link = point.size() > 4 ? JsonObject.of(point.get(4), "link") : null;
      waiting.add(
          new Parcel.Point(
              next,
              key,
              JsonObject.toDouble(point.get(1), "value"),
              step,
              time,
              link == null ? null : link.objectOrNull("input"),
              link == null ? null : link.stringOr("model", null)));
    }
  }
}
