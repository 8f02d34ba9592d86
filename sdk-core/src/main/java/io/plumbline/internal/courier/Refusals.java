package io.plumbline.internal.courier;

import io.plumbline.ConflictException;
import io.plumbline.IntegrityException;
import io.plumbline.NotFoundException;
import io.plumbline.ServerException;
import io.plumbline.internal.OncePerMinute;
import io.plumbline.internal.Time;
import io.plumbline.model.Run;
import io.plumbline.spi.RunStore;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a refusal means, and how many there were. */
final class Refusals {
  private static final Logger LOG = LoggerFactory.getLogger("io.plumbline.delivery");

  private final Destination destination;
  private final OncePerMinute warnings;
  private final AtomicLong rejected = new AtomicLong();

  Refusals(Destination destination, Time time) {
    this.destination = destination;
    this.warnings = new OncePerMinute(LOG, time);
  }

  /** Returns how many parcels were refused. */
  long rejected() {
    return rejected.get();
  }

  /** Keeps the run's first parcel as rejected. */
  void reject(RunDelivery run, Parcel parcel, RuntimeException why) throws IOException {
    run.files()
        .reject(run.writer(), parcel.next(), parcel.what(), String.valueOf(why.getMessage()));
    rejected.incrementAndGet();
    warnings.warn(
        "refused",
        () ->
            "run "
                + run.runId()
                + ": "
                + destination.uri()
                + " refuses "
                + parcel.what()
                + ": "
                + why.getMessage()
                + "; `plumbline sync --rejected` lists what was refused");
    run.done(1, 1);
  }

  /**
   * Checks that a failure is a refusal for good, whenever the same may be sent again.
   *
   * @throws RunGoneException if it is the run that is not wanted
   * @throws RuntimeException the failure itself, if it may be over later
   */
  static void requireFinal(RunStore runs, String remote, RuntimeException why) {
    if (!isFinal(why)) {
      throw why;
    }
    if (why instanceof NotFoundException || why instanceof ConflictException) {
      requireRun(runs, remote);
    }
  }

  /** The same of a file or a model, where a server may blame what was sent for a deleted run. */
  static void requireFinalOfFile(RunStore runs, String remote, RuntimeException why) {
    requireFinal(runs, remote, why);
    if (why instanceof ServerException.InvalidRequest) {
      requireRun(runs, remote);
    }
  }

  private static void requireRun(RunStore runs, String remote) {
    Optional<Run> run = runs.find(remote);
    if (run.isEmpty()) {
      throw new RunGoneException("run " + remote + " is not there any more");
    }
    if (run.get().deleted()) {
      throw new RunGoneException("run " + remote + " is deleted there");
    }
  }

  /** Not found is then something that the run refers to, and not the run. */
  private static boolean isFinal(RuntimeException why) {
    return why instanceof NotFoundException
        || why instanceof ConflictException
        || why instanceof ServerException.InvalidRequest
        || why instanceof IntegrityException
        || why instanceof IllegalArgumentException;
  }
}
