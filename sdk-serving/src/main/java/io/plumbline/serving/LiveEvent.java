package io.plumbline.serving;

import io.plumbline.model.ModelVersion;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something that has happened to a live model.
 *
 * @param kind what
 * @param version the version that it is about, or null if it is about none
 * @param previous the version that served before, where another one serves now; else null
 * @param reason why, as a sentence; may be empty
 * @param time when
 */
public record LiveEvent(
    Kind kind,
    @Nullable ModelVersion version,
    @Nullable ModelVersion previous,
    String reason,
    Instant time) {
  /** What has happened. */
  public enum Kind {
    /** A version serves from now on. */
    SWAPPED,
    /** A version was not taken, because it failed a check or could not be loaded. */
    REJECTED,
    /**
     * A version is taken although its features are made in another way than in training: see {@link
     * LiveModel.Builder#transform}.
     */
    TRANSFORM_DIFFERS,
    /**
     * The first rows of a version are not like its training data: see {@link
     * PredictionLogger.Builder#onFirstRows}.
     */
    SKEW,
    /** An earlier version serves again. */
    ROLLED_BACK,
    /** The state has changed, such as from READY to STALE. */
    STATE,
    /** A version that serves no more is still in use after long: a lease was not returned. */
    LEASE_ALARM,
    /** A version has been closed, and its memory given back. */
    CLOSED
  }

  /** Checks that nothing else is null. */
  public LiveEvent {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(time, "time");
  }

  /** Is told of events, on a thread that no prediction waits for. */
  @FunctionalInterface
  public interface Listener {
    /** Called for each event; what it throws is logged. */
    void on(LiveEvent event);
  }
}
