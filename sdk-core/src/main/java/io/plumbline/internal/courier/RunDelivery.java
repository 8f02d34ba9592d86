package io.plumbline.internal.courier;

import io.plumbline.internal.journal.WriterTail;
import io.plumbline.model.LoggedModel;
import io.plumbline.spi.BatchLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
  private final Map<String, String> models = new HashMap<>();
  private final String address;
  private final Remote before;
  private final Deque<Mark> marks = new ArrayDeque<>();
  private Ack ack;
  private @Nullable Remote there;
  private @Nullable List<LoggedModel> earlierModels;
  private int doneOfRecord;
  private boolean again;
  private boolean filesGivenUp;
  private Earlier earlier = () -> false;

  /** Tells whether what writers before this one have left of the run is still on its way. */
  interface Earlier {
    boolean isUnderWay() throws IOException;
  }

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
    this.before = files.remote().orElse(Remote.UNKNOWN);
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
    Remote remote = remote();
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
  private Remote remote() throws IOException {
    Remote known = there;
    if (known != null) {
      return known;
    }
    Remote remote = files.remote().orElseThrow(Route::erased);
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

  /**
   * Takes note of how the files are doing.
   *
   * @param givenUp whether nobody brings those of this part any more, for now
   * @param others what writers before this one have left
   */
  void files(boolean givenUp, Earlier others) {
    filesGivenUp = givenUp;
    earlier = others;
  }

  /** Returns whether the run's files and models up to here have arrived, or are not waited for. */
  boolean filesHaveArrived() throws IOException {
    return (filesGivenUp || filesUpTo() <= files.ack(writer, Cargo.FILES, remote()).ordinal())
        && !earlier.isUnderWay();
  }

  /** Returns whether what was taken may have arrived already, without our hearing of it. */
  boolean mayHaveArrived() {
    return again;
  }

  /** Returns the models that the run had there, as far as it was asked; null if it was not. */
  @Nullable List<LoggedModel> earlierModels() {
    return earlierModels;
  }

  void earlierModels(List<LoggedModel> models) {
    earlierModels = models;
  }

  /** Returns the key of a batch: the same records go under the same key, also after a restart. */
  String key(List<Parcel> batch) {
    long end = batch.get(batch.size() - 1).next();
    return writer + ":" + ack.ordinal() + "." + doneOfRecord + "-" + end;
  }

  long rejected() {
    return ack.rejected();
  }

  /** Returns the ordinal behind the last record that was read. */
  long readTo() {
    return tail.ordinal();
  }

  /** Returns the ordinal behind the last record of which all has arrived, as have those before. */
  long arrivedTo() {
    Parcel first = parcels.waiting().peek();
    return first == null ? tail.ordinal() : first.next() - 1;
  }

  /** Reads on, until so many parcels wait, or there is no more now; returns how many do. */
  int read(int most) throws IOException {
    while (parcels.waiting().size() < most && tail.read(parcels)) {
      if (cargo == Cargo.RECORDS || parcels.files() == tail.ordinal()) {
        marks.add(new Mark(tail.ordinal(), tail.segment()));
      }
    }
    return parcels.waiting().size();
  }

  /**
   * Returns what goes next, and remembers it; nothing if nothing waits.
   *
   * @throws NotYetException if the model of a point has to arrive first
   */
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
    List<Parcel> batch = ready(Batch.of(waiting, limits, again ? ack.sending() : 0));
    long end = batch.get(batch.size() - 1).next();
    if (end > ack.sending()) {
      // Once it is lost, nobody looks whether a run or a model is there: they would be there twice.
      boolean once = batch.get(0) instanceof Parcel.Start || batch.get(0) instanceof Parcel.Model;
      write(ack.sending(end), once);
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
    write(new Ack(segment, ordinal, sending, rejected, filesUpTo(), false), false);
  }

  /** Takes note that the writer is done, and that all it has written has arrived. */
  void complete() throws IOException {
    if (cargo == Cargo.RECORDS && !ack.complete()) {
      write(
          new Ack(tail.segment(), ack.ordinal(), ack.ordinal(), ack.rejected(), filesUpTo(), true),
          false);
    }
  }

  private void write(Ack fresh, boolean synced) throws IOException {
    files.write(writer, cargo, fresh, remote(), synced);
    ack = fresh;
  }

  /** Returns what a model is called over there; nothing if it was refused, or nobody brings it. */
  Optional<String> remoteModel(String model) {
    return Optional.ofNullable(models.get(model));
  }

  /** Returns the first parcels of a batch, up to a point whose model may still arrive. */
  private List<Parcel> ready(List<Parcel> batch) throws IOException {
    Set<String> missing = new HashSet<>();
    for (int i = 0; i < batch.size(); i++) {
      String model = batch.get(i) instanceof Parcel.Point point ? point.model() : null;
      if (model == null || models.containsKey(model) || missing.contains(model)) {
        continue;
      }
      boolean settled = filesHaveArrived(); // asked first: what has arrived by then is found
      Optional<String> known = files.model(model);
      if (known.isPresent()) {
        models.put(model, known.get());
      } else if (settled) {
        missing.add(model); // until the next batch: somebody may mend what is wrong
      } else if (i == 0 || again) { // what may have arrived is sent again as it was
        throw new NotYetException("the model of a metric's points");
      } else {
        return batch.subList(0, i);
      }
    }
    return batch;
  }

  /** Lets go of the file. */
  void pause() throws IOException {
    tail.pause();
  }
}
