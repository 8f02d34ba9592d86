package io.plumbline.internal.courier;

import io.plumbline.internal.journal.WriterLog;
import io.plumbline.internal.journal.WriterTail;
import io.plumbline.internal.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** How far one writer's part of a run has come, by what is noted of its delivery. */
final class Standing {
  private final Path folder;
  private final String writer;
  private final Ack records;
  private final Ack files;
  private final boolean recordsHaveArrived;

  /**
   * Reads the notes.
   *
   * @param folder the run's folder
   * @param remote what the run is called over there
   */
  Standing(Path folder, String writer, DeliveryFiles notes, Remote remote) throws IOException {
    this.folder = folder;
    this.writer = writer;
    this.records = notes.ack(writer, Cargo.RECORDS, remote);
    this.files = notes.ack(writer, Cargo.FILES, remote);
    // After the notes: a segment that has come meanwhile is seen.
    List<Integer> segments = new WriterLog(folder, writer).segments();
    this.recordsHaveArrived =
        records.complete()
            && !segments.isEmpty()
            && segments.get(segments.size() - 1) <= records.segment();
  }

  /** Returns whether the writer was done, and all records have arrived or were refused. */
  boolean recordsHaveArrived() {
    return recordsHaveArrived;
  }

  /** Returns whether the files of all records that were read have arrived or were refused. */
  boolean filesHaveArrived() {
    return files.ordinal() >= records.files();
  }

  /** Returns how many parts of records were refused. */
  long rejected() {
    return records.rejected() + files.rejected();
  }

  /** Counts, in the segments, what has not arrived. */
  Count behind() throws IOException {
    Count count = new Count(records.ordinal(), files.ordinal());
    if (recordsHaveArrived && filesHaveArrived()) {
      return count;
    }
    // Where the files of all records that were read are there, those of earlier ones are.
    boolean filesFirst = !filesHaveArrived() && files.ordinal() < records.ordinal();
    Ack from = filesFirst ? files : records;
    WriterTail tail = new WriterTail(folder, writer, from.segment(), from.ordinal());
    try {
      while (tail.read(count)) {
        // the count takes what is in it
      }
    } finally {
      tail.pause();
    }
    return count;
  }

  /** Counts records, and files, each from its own ordinal on. */
  static final class Count implements WriterTail.Sink {
    private final long recordsFrom;
    private final long filesFrom;
    private final Parcels parcels = new Parcels(Cargo.FILES);
    private long records;
    private long files;

    private Count(long recordsFrom, long filesFrom) {
      this.recordsFrom = recordsFrom;
      this.filesFrom = filesFrom;
    }

    long records() {
      return records;
    }

    long files() {
      return files;
    }

    @Override
    public void point(long next, WriterLog.Key key, double value, long step, long time) {
      record(next);
    }

    @Override
    public void event(long next, JsonObject event) {
      record(next);
      if (next > filesFrom) {
        parcels.event(next, event);
        files += parcels.waiting().size();
        parcels.waiting().clear();
      }
    }

    private void record(long next) {
      records += next > recordsFrom ? 1 : 0;
    }
  }
}
