package io.plumbline.drift.internal.ship;

import io.plumbline.spi.RunStore;

/** Knows where the parts of a model version go. */
@FunctionalInterface
public interface Homes {
  /**
   * Returns the run that takes the parts of a version; makes it, if it must.
   *
   * @param runs the destination
   * @param model the registered model's name
   * @param version its version, as the log has it
   * @throws io.plumbline.NotFoundException if there is no such version
   */
  String runOf(RunStore runs, String model, String version);
}
