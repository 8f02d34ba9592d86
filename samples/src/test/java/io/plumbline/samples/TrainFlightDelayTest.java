package io.plumbline.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.metarank.lightgbm4j.LGBMBooster;
import io.plumbline.Config;
import io.plumbline.lightgbm.LightGbm;
import io.plumbline.model.Artifact;
import io.plumbline.model.DatasetInput;
import io.plumbline.model.GoldenRecords;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.Metric;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import io.plumbline.model.Run;
import io.plumbline.model.RunStatus;
import io.plumbline.tracking.TrackingClient;
import java.awt.image.BufferedImage;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("TrainFlightDelay")
class TrainFlightDelayTest {
  private static final List<String> PER_ITERATION =
      List.of("train_auc", "train_binary_logloss", "valid_auc", "valid_binary_logloss");

  @TempDir static Path folder;
  static Sample sample;
  static TrackingClient tracking;
  static Run parent;
  static List<Run> children;

  @BeforeAll
  static void run() throws Exception {
    sample = Sample.run(TrainFlightDelay.class, folder, Map.of());
    Config config =
        Config.builder().isolated().set("store", folder.resolve("store").toString()).build();
    tracking = TrackingClient.create(config);
    List<Run> runs = tracking.search("flight-delay", "");
    List<Run> parents = runs.stream().filter(run -> run.parentId().isEmpty()).toList();
    assertThat(parents).as(sample.toString()).hasSize(1);
    parent = parents.get(0);
    children = runs.stream().filter(run -> run.parentId().isPresent()).toList();
  }

  @AfterAll
  static void close() {
    tracking.close();
  }

  @Test
  @DisplayName("ends well, prints nothing on standard error, and lists the runs, the best first")
  void prints() {
    assertThat(sample.exitCode()).isZero();
    assertThat(sample.err()).isEmpty();
    List<String> lines = sample.out().lines().toList();
    int head = indexOf(lines, "  run ");
    List<String> rows = lines.subList(head + 1, head + 1 + children.size());
    assertThat(rows.get(0)).startsWith("* ");
    assertThat(rows.subList(1, rows.size())).allMatch(row -> row.startsWith("  "));
    int column = lines.get(head).indexOf("AUC");
    List<String> aucs = rows.stream().map(row -> row.substring(column, column + 6)).toList();
    assertThat(aucs)
        .isSortedAccordingTo((a, b) -> b.compareTo(a))
        .allMatch(a -> a.matches("0\\.\\d{4}"));
    assertThat(sample.out()).contains(" is best: ");
  }

  @Test
  @DisplayName("prints a line of progress for each fit before the table")
  void printsProgress() {
    List<String> lines = sample.out().lines().toList();
    assertThat(lines.subList(0, indexOf(lines, "  run ")))
        .filteredOn(line -> line.startsWith("Fitting "))
        .hasSize(children.size() + 1);
  }

  @Test
  @DisplayName("says where the store is, and three commands with the ids of its runs")
  void printsCommands() {
    Run best = best();
    assertThat(sample.out())
        .contains("Everything is in " + folder.resolve("store"))
        .containsSubsequence(
            "./plumbline runs\n",
            "./plumbline run " + parent.id() + "\n",
            "./plumbline metrics " + best.id() + " valid_auc\n");
    assertThat(sample.out()).contains("* " + best.name() + " ");
  }

  @Test
  @DisplayName("searches settings in child runs of one parent, all finished and sound")
  void searchesInChildren() {
    assertThat(children).hasSizeBetween(3, 10);
    assertThat(children).allMatch(run -> run.parentId().orElseThrow().equals(parent.id()));
    assertThat(children).extracting(Run::params).doesNotHaveDuplicates();
    assertThat(Stream.concat(children.stream(), Stream.of(parent)))
        .allSatisfy(
            run -> {
              assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
              assertThat(run.warnings()).isEmpty();
              assertThat(run.params()).containsKeys("learning_rate", "num_leaves", "objective");
            });
  }

  @Test
  @DisplayName("logs AUC and log loss of both datasets after each iteration")
  void logsEachIteration() {
    for (Run child : children) {
      int iterations = Integer.parseInt(child.params().get("num_iterations"));
      for (String key : PER_ITERATION) {
        try (Stream<Metric> points = tracking.metricHistory(child.id(), key).stream()) {
          assertThat(points.map(Metric::step))
              .as(key)
              .containsExactlyElementsOf(LongStream.range(0, iterations).boxed().toList());
        }
      }
    }
  }

  @Test
  @DisplayName("names the data of every run by digest, schema and row count")
  void logsTheData() throws Exception {
    Path file = Path.of(System.getProperty("test.root"), "samples/data/flights.csv.gz");
    String sha256 =
        HexFormat.of()
            .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    assertThat(Stream.concat(children.stream(), Stream.of(parent)))
        .allSatisfy(
            run -> {
              assertThat(run.inputs()).hasSize(1);
              DatasetInput input = run.inputs().get(0);
              assertThat(input.context()).isEqualTo("training");
              assertThat(input.dataset().digest()).isEqualTo(sha256.substring(0, 32));
              assertThat(input.dataset().profile()).contains("54558").contains(sha256);
              assertThat(input.dataset().schema()).contains("dep_delay", "pressure", "late");
            });
  }

  @Test
  @DisplayName("finds the best setting by the AUC on March, which is the validation data's")
  void findsTheBest() {
    Run best = best();
    double auc = best.metric("auc").orElseThrow();
    assertThat(auc).isBetween(0.80, 0.97);
    assertThat(children).allMatch(run -> run.metric("auc").orElseThrow() <= auc);
    assertThat(parent.metric("auc")).hasValue(auc);
    assertThat(children)
        .allSatisfy(
            run ->
                assertThat(run.metric("auc").orElseThrow())
                    .isEqualTo(run.metric("valid_auc").orElseThrow(), within(1e-9)));
    assertThat(best.params().entrySet()).isSubsetOf(parent.params().entrySet());
  }

  @Test
  @DisplayName("keeps the ROC curve and the importance of the features as pictures")
  void keepsPictures() throws Exception {
    assertThat(tracking.artifacts(parent.id(), ""))
        .extracting(Artifact::path)
        .contains("roc.png", "feature_importance.png");
    for (String path : List.of("roc.png", "feature_importance.png")) {
      try (InputStream in = tracking.openArtifact(parent.id(), path)) {
        BufferedImage picture = ImageIO.read(in);
        assertThat(picture.getWidth()).isEqualTo(1280);
      }
    }
  }

  @Test
  @DisplayName("keeps a model whose golden records its stored file reproduces")
  void keepsTheModel() throws Exception {
    LoggedModel logged = parent.model("model");

    ModelPackage model = tracking.downloadModel(logged, folder.resolve("downloaded"));

    assertThat(model.digest()).isEqualTo(logged.digest());
    assertThat(model.flavor()).isEqualTo(LightGbm.FLAVOR);
    List<String> features = model.signature().orElseThrow().inputNames();
    assertThat(features).hasSize(10).doesNotContain("late", "month");
    assertThat(model.featureSchema().orElseThrow().inputs()).extracting("name").isEqualTo(features);
    assertThat(model.inputExample().orElseThrow().columns()).isEqualTo(features);
    GoldenRecords golden = model.goldenRecords().orElseThrow();
    assertThat(golden.size()).isGreaterThanOrEqualTo(10);
    ModelPart text = model.part(LightGbm.MODEL_FILE).orElseThrow();
    try (LGBMBooster booster =
        LGBMBooster.loadModelFromString(new String(text.bytes(), StandardCharsets.UTF_8))) {
      double[] scores = LightGbm.predict(booster, golden.inputDoubles());
      for (int record = 0; record < golden.size(); record++) {
        assertThat(scores[record]).isEqualTo(golden.outputs().get(record).get(0), within(1e-12));
        assertThat(golden.matches(record, new double[] {scores[record]})).isTrue();
      }
    }
  }

  @Test
  @DisplayName("explains how to get libgomp where it is missing, ends with 1 and starts no run")
  void explainsLibgomp(@TempDir Path other) throws Exception {
    Path nothing = Files.createDirectory(other.resolve("no-library"));

    Sample failed =
        Sample.run(
            TrainFlightDelay.class, other, Map.of("LIGHTGBM_NATIVE_LIB_PATH", nothing.toString()));

    assertThat(failed.exitCode()).isEqualTo(1);
    assertThat(failed.err())
        .startsWith("LightGBM's native library cannot be loaded")
        .doesNotContain("Exception", "\tat ");
    if (System.getProperty("os.name").startsWith("Linux")) {
      assertThat(failed.err()).contains("apt-get install libgomp1");
    }
    assertThat(failed.out()).isEmpty();
    assertThat(other.resolve("store")).doesNotExist();
  }

  private static Run best() {
    String id = parent.tags().getOrDefault("best_run", "none");
    return children.stream().filter(run -> run.id().equals(id)).findFirst().orElseThrow();
  }

  private static int indexOf(List<String> lines, String start) {
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith(start)) {
        return i;
      }
    }
    throw new AssertionError("no line starts with '" + start + "': " + lines);
  }
}
