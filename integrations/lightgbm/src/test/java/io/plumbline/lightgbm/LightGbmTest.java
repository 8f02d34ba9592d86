package io.plumbline.lightgbm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.within;

import io.github.metarank.lightgbm4j.LGBMBooster;
import io.github.metarank.lightgbm4j.LGBMDataset;
import io.plumbline.MetricHandle;
import io.plumbline.MetricLogger;
import io.plumbline.model.DataType;
import io.plumbline.model.Feature;
import io.plumbline.model.GoldenRecords;
import io.plumbline.model.InputExample;
import io.plumbline.model.ModelPackage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("LightGBM")
class LightGbmTest {
  private final SmallTable table = new SmallTable(500, 1);

  @Test
  @DisplayName("packs a booster that predicts the same when its text is read back")
  void packsABooster() throws Exception {
    double[][] rows = new SmallTable(200, 2).features;
    try (LGBMBooster booster = table.booster(30)) {
      ModelPackage model = LightGbm.pack(booster);

      assertThat(model.flavor()).isEqualTo("lightgbm");
      assertThat(model.metadata())
          .containsEntry("lightgbm_version", "4.3.0")
          .containsEntry("model_file", "model.txt")
          .containsEntry("model_format", "v4")
          .containsEntry("objective", "binary")
          .containsEntry("num_trees", 30L)
          .containsEntry("num_classes", 1L)
          .containsEntry("feature_names", SmallTable.NAMES);
      String text =
          new String(model.part("model.txt").orElseThrow().bytes(), StandardCharsets.UTF_8);
      try (LGBMBooster again = LGBMBooster.loadModelFromString(text)) {
        assertThat(LightGbm.predict(again, rows))
            .containsExactly(LightGbm.predict(booster, rows), within(1e-12));
      }
    }
  }

  @Test
  @DisplayName("gives the same package for the same booster")
  void packsTheSame() throws Exception {
    try (LGBMBooster booster = table.booster(5);
        LGBMBooster twin = table.booster(5)) {
      assertThat(LightGbm.pack(booster).digest()).isEqualTo(LightGbm.pack(twin).digest());
    }
  }

  @Test
  @DisplayName("packs a booster whose text has more than the 10 MiB that lightgbm4j makes room for")
  void packsALargeBooster() throws Exception {
    // Long names make a long text, and no long training.
    List<String> names = Stream.of("a", "b", "c").map(name -> name.repeat(4 << 20)).toList();
    try (LGBMDataset training =
            LightGbm.trainingData(SmallTable.BINARY, names, table.features, table.labels);
        LGBMBooster booster = LightGbm.booster(SmallTable.BINARY, training)) {
      LightGbm.train(booster, 5);

      ModelPackage model = LightGbm.pack(booster);

      assertThat(model.size()).isGreaterThan(10L << 20);
      String text =
          new String(model.part("model.txt").orElseThrow().bytes(), StandardCharsets.UTF_8);
      try (LGBMBooster again = LGBMBooster.loadModelFromString(text)) {
        assertThat(LightGbm.predict(again, table.features))
            .containsExactly(LightGbm.predict(booster, table.features), within(1e-12));
      }
    }
  }

  @Test
  @DisplayName("carries signature, feature schema, input example and golden records to the reader")
  void carriesDocuments(@TempDir Path folder) throws Exception {
    double[][] rows = Arrays.copyOf(table.features, 20);
    ModelPackage packed;
    try (LGBMBooster booster = table.booster(10)) {
      packed =
          LightGbm.pack(booster)
              .with(LightGbm.signature(booster, "late"))
              .with(LightGbm.featureSchema(booster))
              .with(InputExample.of(SmallTable.NAMES, rows))
              .with(LightGbm.goldenRecords(booster, rows, "late"));
    }
    for (var part : packed.parts()) {
      Files.write(folder.resolve(part.name()), part.bytes());
    }

    ModelPackage read = ModelPackage.read(folder);

    assertThat(read).isEqualTo(packed);
    assertThat(read.signature().orElseThrow().inputNames()).isEqualTo(SmallTable.NAMES);
    assertThat(read.signature().orElseThrow().outputNames()).containsExactly("late");
    assertThat(read.featureSchema().orElseThrow().inputs())
        .containsExactlyElementsOf(
            SmallTable.NAMES.stream()
                .map(name -> Feature.of(name, DataType.DOUBLE).orNull())
                .toList());
    GoldenRecords golden = read.goldenRecords().orElseThrow();
    try (LGBMBooster again =
        LGBMBooster.createFromModelfile(folder.resolve("model.txt").toString())) {
      double[] predictions = LightGbm.predict(again, golden.inputDoubles());
      assertThat(golden.size()).isEqualTo(20);
      for (int row = 0; row < golden.size(); row++) {
        assertThat(golden.matches(row, new double[] {predictions[row]})).isTrue();
        assertThat(predictions[row]).isEqualTo(golden.outputs().get(row).get(0), within(1e-12));
      }
    }
  }

  @Test
  @DisplayName("logs every metric of training and validation data after each iteration")
  void logsEachIteration() throws Exception {
    List<String> logged = new ArrayList<>();
    Map<String, Double> last = new LinkedHashMap<>();
    SmallTable validation = new SmallTable(300, 4);
    try (LGBMDataset training = table.training();
        LGBMDataset valid =
            LightGbm.validationData(training, validation.features, validation.labels);
        LGBMBooster booster = LightGbm.booster(SmallTable.BINARY, training, valid)) {
      int iterations = LightGbm.train(booster, 12, LightGbm.logTo(into(logged, last), "valid"));

      assertThat(iterations).isEqualTo(12);
      assertThat(logged)
          .hasSize(12 * 4)
          .startsWith("train_auc@0")
          .endsWith("valid_binary_logloss@11");
      assertThat(last)
          .containsOnlyKeys(
              "train_auc", "train_binary_logloss", "valid_auc", "valid_binary_logloss");
      double[] scores = LightGbm.predict(booster, validation.features);
      assertThat(last.get("valid_auc")).isEqualTo(auc(scores, validation.labels), within(1e-9));
      assertThat(last.get("valid_binary_logloss"))
          .isEqualTo(logLoss(scores, validation.labels), within(1e-9));
    }
  }

  @Test
  @DisplayName("logs nothing where the booster has no metric")
  void logsNothingWithoutMetric() throws Exception {
    Map<String, Object> params = new LinkedHashMap<>(SmallTable.BINARY);
    params.put("metric", "none");
    List<String> logged = new ArrayList<>();
    try (LGBMDataset training = table.training();
        LGBMBooster booster = LightGbm.booster(params, training)) {
      LightGbm.train(booster, 3, LightGbm.logTo(into(logged, new LinkedHashMap<>())));
      assertThat(logged).isEmpty();
    }
  }

  @Test
  @DisplayName("names ranking metrics without the character that servers refuse in keys")
  void namesRankingMetrics() throws Exception {
    Map<String, Object> params =
        Map.of(
            "objective",
            "regression",
            "metric",
            "ndcg",
            "eval_at",
            3,
            "verbosity",
            -1,
            "num_threads",
            1);
    Map<String, Double> last = new LinkedHashMap<>();
    try (LGBMDataset training =
        LightGbm.trainingData(params, SmallTable.NAMES, table.features, table.labels)) {
      training.setField("group", new int[] {250, 250});
      try (LGBMBooster booster = LightGbm.booster(params, training)) {
        LightGbm.train(booster, 2, LightGbm.logTo(into(new ArrayList<>(), last)));
      }
    }
    assertThat(last).containsOnlyKeys("train_ndcg_at_3");
  }

  @Test
  @DisplayName("stops training when no tree can be split any more")
  void stopsEarly() throws Exception {
    Map<String, Object> params = new LinkedHashMap<>(SmallTable.BINARY);
    params.put("min_data_in_leaf", 1_000);
    try (LGBMDataset training =
            LightGbm.trainingData(params, SmallTable.NAMES, table.features, table.labels);
        LGBMBooster booster = LightGbm.booster(params, training)) {
      assertThat(LightGbm.train(booster, 50)).isZero();
    }
  }

  @Test
  @DisplayName("says how much each feature has helped, in the order of positions")
  void importance() throws Exception {
    try (LGBMBooster booster = table.booster(20)) {
      Map<String, Double> importance = LightGbm.importance(booster);
      assertThat(importance.keySet()).containsExactlyElementsOf(SmallTable.NAMES);
      assertThat(importance.get("dep_delay")).isGreaterThan(importance.get("noise"));
    }
  }

  @Test
  @DisplayName("refuses null by the parameter's name")
  @SuppressWarnings("NullAway") // The callers of this test are those without NullAway.
  void refusesNull() {
    assertThatNullPointerException().isThrownBy(() -> LightGbm.pack(null)).withMessage("booster");
    assertThatNullPointerException()
        .isThrownBy(() -> LightGbm.predict(null, new double[1][1]))
        .withMessage("booster");
    assertThatNullPointerException().isThrownBy(() -> LightGbm.logTo(null)).withMessage("logger");
    assertThatNullPointerException()
        .isThrownBy(() -> LightGbm.booster(Map.of(), null))
        .withMessage("training");
  }

  @Test
  @DisplayName("refuses a booster that is closed, and says that it is")
  void refusesAClosedBooster() throws Exception {
    LGBMBooster booster = table.booster(1);
    booster.close();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LightGbm.pack(booster))
        .withMessageContaining("closed");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LightGbm.predict(booster, table.features))
        .withMessageContaining("closed");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LightGbm.train(booster, 1))
        .withMessageContaining("closed");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LightGbm.signature(booster, "late"))
        .withMessageContaining("closed");
  }

  @Test
  @DisplayName("refuses data without rows, of uneven rows, or with too few labels")
  void refusesBadData() throws Exception {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> LightGbm.trainingData(Map.of(), SmallTable.NAMES, new double[0][], new double[0]))
        .withMessageContaining("0 rows");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> LightGbm.trainingData(Map.of(), List.of(), new double[][] {{}}, new double[1]))
        .withMessageContaining("0 features");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                LightGbm.trainingData(
                    Map.of(), SmallTable.NAMES, new double[][] {{1, 2, 3}, {1, 2}}, new double[2]))
        .withMessageContaining("row 1 has 2 values");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                LightGbm.trainingData(
                    Map.of(), SmallTable.NAMES, new double[][] {{1, 2, 3}}, new double[2]))
        .withMessageContaining("2 labels");
    try (LGBMBooster booster = table.booster(1)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> LightGbm.predict(booster, new double[][] {{1, 2}}))
          .withMessageContaining("row 0 has 2 values");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> LightGbm.predict(booster, new double[0][]))
          .withMessageContaining("0 rows");
    }
  }

  @Test
  @DisplayName("refuses parameters that LightGBM would read as others")
  void refusesBadParams() throws Exception {
    try (LGBMDataset training = table.training()) {
      for (Map<String, ?> params :
          List.of(
              Map.of("learning rate", 1),
              Map.of("seed", "1 objective=binary"),
              Map.of("seed", ""))) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> LightGbm.booster(params, training))
            .withMessageContaining("LightGBM has no parameter");
      }
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> LightGbm.booster(Map.of("objective", "magic", "verbosity", -1), training))
          .withMessageContaining("objective=magic");
    }
  }

  @Test
  @DisplayName("refuses to predict with several classes, for which lightgbm4j has no room")
  void refusesSeveralClasses() throws Exception {
    Map<String, Object> params =
        Map.of("objective", "multiclass", "num_class", 3, "verbosity", -1, "num_threads", 1);
    double[] labels = new double[table.labels.length];
    Arrays.setAll(labels, row -> row % 3);
    try (LGBMDataset training =
            LightGbm.trainingData(params, SmallTable.NAMES, table.features, labels);
        LGBMBooster booster = LightGbm.booster(params, training)) {
      LightGbm.train(booster, 2);

      assertThatIllegalArgumentException()
          .isThrownBy(() -> LightGbm.goldenRecords(booster, table.features, "late"))
          .withMessageContaining("3 classes");
      assertThat(LightGbm.pack(booster).metadata())
          .containsEntry("objective", "multiclass")
          .containsEntry("num_classes", 3L)
          .containsEntry("num_trees", 6L);
    }
  }

  private static MetricLogger into(List<String> logged, Map<String, Double> last) {
    return new MetricLogger() {
      @Override
      public void logMetric(String key, double value, long step) {
        logged.add(key + "@" + step);
        last.put(key, value);
      }

      @Override
      public void logMetric(String key, double value) {
        throw new AssertionError("a step is known");
      }

      @Override
      public MetricHandle metric(String key) {
        return new MetricHandle() {
          @Override
          public String key() {
            return key;
          }

          @Override
          public void log(double value, long step) {
            logMetric(key, value, step);
          }

          @Override
          public void log(double value) {
            throw new AssertionError("a step is known");
          }
        };
      }
    };
  }

  /** The share of pairs that are in the right order; ties count half. */
  private static double auc(double[] scores, double[] labels) {
    double right = 0;
    double pairs = 0;
    for (int i = 0; i < scores.length; i++) {
      for (int j = 0; j < scores.length; j++) {
        if (labels[i] > labels[j]) {
          pairs++;
          right += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
        }
      }
    }
    return right / pairs;
  }

  private static double logLoss(double[] scores, double[] labels) {
    double sum = 0;
    for (int i = 0; i < scores.length; i++) {
      sum -= Math.log(labels[i] == 1 ? scores[i] : 1 - scores[i]);
    }
    return sum / scores.length;
  }
}
