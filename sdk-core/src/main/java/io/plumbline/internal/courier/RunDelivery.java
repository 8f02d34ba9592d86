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
import java.util.Objects;
import java.util.Optional;

/**
 * One writer's part of one run on its way to one destination: what comes next, and how far it has
 * come. Not for several threads.
 */
final class RunDelivery {
  private final String runId;
  private final String writer;
  private final DeliveryFiles files;
  private final WriterTail tail;
  private final Parcels parcels = new Parcels();
  private final Map<String, String> models = new HashMap<>();
  private final Deque<Mark> marks = new ArrayDeque<>();
  private DeliveryFiles.Ack ack;
  private int doneOfRecord;
  private boolean again;

  /** All records before that ordinal are in that segment, or in one before it. */
  private record Mark(long ordinal, int segment) {}

  /**
   * Goes on where an earlier one was.
   *
   * @param folder the run's folder
   */
  RunDelivery(Path folder, String runId, String writer, String destination) throws IOException {
    this.runId = runId;
    this.writer = writer;
    this.files = new DeliveryFiles(folder, destination);
    this.ack = files.ack(writer);
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

  /** Returns what the run is called over there; nothing if it was not made yet. */
  Optional<String> remoteId() throws IOException {
    return files.remote().map(DeliveryFiles.Remote::id).filter(Objects::nonNull);
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
      marks.add(new Mark(tail.ordinal(), tail.segment()));
    }
    return parcels.waiting().size();
  }

  /** Returns what goes next, and remembers it; nothing if nothing waits. */
  List<Parcel> take(BatchLimits limits) throws IOException {
    Deque<Parcel> waiting = parcels.waiting();
    if (waiting.isEmpty()) {
      return List.of();
    }
    // A batch that may have arrived is sent again with the same bounds, under the same key.
    again = ack.sending() > ack.ordinal();
    List<Parcel> batch = Batch.of(waiting, limits, again ? ack.sending() : 0);
    long end = batch.get(batch.size() - 1).next();
    if (end > ack.sending()) {
      write(new DeliveryFiles.Ack(ack.segment(), ack.ordinal(), end, ack.rejected(), false));
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
    write(new DeliveryFiles.Ack(segment, ordinal, sending, rejected, false));
  }

  /** Takes note that the writer is done, and that all it has written has arrived. */
  void complete() throws IOException {
    if (!ack.complete()) {
      write(
          new DeliveryFiles.Ack(
              tail.segment(), ack.ordinal(), ack.ordinal(), ack.rejected(), true));
    }
  }

  private void write(DeliveryFiles.Ack fresh) throws IOException {
    files.write(writer, fresh);
    ack = fresh;
  }

  /**
   * Returns what a model is called over there; each is looked up once, however many points it has.
   */
  Optional<String> remoteModel(String model) throws IOException {
    String known = models.get(model);
    if (known == null) {
      known = files.model(model).orElse(null);
      if (known != null) {
        models.put(model, known);
      }
    }
    return Optional.ofNullable(known);
  }

  boolean hasRemoteId() throws IOException {
    return remoteId().isPresent();
  }

  /** Lets go of the file. */
  void pause() throws IOException {
    tail.pause();
  }
}
