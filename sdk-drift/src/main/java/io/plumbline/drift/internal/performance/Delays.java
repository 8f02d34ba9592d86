package io.plumbline.drift.internal.performance;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How long labels took, shortest first. */
public record Delays(List<Duration> sorted) {

  /** Sorts; a label that was known before its prediction took no time. */
  public static Delays of(List<Duration> delays) {
    return new Delays(
        delays.stream().map(delay -> delay.isNegative() ? Duration.ZERO : delay).sorted().toList());
  }

  /** The delay that a share did not exceed. */
  public Optional<Duration> quantile(double share) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "share is " + share + "; it must be above 0 and at most 1, such as 0.95");
    }
    return sorted.isEmpty()
        ? Optional.empty()
        : Optional.of(sorted.get((int) Math.ceil(share * sorted.size()) - 1));
  }
}
