package io.plumbline.internal.courier;

import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.RunStatus;
import io.plumbline.spi.RunUpdate;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one record, or a part of one, asks to be done over there. */
sealed interface Parcel {
  /** The ordinal behind the record; the record is delivered when its last parcel is. */
  long next();

  /**
   * The run is to be made. Its tags follow: one that is refused is no reason to have no run.
   *
   * @param event the record in which it begins
   */
  record Start(long next, JsonObject event) implements Parcel {}

  /** A change of the run. */
  record Change(long next, RunUpdate update) implements Parcel {}

  /** A point, whose model has another id over there. */
  record Point(
      long next,
      String key,
      double value,
      long step,
      long time,
      @Nullable JsonObject input,
      @Nullable String model)
      implements Parcel {}

  /** A status of the run. */
  record Status(long next, RunStatus status, long time) implements Parcel {}

  /** A file of the run, kept in the store under its digest. */
  record File(long next, String path, long size, String sha256) implements Parcel {}

  /** A model of the run. */
  record Model(long next, JsonObject json) implements Parcel {}

  /** A file or a model that this version can't read. */
  record Unreadable(long next, String why) implements Parcel {}

  /** The run is deleted, or not any more. */
  record Deletion(long next, boolean deleted) implements Parcel {}

  /** Nothing that others want to know. */
  record Nothing(long next) implements Parcel {}

  /** Returns whether it replaces what others have said of the same. */
  default boolean overwrites() {
    return this instanceof Status
        || this instanceof Deletion
        || this instanceof Change change
            && !(change.update() instanceof RunUpdate.LogParam
                || change.update() instanceof RunUpdate.LogInput);
  }

  /** Returns what it is, for people. */
  default String what() {
    if (this instanceof Change change) {
      RunUpdate update = change.update();
      if (update instanceof RunUpdate.LogParam param) {
        return "param " + param.key();
      }
      if (update instanceof RunUpdate.SetTag tag) {
        return "tag " + tag.key();
      }
      if (update instanceof RunUpdate.DeleteTag tag) {
        return "tag " + tag.key();
      }
      if (update instanceof RunUpdate.LogInput input) {
        return "input " + input.input().dataset().name();
      }
      return "name";
    }
    if (this instanceof Point point) {
      return "metric " + point.key() + " at step " + point.step();
    }
    if (this instanceof File file) {
      return "artifact " + file.path();
    }
    if (this instanceof Model model) {
      return "model " + model.json().stringOrEmpty("name");
    }
    return Map.of(Start.class, "start", Status.class, "status", Deletion.class, "deletion")
        .getOrDefault(getClass(), "record");
  }
}
