package io.plumbline;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the delivery of runs to one destination goes.
 *
 * @param name the destination's name
 * @param uri its address, without credentials
 * @param metrics how many points have arrived since this program opened the store
 * @param rejected how many records were refused for good; {@code plumbline sync --rejected} lists
 *     them
 * @param retries how many requests had to be repeated
 * @param runsBehind how many runs have something that has not arrived
 * @param lag for how long there has been something that has not arrived; zero if all has
 * @param rate points that have arrived in a second, over the last ten seconds
 * @param stopped whether nothing more is sent, because the server refuses the credentials
 * @param problem what is wrong, or null while all is well
 */
public record DestinationDelivery(
    String name,
    String uri,
    long metrics,
    long rejected,
    long retries,
    int runsBehind,
    Duration lag,
    double rate,
    boolean stopped,
    @Nullable String problem) {
  /** Checks that the names are there. */
  public DestinationDelivery {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(uri, "uri");
    Objects.requireNonNull(lag, "lag");
  }

  /** Returns what is wrong, or nothing while all is well. */
  public Optional<String> health() {
    return Optional.ofNullable(problem);
  }
}
