package io.plumbline.serving;

import java.util.Objects;

/**
 * What has become of the rows that a {@link PredictionLogger} was given. Immutable.
 *
 * <p>Every row that was offered is accepted, or dropped because there was no room or it was too
 * large, or invalid; every accepted row is counted into the profile, and then logged, sampled out,
 * or lost - or it is still on its way.
 *
 * @param offered rows that were committed
 * @param accepted rows that were taken over
 * @param droppedFull rows for which there was no room, because the disk could not follow
 * @param droppedOversize rows whose request id, or whose texts together, were too long
 * @param invalid rows with another number of features or outputs than the model has
 * @param sampledOut accepted rows that the sampling did not choose
 * @param logged accepted rows that were given to the files
 * @param lost accepted rows that were given up because the disk refused them, or because they could
 *     not be written for another reason, which a warning names
 * @param unknownValues values for columns that the schema does not have, or of another type than
 *     theirs, which were left out
 * @param cutValues texts that were longer than the bound, and were cut
 * @param bytes bytes of files, complete or not
 * @param memory the bytes that waiting rows may take together at most
 * @param uncounted accepted rows that were not counted into the profile: rows that come when their
 *     windows are over, or from the future, are counted as well, unless they are of too many
 *     different times at once
 * @param windowsLost windows whose counts, or whose last ones, were given up because the disk
 *     refused them
 * @param shipping what has become of the closed parts, if they are to be shipped
 * @param failure what the disk has said last; empty while all is well
 */
public record LogStatus(
    long offered,
    long accepted,
    long droppedFull,
    long droppedOversize,
    long invalid,
    long sampledOut,
    long logged,
    long lost,
    long unknownValues,
    long cutValues,
    long bytes,
    long memory,
    long uncounted,
    long windowsLost,
    ShipStatus shipping,
    String failure) {
  /** Checks that nothing is null. */
  public LogStatus {
    Objects.requireNonNull(shipping, "shipping");
    Objects.requireNonNull(failure, "failure");
  }
}
