package io.plumbline.serving;

import io.plumbline.model.ModelVersion;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a live model stands at one moment: what a health endpoint shows. Immutable.
 *
 * @param state the state
 * @param reason why it is in that state, as a sentence; empty while all is well
 * @param serving the version that predicts, or null
 * @param servingSince since when, or null
 * @param golden how many golden records it has passed; at 0, nothing shows that it predicts as it
 *     did when it was trained
 * @param warm the versions besides it that are loaded, so that a rollback is instant
 * @param rejected why versions were not taken, by their reference
 * @param pinned whether it stays at its version, whatever its reference points to
 * @param confirmed when the registry has answered last, or null
 * @param leases how many leases are out, of all versions
 * @param dropped how many named values were not taken because the model has no such input
 */
public record LiveStatus(
    State state,
    String reason,
    @Nullable ModelVersion serving,
    @Nullable Instant servingSince,
    int golden,
    List<ModelVersion> warm,
    Map<String, String> rejected,
    boolean pinned,
    @Nullable Instant confirmed,
    long leases,
    long dropped) {
  /** How it stands. */
  public enum State {
    /** No version serves yet; the first one is being looked for. */
    STARTING,
    /** A version serves, and it is the one that it should be, as far as is known. */
    READY,
    /** A version serves, but not the one that it should be, or the registry is silent for long. */
    STALE,
    /** No version serves, and the last attempt to get one has failed. */
    FAILED,
    /** It was closed. */
    CLOSED
  }

  /** Copies the collections. */
  public LiveStatus {
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(reason, "reason");
    warm = List.copyOf(warm);
    rejected = Map.copyOf(rejected);
  }

  /** Returns whether it predicts. */
  public boolean ready() {
    return state == State.READY || state == State.STALE;
  }

  /** Returns the version that predicts. */
  public Optional<ModelVersion> version() {
    return Optional.ofNullable(serving);
  }
}
