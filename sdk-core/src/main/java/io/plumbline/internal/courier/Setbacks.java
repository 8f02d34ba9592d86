package io.plumbline.internal.courier;

import io.plumbline.PlumblineException;
import io.plumbline.ServerException;
import io.plumbline.TransportException;
import io.plumbline.internal.OncePerMinute;
import io.plumbline.internal.Time;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What goes wrong in a lane and may pass: who has to wait for it, and who is told. One thread has
 * setbacks, many ask.
 */
final class Setbacks {
  private static final Logger LOG = LoggerFactory.getLogger("io.plumbline.delivery");

  private final Destination destination;
  private final Turns turns;
  private final Patience patience;
  private final OncePerMinute warnings;
  private final AtomicLong count = new AtomicLong();
  private volatile @Nullable String last;

  Setbacks(Destination destination, Time time, Turns turns, Patience patience) {
    this.destination = destination;
    this.turns = turns;
    this.patience = patience;
    this.warnings = new OncePerMinute(LOG, time);
  }

  /** Returns how many there were. */
  long count() {
    return count.get();
  }

  /** Returns what is wrong; null while all is well. */
  @Nullable String last() {
    return last;
  }

  void last(String why) {
    last = why;
  }

  /** Something has worked. */
  void over() {
    last = null;
  }

  /** Returns whether what a server has answered may be over later. */
  static boolean mayPass(ServerException e) {
    return e instanceof ServerException.RateLimited
        // What is no refusal is no answer of the server: of a login page or a portal, say.
        || e.status() < 400 && !(e instanceof ServerException.InvalidRequest)
        || e.status() >= 500 && e.status() != 501;
  }

  /** A request of a run has failed. */
  void there(Route route, PlumblineException e) {
    happened(String.valueOf(e.getMessage()));
    if (e.getCause() instanceof InterruptedIOException) {
      patience.tookTooLong();
    }
    boolean answered = e instanceof ServerException refusal && refusal.status() == 500;
    if (answered || !(e instanceof TransportException || e instanceof ServerException)) {
      turns.failedAlone(route);
    } else {
      turns.failed(
          route,
          e instanceof ServerException.RateLimited limited
              ? limited.retryAfter().orElse(null)
              : null);
    }
  }

  /** A run's files can't be read or written. */
  void here(Route route, IOException e) {
    happened("the store can't be read or written: " + e);
    turns.failedAlone(route);
  }

  private void happened(String why) {
    count.incrementAndGet();
    last = why;
    told(why);
  }

  /** Says that something is late. */
  void told(String why) {
    warnings.warn(
        "delivery " + destination.name(),
        () -> "what is logged is not delivered to " + destination.uri() + " yet: " + why);
  }
}
