package io.plumbline;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the logged records are right now: a snapshot for health checks and for people.
 *
 * @param accepted metrics that the journal has taken since it was opened
 * @param written of these, how many are in a segment file
 * @param pending params, tags, inputs and lifecycle records that wait in memory for the disk
 * @param dropped metrics that were refused, by reason; {@code ring full}, {@code quota}, {@code
 *     disk full}
 * @param oldest the age of the oldest accepted record that is not in a segment file yet
 * @param ring where accepted records wait: {@code mapped} survives the death of the process, {@code
 *     heap} does not
 * @param destinations how it goes to each server; empty where the store is where runs are kept
 * @param problem what is wrong and what to do about it, or null while all is well
 */
public record Delivery(
    long accepted,
    long written,
    long pending,
    Map<String, Long> dropped,
    Duration oldest,
    String ring,
    List<DestinationDelivery> destinations,
    @Nullable String problem) {
  /** Copies the counts and the list. */
  public Delivery {
    dropped = Map.copyOf(dropped);
    destinations = List.copyOf(destinations);
  }

  /** Returns the same with what is known of destinations, the first problem of which shows. */
  public Delivery with(List<DestinationDelivery> known) {
    String theirs = known.stream().flatMap(each -> each.health().stream()).findFirst().orElse(null);
    return new Delivery(
        accepted,
        written,
        pending,
        dropped,
        oldest,
        ring,
        known,
        problem == null ? theirs : problem);
  }

  /** Returns how many metrics were refused, for all reasons. */
  public long droppedTotal() {
    return dropped.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * Returns whether nothing was dropped and nothing is wrong; what was accepted may be on its way.
   */
  public boolean healthy() {
    return problem == null && droppedTotal() == 0;
  }

  /** Returns what is wrong and what to do about it, or nothing while all is well. */
  public Optional<String> health() {
    return Optional.ofNullable(problem);
  }
}
