package io.plumbline.cli;

import io.plumbline.IncompatibleModelException;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.Signature;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.serving.LiveModel;
import io.plumbline.serving.StartMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Opens a version to predict with it, and names what it gives. */
final class Serving {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private Serving() {}

  /**
   * Loads a version; the reference names it and no other, so nothing is swapped under long work.
   *
   * @param threads how many threads predict at once
   * @throws IncompatibleModelException if it can't be loaded here
   */
  static LiveModel open(ModelRegistry models, ModelVersion version, int threads) {
    try {
      return LiveModel.builder(models, version.uri())
          .start(StartMode.FAIL_FAST)
          .startTimeout(PATIENCE)
          .warmUp(0)
          .keepWarm(0)
          .predictors(threads)
          .open();
    } catch (IllegalStateException e) {
      throw new IncompatibleModelException(
          version.uri() + " can't be loaded here: " + e.getMessage(), e);
    }
  }

  /** Returns the names of the outputs: the signature's, if it has one for each; else made up. */
  static List<String> outputs(Optional<Signature> signature, int count) {
    List<String> names = signature.map(Signature::outputNames).orElse(List.of());
    if (names.size() == count && names.stream().noneMatch(String::isEmpty)) {
      return names;
    }
    if (count == 1) {
      return List.of("prediction");
    }
    List<String> numbered = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      numbered.add("prediction_" + i);
    }
    return numbered;
  }
}
