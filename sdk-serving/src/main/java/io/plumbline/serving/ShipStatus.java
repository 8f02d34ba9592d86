package io.plumbline.serving;

import java.util.Objects;

/**
 * What has become of the closed parts of a prediction log that is shipped. Immutable.
 *
 * @param on whether parts are shipped at all
 * @param shipped parts that this logger has shipped, those of earlier programs included
 * @param bytes of these parts together
 * @param waiting closed parts that are still to be shipped
 * @param failures how often something could not be shipped
 * @param failure why that was the last time; empty once nothing fails any more
 */
public record ShipStatus(
    boolean on, long shipped, long bytes, long waiting, long failures, String failure) {
  /** Of a log that is not shipped. */
  public static final ShipStatus OFF = new ShipStatus(false, 0, 0, 0, 0, "");

  /** Checks that nothing is null. */
  public ShipStatus {
    Objects.requireNonNull(failure, "failure");
  }
}
