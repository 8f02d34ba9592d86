package io.plumbline.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.drift.WindowCounts;
import io.plumbline.drift.log.LogBatch;
import io.plumbline.drift.log.LogFilter;
import io.plumbline.drift.log.PredictionLogReader;
import io.plumbline.model.DataType;
import io.plumbline.model.Feature;
import io.plumbline.model.FeatureSchema;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A prediction logger")
class PredictionLoggerTest extends LoggedFlights {
  @Test
  @DisplayName("logs what a model was given and what it said, with the version that said it")
  void logs() {
    Instant time = Instant.parse("2013-04-01T12:00:00.000007Z");
    double[] features = {2, 3};
    double[] out = new double[1];
    try (LiveModel model = live();
        PredictionLogger log = PredictionLogger.builder(model).endpoint("delays").open()) {
      try (Lease lease = model.lease()) {
        lease.predict(features, out);
        boolean accepted =
            log.row(lease, "r1")
                .features(features)
                .set("origin", "JFK")
                .set("flight", (1L << 60) + 1)
                .set("paid", true)
                .prediction(out)
                .at(time)
                .latency(Duration.ofMillis(3))
                .slice("vip")
                .trace("0af7651916cd43dd8448eb211c80319c")
                .commit();
        assertThat(accepted).isTrue();
        assertThat(log.log(lease, "r2", features, out)).isTrue();
      }
      assertThat(model.predict("r3", features)).containsExactly(5);
      assertThat(log.flush(LONG)).isTrue();
      assertThat(log.status().logged()).isEqualTo(3);
    }
    List<Map<String, Object>> rows = rows();
    assertThat(rows).extracting(row -> row.get("_request_id")).contains("r1", "r2", "r3");
    Map<String, Object> first =
        rows.stream().filter(row -> "r1".equals(row.get("_request_id"))).findFirst().orElseThrow();
    assertThat(first)
        .containsEntry("_ts", 1_364_817_600_000_007L)
        .containsEntry("_model", "flights")
        .containsEntry("_model_version", "1")
        .containsEntry("_alias", "champion")
        .containsEntry("_profile_id", profile().id())
        .containsEntry("_schema_hash", SCHEMA.digest())
        .containsEntry("_role", "primary")
        .containsEntry("_status", "ok")
        .containsEntry("_latency_us", 3_000.0)
        .containsEntry("_slice", "vip")
        .containsEntry("_endpoint", "delays")
        .containsEntry("a", 2.0)
        .containsEntry("b", 3.0)
        .containsEntry("origin", "JFK")
        .containsEntry("flight", (1L << 60) + 1)
        .containsEntry("paid", 1.0)
        .containsEntry("prediction", 5.0);
    Map<String, Object> bare =
        rows.stream().filter(row -> "r2".equals(row.get("_request_id"))).findFirst().orElseThrow();
    assertThat(bare).containsEntry("a", 2.0).doesNotContainKeys("origin", "flight", "_slice");
  }

  @Test
  @DisplayName(
      "names in every row the version that has predicted it, whatever is swapped meanwhile")
  void versions() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    Set<Integer> used = ConcurrentHashMap.newKeySet();
    List<Thread> threads = new ArrayList<>();
    try (LiveModel model = live();
        PredictionLogger log = PredictionLogger.builder(model).mustLog().open()) {
      for (int t = 0; t < 3; t++) {
        String name = "t" + t + "-";
        Thread thread = new Thread(() -> request(model, log, name, used, stop));
        thread.start();
        threads.add(thread);
      }
      Served.await("a request of version 1", () -> used.contains(1));
      for (int version = 2; version <= 12; version++) {
        int wanted = version;
        Served.promote(registry, model(version));
        Served.await("a request of version " + version, () -> used.contains(wanted));
      }
      stop.set(true);
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(log.flush(LONG)).isTrue();
      assertThat(log.status().droppedFull()).isZero();
    }
    Set<String> seen = new HashSet<>();
    for (Map<String, Object> row : rows()) {
      double factor = Double.parseDouble(String.valueOf(row.get("_model_version")));
      assertThat(number(row, "prediction")).isEqualTo(factor * number(row, "a") + number(row, "b"));
      seen.add(String.valueOf(row.get("_model_version")));
    }
    assertThat(seen).contains("1", "12");
  }

  private static void request(
      LiveModel model, PredictionLogger log, String name, Set<Integer> used, AtomicBoolean stop) {
    double[] features = new double[2];
    double[] out = new double[1];
    for (int i = 0; !stop.get(); i++) {
      features[0] = i;
      features[1] = 1;
      try (Lease lease = model.lease()) {
        lease.predict(features, out);
        assertThat(log.log(lease, name + i, features, out)).isTrue();
        used.add(lease.version().version());
      }
      LockSupport.parkNanos(20_000);
    }
  }

  @Test
  @DisplayName("takes the clock's time where none is given, however a row is logged")
  void now() {
    long before = System.currentTimeMillis() * 1_000;
    try (LiveModel model = live();
        PredictionLogger log = PredictionLogger.open(model)) {
      double[] said = model.predict("predicted", new double[] {1, 2});
      try (Lease lease = model.lease()) {
        assertThat(log.log(lease, "logged", new double[] {1, 2}, said)).isTrue();
        assertThat(log.row(lease, "row").prediction(said).commit()).isTrue();
      }
    }
    assertThat(rows()).hasSize(3);
    assertThat(rows())
        .allSatisfy(
            row ->
                assertThat((long) Objects.requireNonNull(row.get("_ts")))
                    .isBetween(before, System.currentTimeMillis() * 1_000));
  }

  @Test
  @DisplayName("takes what is missing, at an end or of nobody as it is meant")
  @SuppressWarnings("NullAway") // as a caller without its checks does it
  void odd() throws Exception {
    List<WindowCounts> windows = new CopyOnWriteArrayList<>();
    Instant epoch = Instant.EPOCH;
    try (LiveModel model = live();
        PredictionLogger log =
            PredictionLogger.builder(model)
                .binary(0.5)
                .onWindow(LONG, (version, slice, counts) -> windows.add(counts))
                .open();
        Lease lease = model.lease()) {
      assertThat(log.row(lease, "slice").slice("").prediction(Double.NaN).at(epoch).commit())
          .isTrue();
      String missing = null;
      assertThat(log.row(lease, "null").set("origin", missing).at(epoch).commit()).isTrue();
      LogRow over = log.row(lease, "over").prediction(0.75).at(epoch);
      Thread other = new Thread(() -> over.set("origin", "JFK").commit());
      other.start();
      other.join();
      assertThat(over.commit()).isTrue();
      assertThat(over.set("origin", "LGA").commit()).isFalse();
      assertThat(log.flush(LONG)).isTrue();
      assertThat(log.status().invalid()).isEqualTo(2);
    }
    assertThat(windows).singleElement().extracting(WindowCounts::rows).isEqualTo(3L);
    assertThat(windows.get(0).column("prediction").nan()).isEqualTo(1);
    List<Map<String, Object>> rows = rows();
    assertThat(rows).hasSize(3);
    assertThat(rows)
        .allSatisfy(
            row ->
                assertThat(row)
                    .containsEntry("_ts", 0L)
                    .doesNotContainKey("origin")
                    .doesNotContainKey("_slice"));
    assertThat(rows.get(0)).containsEntry("prediction_score", Double.NaN);
    assertThat(rows.get(0)).doesNotContainKey("prediction");
    assertThat(rows.get(2)).containsEntry("prediction", 1.0);
  }

  @Test
  @DisplayName("logs a feature under another name where its own is one of the log's")
  void renamed() {
    FeatureSchema schema =
        FeatureSchema.of(
            Feature.of("a", DataType.DOUBLE),
            Feature.of("b", DataType.DOUBLE),
            Feature.context("target", DataType.STRING));
    Served.promote(registry, Served.linear(1).with(schema));
    try (LiveModel model = live()) {
      assertThatThrownBy(() -> PredictionLogger.open(model)).hasMessageContaining("rename");
      try (PredictionLogger log =
              PredictionLogger.builder(model).rename("target", "campaign").open();
          Lease lease = model.lease()) {
        log.row(lease, "r").set("target", "young").prediction(1).commit();
      }
    }
    assertThat(rows()).singleElement().asString().contains("campaign=young");
  }

  @Test
  @DisplayName(
      "logs binary decisions with score and threshold, and classes with their probabilities")
  void outputs() {
    try (LiveModel model = live();
        PredictionLogger log = PredictionLogger.builder(model).binary(0.5).open()) {
      try (Lease lease = model.lease()) {
        log.row(lease, "r").features(new double[] {0, 0}).prediction(0.7).commit();
      }
    }
    assertThat(rows().get(0))
        .containsEntry("prediction", 1.0)
        .containsEntry("prediction_score", 0.7)
        .containsEntry("prediction_threshold", 0.5);
    try (LiveModel model = live()) {
      assertThatThrownBy(() -> PredictionLogger.builder(model).classes(List.of("x", "y")).open())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("gives 1 numbers a row");
    }
  }

  @Test
  @DisplayName("logs embeddings as lists of a fixed size")
  void embeddings() {
    try (LiveModel model = live();
        PredictionLogger log =
            PredictionLogger.builder(model).embedding("title", 3).embedding("image", 2).open();
        Lease lease = model.lease()) {
      float[] title = {1, 2, 3};
      log.row(lease, "r1").set("title", title).set("image", new float[] {4, Float.NaN}).commit();
      title[0] = 9; // which was copied
      log.row(lease, "r2").set("a", 1).set("image", title).set("title", 5).commit();
      log.row(lease, "r3").features(Map.of("image", new float[] {5, 6})).commit();
      assertThat(log.flush(LONG)).isTrue();
      assertThat(log.status().unknownValues()).isEqualTo(2);
    }
    try (PredictionLogReader log =
        PredictionLogReader.open(folder.resolve("store/predictions"), LogFilter.ALL)) {
      LogBatch batch = Objects.requireNonNull(log.next());
      assertThat(batch.kind("title")).isEqualTo(LogBatch.Kind.EMBEDDING);
      assertThat(batch.embeddings("title")).startsWith(1, 2, 3).hasSize(9);
      assertThat(batch.embeddings("image")).startsWith(4, Float.NaN).endsWith(5, 6).hasSize(6);
      assertThat(batch.isNull("title", 1)).isTrue();
      assertThat(batch.isNull("title", 2)).isTrue();
      assertThat(batch.isNull("image", 1)).isTrue();
    }
    try (LiveModel model = live()) {
      assertThatThrownBy(() -> PredictionLogger.builder(model).embedding("a", 3).open())
          .hasMessageContaining("'a'")
          .hasMessageContaining("another name");
      assertThatThrownBy(() -> PredictionLogger.builder(model).embedding("x", 0))
          .hasMessageContaining("1 to 65536");
      assertThatThrownBy(
              () ->
                  PredictionLogger.builder(model)
                      .embedding("x", 3)
                      .privacy("x", Privacy.drop())
                      .open())
          .hasMessageContaining("'x'")
          .hasMessageContaining("drop");
    }
  }

  @Test
  @DisplayName("is one for each live model, and after its close takes no rows")
  void one() {
    try (LiveModel model = live()) {
      PredictionLogger log = PredictionLogger.open(model);
      assertThatThrownBy(() -> PredictionLogger.open(model))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("already");
      log.close();
      log.close();
      try (Lease lease = model.lease()) {
        assertThat(log.row(lease, "r").prediction(1).commit()).isFalse();
      }
      assertThat(log.flush(Duration.ofMillis(10))).isFalse();
      assertThat(model.predict("r", new double[] {1, 2})).containsExactly(3);
      PredictionLogger.open(model).close();
    }
    Served.await(
        "the threads' end",
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(t -> t.getName().startsWith("plumbline-prediction-log")));
  }
}
