package io.plumbline.internal.history;

import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.MetricSummary;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is known of one metric without its points; grows point by point, or by merging. */
public final class MetricStats {
  /** What these are a part of: a point that is added here is added there. */
  private final @Nullable MetricStats whole;

  private long count;
  private double min = Double.NaN;
  private double max = Double.NaN;
  private double last;
  private long lastStep = Long.MIN_VALUE;
  private long lastTime = Long.MIN_VALUE;

  /** Makes statistics without points. */
  public MetricStats() {
    this(null);
  }

  /** Makes statistics of a part of other points; null for none. */
  public MetricStats(@Nullable MetricStats whole) {
    this.whole = whole;
  }

  /** Adds a point. */
  public void add(double value, long step, long time) {
    if (whole != null) {
      whole.add(value, step, time);
    }
    addHere(value, step, time);
  }

  private void addHere(double value, long step, long time) {
    count++;
    // NaN fails every comparison: written so that a first number replaces it and it replaces none.
    // Adding 0.0 makes -0.0 to 0.0, which it equals: the order of the points must not show.
    if (!(value >= min) && !Double.isNaN(value)) {
      min = value + 0.0;
    }
    if (!(value <= max) && !Double.isNaN(value)) {
      max = value + 0.0;
    }
    if (step > lastStep || (step == lastStep && notOlder(value, time))) {
      last = value;
      lastStep = step;
      lastTime = time;
    }
  }

  private boolean notOlder(double value, long time) {
    return time > lastTime || (time == lastTime && (count == 1 || Double.compare(value, last) > 0));
  }

  /** Adds all that another one knows. */
  public void merge(MetricStats other) {
    if (other.count == 0) {
      return;
    }
    long before = count;
    double otherMin = other.min;
    double otherMax = other.max;
    addHere(other.last, other.lastStep, other.lastTime);
    if (!(otherMin >= min) && !Double.isNaN(otherMin)) {
      min = otherMin;
    }
    if (!(otherMax <= max) && !Double.isNaN(otherMax)) {
      max = otherMax;
    }
    count = before + other.count;
  }

  /** Returns the number of points. */
  public long count() {
    return count;
  }

  /** Returns the smallest number, or NaN if there is none. */
  public double min() {
    return min;
  }

  /** Returns the largest number, or NaN if there is none. */
  public double max() {
    return max;
  }

  /** Returns the value at the highest (step, time, value). */
  public double last() {
    return last;
  }

  /** Returns the step of that value. */
  public long lastStep() {
    return lastStep;
  }

  /** Returns the epoch milliseconds of that value. */
  public long lastTime() {
    return lastTime;
  }

  /** Returns what is known of the metric of that key. */
  public MetricSummary summary(String key) {
    return count == 0
        ? new MetricSummary(key, Double.NaN, 0, 0, Double.NaN, Double.NaN, 0)
        : new MetricSummary(key, last, lastStep, lastTime, min, max, count);
  }

  /** Returns all of it, for {@link #read}. */
  public Map<String, @Nullable Object> toJson() {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("count", count);
    json.put("min", min);
    json.put("max", max);
    json.put("last", last);
    json.put("step", lastStep);
    json.put("time", lastTime);
    return json;
  }

  /** Takes over what {@link #toJson} wrote; the whole is not told. */
  public MetricStats read(JsonObject json) {
    MetricStats stats = this;
    stats.count = json.longValue("count");
    stats.min = json.doubleValue("min");
    stats.max = json.doubleValue("max");
    stats.last = json.doubleValue("last");
    stats.lastStep = json.longValue("step");
    stats.lastTime = json.longValue("time");
    return stats;
  }
}
