package io.plumbline.internal.courier;

import io.plumbline.internal.journal.WriterTail;
import io.plumbline.spi.BatchLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One writer's part of one run on its way to one destination: what comes next, and how far it has
 * come. Not for several threads.
 */
final class RunDelivery {
  private final String runId;
  private final String writer;
  private final Cargo cargo;
  private final DeliveryFiles files;
  private final WriterTail tail;
  private final Parcels parcels;
  private final Map<String, Optional<String>> models = new HashMap<>();
  private final String address;
  private final DeliveryFiles.Remote before;
  private final Deque<Mark> marks = new ArrayDeque<>();
  private DeliveryFiles.Ack ack;
  private DeliveryFiles.@Nullable Remote there;
  private int doneOfRecord;
  private boolean again;
  private boolean filesGivenUp;

  /** All records before that ordinal are in that segment, or in one before it. */
  private record Mark(long ordinal, int segment) {}

  /**
   * Goes on where an earlier one was.
   *
   * @param folder the run's folder
   * @param address where it goes
   */
  RunDelivery(
      Path folder, String runId, String writer, DeliveryFiles files, Cargo cargo, String address)
      throws IOException {
    this.runId = runId;
    this.writer = writer;
    this.cargo = cargo;
    this.files = files;
    this.parcels = new Parcels(cargo);
    this.address = address;
    this.before = files.remote().orElse(DeliveryFiles.Remote.UNKNOWN);
    this.ack = files.ack(writer, cargo, before);
    this.tail = new WriterTail(folder, writer, ack.segment(), ack.ordinal());
  }

  String runId() {
    return runId;
  }

  String writer() {
    return writer;
  }

  DeliveryFiles files() {
    return files;
  }

  /**
   * Returns what the run is called over there; nothing if it was not made there yet.
   *
   * @throws RunGoneException if the run was erased
   * @throws RunMovedException if what has arrived so far went to another one
   */
  Optional<String> remoteId() throws IOException {
    DeliveryFiles.Remote remote = remote();
    return Optional.ofNullable(remote.hasMoved(address) ? null : remote.id());
  }

  /** Returns when the run was made there. */
  long made() throws IOException {
    return remote().made();
  }

  /** Returns whether the run was made at another address than the one where it goes now. */
  boolean hasMoved() throws IOException {
    return remote().hasMoved(address);
  }

  /** Once it is made there it stays what it is, as long as this lives. */
  private DeliveryFiles.Remote remote() throws IOException {
    DeliveryFiles.Remote known = there;
    if (known != null) {
      return known;
    }
    DeliveryFiles.Remote remote = files.remote().orElseThrow(Route::erased);
    if (before.made() != 0 && before.made() != remote.made()) {
      throw new RunMovedException();
    }
    if (remote.id() != null && !remote.hasMoved(address)) {
      there = remote;
    }
    return remote;
  }

  /** Returns whether a batch or a record is on its way in part. */
  boolean isInTheMiddle() {
    return ack.sending() > ack.ordinal();
  }

  /** Returns whether something waits that what comes from another writer would overwrite. */
  boolean overwrites() {
    return parcels.waiting().stream().anyMatch(Parcel::overwrites);
  }

  /**
   * Returns the ordinal behind the last record with a file or a model that was read; 0 for none.
   */
  long filesUpTo() {
    return Math.max(ack.files(), parcels.files());
  }

  /** Takes note of whether nobody brings the files any more, for now. */
  void filesGivenUp(boolean givenUp) {
    filesGivenUp = givenUp;
  }

  /** Returns whether the files and models that were read of have arrived, or are not waited for. */
  boolean filesHaveArrived() throws IOException {
    return filesGivenUp || filesUpTo() <= files.ack(writer, Cargo.FILES, remote()).ordinal();
  }

  /** Returns whether what was taken may have arrived already, without our hearing of it. */
  boolean mayHaveArrived() {
    return again;
  }

  /** Returns the key of a batch: the same records go under the same key, also after a restart. */
  String key(List<Parcel> batch) {
    long end = batch.get(batch.size() - 1).next();
    return writer + ":" + ack.ordinal() + "." + doneOfRecord + "-" + end;
  }

  long rejected() {
    return ack.rejected();
  }

  /** Reads on, until a batch is full or there is no more now; returns how many parcels wait. */
  int read(BatchLimits limits) throws IOException {
    while (parcels.waiting().size() < limits.updates() && tail.read(parcels)) {
      if (cargo == Cargo.RECORDS || parcels.files() == tail.ordinal()) {
        marks.add(new Mark(tail.ordinal(), tail.segment()));
      }
    }
    return parcels.waiting().size();
  }

  /** Returns what goes next, and remembers it; nothing if nothing waits. */
  List<Parcel> take(BatchLimits limits) throws IOException {
    Deque<Parcel> waiting = parcels.waiting();
    if (waiting.isEmpty()) {
      return List.of();
    }
    if (waiting.peek() instanceof Parcel.File) {
      return Batch.ofFiles(waiting);
    }
    // A batch that may have arrived is sent again with the same bounds, under the same key.
    again = ack.sending() > ack.ordinal();
    List<Parcel> batch = Batch.of(waiting, limits, again ? ack.sending() : 0);
    long end = batch.get(batch.size() - 1).next();
    if (end > ack.sending()) {
      write(ack.sending(end));
    }
    return batch;
  }

  /** Takes note that the first parcels have arrived, or will never. */
  void done(int count, long rejectedMore) throws IOException {
    Deque<Parcel> waiting = parcels.waiting();
    long ordinal = ack.ordinal();
    for (int i = 0; i < count; i++) {
      long next = waiting.remove().next();
      Parcel following = waiting.peek();
      boolean whole = following == null || following.next() > next;
      doneOfRecord = whole ? 0 : doneOfRecord + 1;
      ordinal = whole ? next : ordinal;
    }
    int segment = ack.segment();
    for (Mark mark = marks.peek(); mark != null && mark.ordinal() <= ordinal; mark = marks.peek()) {
      segment = marks.remove().segment();
    }
    long sending = Math.max(ordinal, ack.sending());
    long rejected = ack.rejected() + rejectedMore;
    write(new DeliveryFiles.Ack(segment, ordinal, sending, rejected, filesUpTo(), false));
  }

  /** Takes note that the writer is done, and that all it has written has arrived. */
  void complete() throws IOException {
    if (cargo == Cargo.RECORDS && !ack.complete()) {
      write(
          new DeliveryFiles.Ack(
              tail.segment(), ack.ordinal(), ack.ordinal(), ack.rejected(), filesUpTo(), true));
    }
  }

  private void write(DeliveryFiles.Ack fresh) throws IOException {
    files.write(writer, cargo, fresh, remote());
    ack = fresh;
  }

  /**
   * Returns what a model is called over there; nothing if it was refused, or nobody brings it. Each
   * is looked up once, however many points it has.
   *
   * @throws NotYetException if it may still arrive
   */
  Optional<String> remoteModel(String model) throws IOException {
    Optional<String> known = models.get(model);
    if (known == null) {
      boolean settled = filesHaveArrived(); // asked first: what has arrived by then is found
      known = files.model(model);
      if (known.isEmpty() && !settled) {
        throw new NotYetException("the model of a point");
      }
      models.put(model, known);
    }
    return known;
  }

  /** Lets go of the file. */
  void pause() throws IOException {
    tail.pause();
  }
}
