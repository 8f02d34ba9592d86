package io.plumbline.samples;

import io.plumbline.model.ModelRef;
import io.plumbline.model.ModelVersion;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.serving.PredictionLogger;

/** Prints what {@link WatchFlightDelay} knows of each month, with all digits. */
final class ExactMonths {
  private ExactMonths() {}

  public static void main(String[] args) {
    try (ModelRegistry registry = ModelRegistry.create()) {
      ModelVersion champion = registry.resolve(ModelRef.parse("models:/flight-delay@champion"));
      WatchFlightDelay.months(registry, champion, registry.store().resolve(PredictionLogger.FOLDER))
          .forEach(
              month ->
                  System.out.println(
                      month.number()
                          + " "
                          + month.drift().window().rows()
                          + " "
                          + month.evaluation().value("auc")
                          + " "
                          + month.lateShare()
                          + " "
                          + month.estimate().value("auc")));
    }
  }
}
