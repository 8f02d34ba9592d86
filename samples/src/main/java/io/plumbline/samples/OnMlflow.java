package io.plumbline.samples;

import io.plumbline.Config;
import io.plumbline.Plumbline;
import io.plumbline.Secret;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.Page;
import io.plumbline.model.Run;
import io.plumbline.model.RunQuery;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.spi.Credentials;
import io.plumbline.tracking.RunOptions;
import io.plumbline.tracking.Tracker;
import io.plumbline.tracking.TrackingClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a program does on an MLflow server, for those who come from {@code mlflow-client}: start it
 * with {@code MLFLOW_TRACKING_URI}. Without that it does the same in a store.
 */
public final class OnMlflow {
  private OnMlflow() {}

  public static void main(String[] args) {
    first();
    try (Plumbline plumbline = Plumbline.open();
        TrackingClient tracking = TrackingClient.of(plumbline);
        ModelRegistry registry = ModelRegistry.of(plumbline)) {
      Run run = train(tracking);
      read(tracking, run);
      release(registry, run);
    }
  }

  private static void first() {
    // README: first
    try (TrackingClient tracking = TrackingClient.create()) {
      Run run =
          tracking.run(
              "on-mlflow",
              tracker -> {
                tracker.logParam("max_depth", 6);
                tracker.logMetric("auc", 0.93, 0); // no request is waited for
              });
      tracking.awaitDelivery(Duration.ofMinutes(1)); // where the server's copy is needed at once
      Optional<String> id = tracking.remoteId(run.id()); // what MLflow calls the run
      System.out.println(run.name() + " is " + id.orElse("on its way"));
    }
    // README end
  }

  private static Run train(TrackingClient tracking) {
    Path notes = temporary("notes.txt");
    // README: run
    RunOptions options = RunOptions.named("gbm").note("with weather").tag("team", "ops");
    try (Tracker tracker = tracking.start("on-mlflow", options)) {
      tracker.logParams(Map.of("max_depth", 6, "learning_rate", 0.1));
      for (int epoch = 0; epoch < 10; epoch++) {
        tracker.logMetric("auc", 0.8 + epoch / 100.0, epoch);
      }
      tracker.logArtifact(notes);
      tracker.logModel("model", rules());
      tracker.child("fold-1", fold -> fold.logMetric("auc", 0.88, 0));
      tracker.finish(); // closed without it, the run has FAILED
      return tracking.get(tracker.id());
    }
    // README end
  }

  private static void read(TrackingClient tracking, Run run) {
    // README: read
    RunQuery query =
        RunQuery.builder()
            .experiments("on-mlflow")
            .filter("metrics.auc > 0.85 and params.max_depth = '6'")
            .orderBy("metrics.auc DESC")
            .build();
    Page<Run> best = tracking.search(query);
    tracking
        .metricHistory(run.id(), "auc")
        .forEach((value, step, time) -> System.out.println(step + " " + value));
    // README end
    System.out.println(best.items().size() + " found");
  }

  private static void release(ModelRegistry registry, Run run) {
    // README: release
    ModelVersion version = registry.register("on-mlflow", run.model("model"));
    registry.promote(version, "champion", "better on March"); // moves the alias
    Path folder = registry.fetch("models:/on-mlflow@champion").folder(); // verified, and cached
    // README end
    System.out.println(version.uri() + " is in " + folder);
  }

  /**
   * How credentials are given that no setting can hold.
   *
   * @param vault returns a token; asked for a fresh one after a refusal
   */
  static Config withCredentials(Function<Boolean, String> vault) {
    // README: credentials
    Config config =
        Config.builder()
            .trackingUri("https://mlflow.example.com")
            .credentials(refused -> new Credentials.Bearer(Secret.of(vault.apply(refused != null))))
            .build();
    // README end
    return config;
  }

  /**
   * How runs go to a second server, too.
   *
   * @param token of the second server
   */
  static Config withCopies(Secret token) {
    // README: copies
    Config audit =
        Config.builder()
            .isolated() // else it would have this program's variables, with their credentials
            .trackingUri("https://mlflow.audit.example.com")
            .credentials(refused -> new Credentials.Bearer(token))
            .build();
    Config config =
        Config.builder().trackingUri("https://mlflow.example.com").copyTo("audit", audit).build();
    // README end
    return config;
  }

  private static ModelPackage rules() {
    byte[] text = "late if dep_delay > 15".getBytes(StandardCharsets.UTF_8);
    return ModelPackage.of("rules", Map.of()).with(ModelPart.of("rules.txt", "text/plain", text));
  }

  private static Path temporary(String name) {
    try {
      Path file = Files.createTempDirectory("on-mlflow").resolve(name);
      return Files.writeString(file, "trained on January");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
