package io.plumbline.internal.courier;

import io.plumbline.internal.journal.Receipt;
import io.plumbline.internal.store.RunListener;
import java.util.List;

/** Tells couriers which runs this program writes into. */
public final class Couriers implements RunListener {
  private final String writer;
  private final List<Courier> couriers;

  /**
   * Makes the listener.
   *
   * @param writer the id under which this program writes
   * @param couriers who is told; may become more
   */
  public Couriers(String writer, List<Courier> couriers) {
    this.writer = writer;
    this.couriers = couriers;
  }

  @Override
  public void starting(String runId) {
    couriers.forEach(courier -> courier.announce(runId, null));
  }

  @Override
  public void opened(String runId) {
    for (Courier courier : couriers) {
      if (courier.delivers(runId)) {
        courier.follow(runId, writer);
      }
    }
  }

  @Override
  public void closed(String runId, Receipt written) {
    couriers.forEach(courier -> courier.ending(runId, writer, written));
  }
}
