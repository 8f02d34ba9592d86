package io.plumbline.drift;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What really happened, by request id: the labels that come hours or months after the predictions.
 * A request's last label by time wins, the later call among equal times, so labels may be delivered
 * twice, late, and in any order. Not safe for use by several threads.
 */
public final class GroundTruths {
  private final Map<String, GroundTruth> byRequest = new HashMap<>();
  private long replaced;

  /**
   * One label.
   *
   * @param time when it became known
   * @param value 0 or 1 for a class, or the quantity that was predicted
   */
  record GroundTruth(Instant time, double value) {}

  /** Starts without a label. */
  public GroundTruths() {}

  /**
   * Takes a label.
   *
   * @param requestId the prediction's
   * @param time when the label became known
   * @param value 0 or 1 for a class, or the quantity that was predicted
   * @throws IllegalArgumentException if the value is not finite
   */
  public void add(String requestId, Instant time, double value) {
    Objects.requireNonNull(requestId, "requestId");
    Objects.requireNonNull(time, "time");
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "the label of request \"" + requestId + "\" is " + value + "; leave unknown ones out");
    }
    GroundTruth before = byRequest.get(requestId);
    if (before != null) {
      replaced++;
    }
    if (before == null || !before.time().isAfter(time)) {
      byRequest.put(requestId, new GroundTruth(time, value));
    }
  }

  /** The number of requests with a label. */
  public int size() {
    return byRequest.size();
  }

  /** How many labels came for a request that had one already. */
  public long duplicates() {
    return replaced;
  }

  @Nullable GroundTruth of(String requestId) {
    return byRequest.get(requestId);
  }
}
