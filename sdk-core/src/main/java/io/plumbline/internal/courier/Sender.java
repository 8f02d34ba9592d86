package io.plumbline.internal.courier;

import io.plumbline.PlumblineException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Brings over what was taken from a run, and keeps what is refused for good as rejected. */
interface Sender {
  /**
   * Sends, and notes in the run what has arrived.
   *
   * @param patience how long the backend may take for it
   * @throws PlumblineException if it is to be sent again later
   * @throws RunGoneException if the run is not wanted over there
   * @throws NotYetException if something else has to arrive first
   */
  void send(RunDelivery run, List<Parcel> batch, Duration patience) throws IOException;

  /** Finds out what a run is called that was made at another address. */
  void settle(RunDelivery run, Duration patience) throws IOException;
}
