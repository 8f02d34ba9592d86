package io.plumbline.registry.internal;

import io.plumbline.internal.Time;
import io.plumbline.model.ModelVersion;
import io.plumbline.registry.ModelWatch;
import io.plumbline.registry.ModelWatch.State;
import java.time.Duration;
import java.time.Instant;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How a watch stands, and when it asks again: a state machine that knows neither threads nor the
 * registry. For one thread at a time.
 */
final class WatchState {
  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration LONGEST_RETRY = Duration.ofMinutes(5);
  private static final Duration FIRST_ANSWER = Duration.ofSeconds(10);
  private static final Duration LONGEST_ANSWER = Duration.ofMinutes(1);
  private static final Duration SHORTEST_RETRY = Duration.ofMillis(50);

  private final Duration interval;
  private final Duration stale;
  private final Time time;
  private final DoubleSupplier random;
  private final Instant began;
  private ModelWatch.Status status;

  /**
   * Makes a state.
   *
   * @param interval how often the registry is asked
   * @param stale after how long without an answer the version is stale
   * @param random numbers from 0 to 1
   */
  WatchState(Duration interval, Duration stale, Time time, DoubleSupplier random) {
    this.interval = interval;
    this.stale = stale;
    this.time = time;
    this.random = random;
    this.began = now();
    this.status = new ModelWatch.Status(State.STARTING, "", null, began, null, 0, false);
  }

  private Instant now() {
    return Instant.ofEpochMilli(time.millis());
  }

  ModelWatch.Status status() {
    return status;
  }

  /** The registry has answered: the reference resolves. */
  void resolved(ModelVersion version) {
    set(State.READY, "", version, now(), 0, false);
  }

  /** The registry has answered: the reference resolves to nothing that may be used. */
  void gone(String why) {
    ModelVersion kept = status.resolved();
    set(kept == null ? State.FAILED : State.STALE, why, kept, now(), 0, true);
  }

  /** The registry has not answered. */
  void failed(String why) {
    ModelVersion kept = status.resolved();
    Instant confirmed = status.confirmed();
    int failures = status.failures() + 1;
    if (kept == null) {
      set(State.FAILED, why, null, confirmed, failures, status.gone());
      return;
    }
    Instant last = confirmed == null ? began : confirmed;
    boolean isStale = Duration.between(last, now()).compareTo(stale) >= 0;
    if (isStale && status.state() == State.READY) {
      set(State.STALE, "no answer since " + last + ": " + why, kept, confirmed, failures, false);
    } else {
      set(status.state(), status.reason(), kept, confirmed, failures, status.gone());
    }
  }

  /**
   * Returns a status as it looks to someone for whom the registry's answer is overdue: a question
   * that hangs fails nowhere.
   *
   * @param overdue for how long the next question has been due
   */
  ModelWatch.Status seen(ModelWatch.Status told, Duration overdue) {
    Instant confirmed = told.confirmed();
    if (confirmed == null) {
      boolean hangs = told.state() == State.STARTING && overdue.compareTo(FIRST_ANSWER) >= 0;
      return hangs ? with(told, State.FAILED, "the registry has not answered yet") : told;
    }
    boolean hangs =
        overdue.compareTo(stale.compareTo(LONGEST_ANSWER) < 0 ? stale : LONGEST_ANSWER) >= 0;
    boolean isStale = Duration.between(confirmed, now()).compareTo(stale) >= 0;
    return told.state() == State.READY && hangs && isStale
        ? with(told, State.STALE, "no answer since " + confirmed + ": the registry was asked")
        : told;
  }

  private static ModelWatch.Status with(ModelWatch.Status told, State state, String reason) {
    return new ModelWatch.Status(
        state,
        reason,
        told.resolved(),
        told.since(),
        told.confirmed(),
        told.failures(),
        told.gone());
  }

  private void set(
      State state,
      String reason,
      @Nullable ModelVersion version,
      @Nullable Instant confirmed,
      int failures,
      boolean gone) {
    Instant since = state == status.state() ? status.since() : now();
    status = new ModelWatch.Status(state, reason, version, since, confirmed, failures, gone);
  }

  /**
   * Returns when to ask again: the interval give or take a fifth, so that a fleet does not march in
   * step; after failures any time up to a bound that doubles from 1 s to 5 min.
   */
  Duration pause() {
    if (status.failures() == 0) {
      return scaled(interval, 0.8 + 0.4 * random.getAsDouble());
    }
    long bound = FIRST_RETRY.toMillis() << Math.min(20, status.failures() - 1);
    Duration most = Duration.ofMillis(Math.min(LONGEST_RETRY.toMillis(), bound));
    Duration pause = scaled(most, random.getAsDouble());
    return pause.compareTo(SHORTEST_RETRY) < 0 ? SHORTEST_RETRY : pause;
  }

  /** Returns when to ask for the first time after the one at the start: anywhere in an interval. */
  Duration firstPause() {
    return status.failures() == 0 ? scaled(interval, random.getAsDouble()) : pause();
  }

  private static Duration scaled(Duration duration, double by) {
    return Duration.ofNanos((long) (duration.toNanos() * by));
  }
}
