package io.plumbline.internal.courier;

import io.plumbline.DestinationDelivery;
import io.plumbline.internal.Sleeper;
import io.plumbline.internal.journal.Receipt;
import io.plumbline.internal.journal.WriterFolder;
import io.plumbline.internal.journal.WriterTail;
import io.plumbline.internal.store.EmbeddedStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Delivers the runs that it is told of to one destination: the records in one lane, their files in
 * another.
 */
public final class Courier implements AutoCloseable {
  private final EmbeddedStore store;
  private final Destination destination;
  private final Refusals refusals;
  private final RecordSender sender;
  private final Halt halt = new Halt(this::wake);
  private final Announcements announcements;
  private final Lane records;
  private final Lane files;

  /** Makes a courier that delivers nothing yet. */
  public Courier(EmbeddedStore store, Destination destination, Sleeper sleeper) {
    this.store = store;
    this.destination = destination;
    this.refusals = new Refusals(destination, store.time());
    this.sender = new RecordSender(store, destination, refusals);
    this.announcements = new Announcements(store, destination.name());
    Pace pace = new Pace(new SplittableRandom());
    this.files =
        new Lane(
            Cargo.FILES,
            store,
            destination,
            new FileSender(store, destination, refusals),
            halt,
            announcements,
            sleeper,
            pace,
            null);
    this.records =
        new Lane(
            Cargo.RECORDS, store, destination, sender, halt, announcements, sleeper, pace, files);
    files.start();
    records.start();
  }

  /** Returns where it delivers to. */
  public Destination destination() {
    return destination;
  }

  /**
   * Marks a run that is about to start as one that goes to this destination.
   *
   * @param remoteId its id over there if it is adopted; null if it is to be made
   */
  public void announce(String runId, @Nullable String remoteId) {
    announce(runId, remoteId, null);
  }

  /**
   * The same of a run whose experiment is known by its id over there.
   *
   * @param experimentId that id; null if the experiment's name decides
   */
  public void announce(String runId, @Nullable String remoteId, @Nullable String experimentId) {
    announcements.announce(
        runId,
        new Remote(
            remoteId,
            experimentId,
            remoteId != null,
            remoteId == null ? null : destination.uri(),
            remoteId == null ? 0 : store.time().millis(),
            null));
  }

  /**
   * Delivers what programs that are gone have left of a run, also if it was not to go to this
   * destination, was deleted there, or was delivered to another address.
   *
   * @param experimentId the id there of the experiment of a run that was not made yet; null if the
   *     experiment's name decides
   */
  public void deliver(String runId, @Nullable String experimentId) throws IOException {
    announce(runId, null, experimentId);
    announcements.want(runId, experimentId);
    Path folder = store.runs().folder(runId);
    for (String writer : WriterTail.writers(folder)) {
      files.routes().forgive(runId, writer);
      if (!WriterFolder.lives(store.root(), writer, store.time(), store.lostNanos())) {
        records.routes().takeUp(runId, writer, store.time().millis());
      }
    }
  }

  /** Returns whether a run goes to this destination. */
  public boolean delivers(String runId) {
    return announcements.goesThere(runId);
  }

  /** Delivers what a writer writes into a run, from now on and from where it was left. */
  public void follow(String runId, String writer) {
    files.routes().forgive(runId, writer);
    records.routes().follow(runId, writer);
  }

  /** Delivers what programs that are gone have left, beside what this one writes. */
  public void resume() {
    records.routes().resuming(true);
  }

  /**
   * Says that a writer is done with a run: once all is delivered, it is forgotten.
   *
   * @param written promises that all is in the segments
   */
  void ending(String runId, String writer, Receipt written) {
    records.routes().ending(runId, writer, written);
  }

  /**
   * Waits until all that is in the segments now is delivered.
   *
   * @return whether that was so within the time
   */
  public boolean await(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    boolean all = records.await(deadline); // first: only this one knows which files there are
    return files.await(deadline) && all;
  }

  /**
   * Returns whether it has nothing more to do: all is delivered, or given up for now. It may be so
   * for a moment between a file's arrival and the end of its run.
   */
  public boolean isAtRest() {
    return halt.reason() != null || records.routes().areAtRest() && files.routes().areAtRest();
  }

  /** Returns how it goes. */
  public DestinationDelivery delivery() {
    Set<String> behind = new HashSet<>(records.routes().behind());
    behind.addAll(files.routes().behind());
    String stopped = halt.reason();
    String error = records.lastError() != null ? records.lastError() : files.lastError();
    if (error == null && isAtRest()) {
      error = records.routes().waitsFor();
    }
    return new DestinationDelivery(
        destination.name(),
        destination.uri(),
        sender.points().total(),
        refusals.rejected(),
        records.retries() + files.retries(),
        behind.size(),
        Duration.ofNanos(Math.max(records.routes().lag(), files.routes().lag())),
        sender.points().perSecond(store.time().nanos()),
        stopped != null,
        stopped != null ? stopped : error);
  }

  /** Stops, in the middle of a request if need be; what is not delivered stays on disk. */
  public void stop() {
    records.stop();
    files.stop();
  }

  /** Stops, and waits for the end of it. The backend stays open. */
  @Override
  public void close() {
    stop();
    records.close();
    files.close();
  }

  private void wake() {
    records.routes().wake();
    files.routes().wake();
  }
}
