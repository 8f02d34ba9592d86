package io.plumbline.registry;

import io.plumbline.Config;
import io.plumbline.internal.journal.JournalOptions;
import io.plumbline.internal.store.EmbeddedBackend;
import io.plumbline.model.Dataset;
import io.plumbline.model.DatasetInput;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import io.plumbline.spi.NewRun;
import io.plumbline.spi.RunUpdate;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Models, and the runs that log them. */
final class Models {
  private Models() {}

  static Config.Builder config(Path folder) {
    return Config.builder()
        .isolated()
        .store(folder.resolve("store"))
        .set("user", "tester")
        .set("registry.poll", "20ms");
  }

  static ModelRegistry open(Path folder) {
    return ModelRegistry.create(config(folder).build());
  }

  static ModelPackage rules(String text) {
    return ModelPackage.of("rules", Map.of("rules_version", "1"))
        .with(ModelPart.of("rules.txt", "text/plain", text.getBytes(StandardCharsets.UTF_8)))
        .with(ModelPart.of("data/more.bin", "application/octet-stream", new byte[300_000]));
  }

  /** Has a child run log a model; its parent has read a dataset. */
  static LoggedModel log(Path folder, String text) {
    EmbeddedBackend backend = EmbeddedBackend.open(folder.resolve("store"), JournalOptions.DEFAULT);
    try (backend) {
      String experiment =
          backend
              .findExperiment("flights")
              .orElseGet(() -> backend.createExperiment("flights", Map.of()))
              .id();
      String parent = newId();
      String child = newId();
      backend.createRun(new NewRun(parent, experiment, "search", "u", null, 1, Map.of()));
      backend.createRun(new NewRun(child, experiment, "fold", "u", parent, 1, Map.of()));
      backend.apply(parent, newId(), List.of(input("flights.csv")));
      backend.apply(child, newId(), List.of(input("fold.csv")));
      return backend.putModel(child, "model", rules(text));
    }
  }

  private static RunUpdate input(String name) {
    Dataset dataset = new Dataset(name, "0123abcd", "local", name, "", "");
    return new RunUpdate.LogInput(new DatasetInput(dataset, "training", Map.of()));
  }

  static String newId() {
    return UUID.randomUUID().toString().replace("-", "");
  }
}
