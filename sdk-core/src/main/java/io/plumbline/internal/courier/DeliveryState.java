package io.plumbline.internal.courier;

import io.plumbline.internal.journal.WriterTail;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a run has come on its way to a destination, by the files in its folder: nobody is asked.
 *
 * @param destination the destination's name
 * @param kind how far
 * @param id what the run is called there; null if it was not made there yet
 * @param address where it is; null if it was not made there yet
 * @param gone why nothing more is sent: somebody has deleted it there; null if more is sent
 * @param records how many records in the segments have not arrived, beside what rings still hold
 * @param artifacts how many artifacts and models have not
 * @param rejected how many parts of records were refused
 */
public record DeliveryState(
    String destination,
    Kind kind,
    @Nullable String id,
    @Nullable String address,
    @Nullable String gone,
    long records,
    long artifacts,
    long rejected) {
  /** How far a run has come. */
  public enum Kind {
    /** All is there, and its writers are done with it. */
    ARRIVED,

    /** All that is in the segments is there; a writer was not done with it, and may add to it. */
    UP_TO_DATE,

    /** Something is not there yet. */
    BEHIND,

    /** Somebody has deleted it there: nothing more is sent. */
    GIVEN_UP
  }

  /**
   * Reads it.
   *
   * @param folder the run's folder
   * @param remote what the run is called there
   */
  static DeliveryState of(Path folder, String destination, DeliveryFiles notes, Remote remote)
      throws IOException {
    List<String> writers = WriterTail.writers(folder);
    boolean whole = !writers.isEmpty();
    long records = 0;
    long artifacts = 0;
    long rejected = 0;
    for (String writer : writers) {
      Standing part = new Standing(folder, writer, notes, remote);
      Standing.Count behind = part.behind();
      whole &= part.recordsHaveArrived() && part.filesHaveArrived();
      records += behind.records();
      artifacts += behind.files();
      rejected += part.rejected();
    }
    return new DeliveryState(
        destination,
        remote.gone() != null ? Kind.GIVEN_UP : kind(whole, records + artifacts),
        remote.id(),
        remote.address(),
        remote.gone(),
        records,
        artifacts,
        rejected);
  }

  private static Kind kind(boolean whole, long behind) {
    if (behind > 0) {
      return Kind.BEHIND;
    }
    return whole ? Kind.ARRIVED : Kind.UP_TO_DATE;
  }

  /** Returns whether it was made at another address than this one. */
  public boolean hasMoved(String uri) {
    return address != null && !address.equals(uri);
  }
}
