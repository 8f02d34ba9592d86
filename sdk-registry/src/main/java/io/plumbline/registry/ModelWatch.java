package io.plumbline.registry;

import io.plumbline.model.ModelRef;
import io.plumbline.model.ModelVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Follows a reference: asks the registry now and then what it resolves to, and tells when that has
 * changed. Safe for many threads.
 */
public interface ModelWatch extends AutoCloseable {
  /** How it stands. */
  enum State {
    /** The registry has not answered yet. */
    STARTING,
    /** The registry has answered lately, and the reference resolves. */
    READY,
    /**
     * There is a version, but the registry has not confirmed it for long, or says that it is gone
     * or quarantined: it is kept.
     */
    STALE,
    /** There is no version, and the last attempt to get one has failed. */
    FAILED,
    /** It was closed. */
    CLOSED
  }

  /**
   * How it stands at one moment. Immutable.
   *
   * @param state the state
   * @param reason why it is in that state, as a sentence; empty while all is well
   * @param resolved the version that the reference resolved to last, or null if it never has
   * @param since when it came into that state
   * @param confirmed when the registry has answered last, or null if it never has
   * @param failures how many attempts have failed since then
   * @param gone whether the registry's last answer was that the reference resolves to nothing that
   *     may be used
   */
  record Status(
      State state,
      String reason,
      @Nullable ModelVersion resolved,
      Instant since,
      @Nullable Instant confirmed,
      int failures,
      boolean gone) {
    /** Checks that nothing else is null. */
    public Status {
      Objects.requireNonNull(state, "state");
      Objects.requireNonNull(reason, "reason");
      Objects.requireNonNull(since, "since");
    }

    /** Returns the version that the reference resolved to last. */
    public Optional<ModelVersion> version() {
      return Optional.ofNullable(resolved);
    }
  }

  /** Is told what has changed, on the watching thread, which waits for it. */
  @FunctionalInterface
  interface Listener {
    /**
     * Called when the state, its reason or the version has changed. What it throws is logged.
     *
     * @param before how it stood
     * @param now how it stands
     */
    void changed(Status before, Status now);
  }

  /** Returns what is followed. */
  ModelRef ref();

  /** Returns how it stands. */
  Status status();

  /**
   * Has the registry asked at once, on the watching thread, and waits for that: for webhooks and
   * impatient people.
   *
   * @return whether it was asked within the time, whatever it has answered
   */
  boolean refresh(Duration timeout);

  /** Ends the watching. Idempotent. */
  @Override
  void close();
}
