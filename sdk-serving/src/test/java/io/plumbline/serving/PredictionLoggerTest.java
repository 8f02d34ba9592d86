package io.plumbline.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.Secret;
import io.plumbline.drift.Profile;
import io.plumbline.drift.WindowCounts;
import io.plumbline.drift.log.LogBatch;
import io.plumbline.drift.log.LogFilter;
import io.plumbline.drift.log.PredictionLogReader;
import io.plumbline.model.DataType;
import io.plumbline.model.Feature;
import io.plumbline.model.FeatureSchema;
import io.plumbline.model.ModelPackage;
import io.plumbline.registry.ModelRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A prediction logger")
class PredictionLoggerTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final FeatureSchema SCHEMA =
      FeatureSchema.of(
          Feature.of("a", DataType.DOUBLE),
          Feature.of("b", DataType.DOUBLE),
          Feature.context("origin", DataType.STRING),
          Feature.context("flight", DataType.LONG),
          Feature.context("paid", DataType.BOOLEAN));

  @TempDir private Path folder;
  private final Served.Linear loader = new Served.Linear();
  private ModelRegistry registry;

  @BeforeEach
  void open() {
    registry = Served.registry(folder);
    Served.promote(registry, model(1));
  }

  @AfterEach
  void close() {
    registry.close();
    assertThat(loader.misuses.get()).as("use after close, or by two at once").isZero();
  }

  private static ModelPackage model(double factor) {
    return Served.linear(factor).with(SCHEMA).with(profile());
  }

  private static Profile profile() {
    double[] numbers = new double[1_000];
    @Nullable String[] origins = new String[1_000];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i / 100.0;
      origins[i] = i % 2 == 0 ? "JFK" : "LGA";
    }
    return Profile.builder()
        .add("a", numbers)
        .add("b", numbers)
        .add("origin", origins)
        .add("prediction", numbers)
        .build();
  }

  private LiveModel live() {
    return LiveModel.builder(registry, "models:/flights@champion").loader(loader).open();
  }

  /** All rows, each as a map of its columns that are not null. */
  private List<Map<String, Object>> rows() {
    List<Map<String, Object>> rows = new ArrayList<>();
    try (PredictionLogReader log =
        PredictionLogReader.open(folder.resolve("store/predictions"), LogFilter.ALL)) {
      for (LogBatch batch = log.next(); batch != null; batch = log.next()) {
        add(batch, rows);
      }
    }
    return rows;
  }

  private static double number(Map<String, Object> row, String column) {
    return (double) Objects.requireNonNull(row.get(column), column);
  }

  private static void add(LogBatch batch, List<Map<String, Object>> rows) {
    int first = rows.size();
    for (int row = 0; row < batch.rows(); row++) {
      rows.add(new LinkedHashMap<>());
    }
    for (String column : batch.columns()) {
      IntFunction<Object> value = values(batch, column);
      for (int row = 0; row < batch.rows(); row++) {
        if (!batch.isNull(column, row)) {
          rows.get(first + row).put(column, value.apply(row));
        }
      }
    }
  }

  private static IntFunction<Object> values(LogBatch batch, String column) {
    try {
      @Nullable String[] texts = batch.texts(column);
      return row -> String.valueOf(texts[row]);
    } catch (IllegalArgumentException e) { // they are no texts
      if (column.equals("_ts") || column.equals("flight")) {
        long[] longs = batch.longs(column);
        return row -> longs[row];
      }
      double[] doubles = batch.doubles(column);
      return row -> doubles[row];
    }
  }

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
  @DisplayName("counts every row into the profile, whatever it samples, and tells each window")
  void windows() {
    List<WindowCounts> windows = new CopyOnWriteArrayList<>();
    Instant start = Instant.parse("2013-04-01T00:00:00Z");
    try (LiveModel model = live();
        PredictionLogger log =
            PredictionLogger.builder(model)
                .sample(0.1)
                .onWindow(
                    Duration.ofHours(1),
                    (version, slice, counts) -> {
                      assertThat(version.version()).isEqualTo(1);
                      if (slice.isEmpty()) {
                        windows.add(counts);
                      }
                    })
                .open()) {
      try (Lease lease = model.lease()) {
        for (int i = 0; i < 3_000; i++) {
          log.row(lease, "r" + i)
              .features(new double[] {i % 10, Double.NaN})
              .set("origin", i % 3 == 0 ? "SEA" : "JFK")
              .prediction(i % 10)
              .at(start.plusSeconds(i * 3L))
              .commit();
        }
      }
      assertThat(log.flush(LONG)).isTrue();
      LogStatus status = log.status();
      assertThat(status.accepted()).isEqualTo(3_000);
      assertThat(status.sampledOut() + status.logged()).isEqualTo(3_000);
      assertThat(status.logged()).isBetween(200L, 400L);
      assertThat(windows).hasSizeGreaterThanOrEqualTo(1);
    }
    assertThat(windows).hasSize(3);
    WindowCounts first = windows.get(0);
    assertThat(first.from()).contains(start);
    assertThat(first.rows()).isEqualTo(1_200);
    assertThat(first.column("b").nan()).isEqualTo(1_200);
    assertThat(first.column("origin").unseen()).isEqualTo(400);
    assertThat(first.column("prediction").mean().orElseThrow()).isCloseTo(4.5, within(1e-9));
    assertThat(rows()).allSatisfy(row -> assertThat(row).containsKey("_sample_rate"));
    assertThat(number(rows().get(0), "_sample_rate")).isCloseTo(0.1, within(1e-6));
  }

  @Test
  @DisplayName("chooses the same request ids everywhere, and more of what is rare or failed")
  void samples() {
    try (LiveModel model = live();
        PredictionLogger log =
            PredictionLogger.builder(model)
                .sample(0)
                .sampleSlice("vip", 1)
                .sampleFailures(1)
                .open()) {
      try (Lease lease = model.lease()) {
        log.row(lease, "plain").prediction(1).commit();
        log.row(lease, "rare").prediction(1).slice("vip").commit();
        log.row(lease, "failed").outcome(LogRow.Outcome.ERROR).commit();
      }
      assertThat(log.flush(LONG)).isTrue();
      assertThat(log.status().sampledOut()).isEqualTo(1);
    }
    assertThat(rows()).extracting(row -> row.get("_request_id")).containsExactly("rare", "failed");
    assertThat(rows().get(1)).containsEntry("_status", "error").doesNotContainKey("prediction");
  }

  @Test
  @DisplayName("keeps of each column what its privacy allows, and leaves unknown text out")
  void privacy() {
    Secret key = Secret.of("0123456789abcdef");
    try (LiveModel model = live();
        PredictionLogger log =
            PredictionLogger.builder(model)
                .privacy("a", Privacy.bucket(0, 10, 20))
                .privacy("b", Privacy.drop())
                .privacy("origin", Privacy.truncate(2))
                .privacy("flight", Privacy.hmac(key))
                .privacy("_entity_id", Privacy.hmac(key))
                .open()) {
      try (Lease lease = model.lease()) {
        log.row(lease, "r")
            .features(new double[] {17, 3})
            .set("origin", "JFK")
            .set("flight", 42)
            .set("secret", "of nobody's schema")
            .entity("passenger 7")
            .commit();
      }
      assertThat(log.flush(LONG)).isTrue();
      assertThat(log.status().unknownValues()).isEqualTo(1);
    }
    Map<String, Object> row = rows().get(0);
    assertThat(row).doesNotContainKey("b").containsEntry("a", 10.0).containsEntry("origin", "JF");
    // printf 42 | openssl dgst -sha256 -hmac 0123456789abcdef, and so on
    assertThat(row)
        .containsEntry("flight", "8d24a2a526d5f556469db8b6280e3a7b877a41155ca536be3a1f2a9d2be0eacd")
        .containsEntry(
            "_entity_id", "96503a3ae455f8c9688f4df73715bddf80d6bbb04382f296cf0a2d305fc0881b");
  }

  @Test
  @DisplayName("logs and counts texts of any length, script and number as they are")
  void texts() {
    int count = 6_000; // more than it remembers
    String clef = "\uD834\uDD1E";
    Map<String, String> origins = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      String id =
          switch (i % 4) {
            case 0 -> "r" + i;
            case 1 -> "\u00e9\u6771\u4eac" + clef + i;
            case 2 -> "x".repeat(200) + i; // no room in a slot
            default -> "";
          };
      if (!id.isEmpty()) {
        String origin =
            switch (i % 5) {
              case 0 -> "JFK";
              case 1 -> "\u6771\u4eac" + i;
              case 2 -> "y".repeat(i % 990) + i;
              case 3 -> "";
              default -> "O" + i;
            };
        origins.put(id, origin);
      }
    }
    List<WindowCounts> windows = new CopyOnWriteArrayList<>();
    try (LiveModel model = live();
        PredictionLogger log =
            PredictionLogger.builder(model)
                .mustLog()
                .onWindow(LONG, (version, slice, counts) -> windows.add(counts))
                .open()) {
      double[] out = new double[1];
      try (Lease lease = model.lease()) {
        origins.forEach(
            (id, origin) -> {
              double[] features = {id.length(), origin.length()};
              assertThat(
                      log.row(lease, id)
                          .features(features)
                          .set("origin", "that is overwritten")
                          .set("origin", origin)
                          .trace(id)
                          .prediction(out)
                          .commit())
                  .isTrue();
              features[0] = Double.NaN; // which was copied
            });
      }
      assertThat(log.flush(LONG)).isTrue();
      assertThat(log.status().accepted()).isEqualTo(origins.size());
    }
    List<Map<String, Object>> rows = rows();
    assertThat(rows).hasSize(origins.size());
    for (Map<String, Object> row : rows) {
      String id = (String) Objects.requireNonNull(row.get("_request_id"));
      assertThat(row).containsEntry("origin", Objects.requireNonNull(origins.get(id)));
      assertThat(row).containsEntry("_trace_id", id).containsEntry("a", (double) id.length());
    }
    long known = windows.stream().mapToLong(window -> window.column("origin").count("JFK")).sum();
    assertThat(known).isEqualTo(origins.values().stream().filter("JFK"::equals).count());
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
  @DisplayName("goes on when a listener fails, with an Error too")
  void failingListener() {
    try (LiveModel model = live();
        PredictionLogger log =
            PredictionLogger.builder(model)
                .mustLog()
                .onWindow(
                    LONG,
                    (version, slice, counts) -> {
                      throw new NoClassDefFoundError("of a listener");
                    })
                .open();
        Lease lease = model.lease()) {
      Instant past = Instant.parse("2013-04-01T00:00:00Z");
      for (int i = 0; i < 600; i++) {
        log.row(lease, "r" + i).prediction(i).at(past.plusSeconds(60L * i)).commit();
      }
      assertThat(log.flush(LONG)).isTrue();
      log.row(lease, "last").prediction(1).commit();
      assertThat(log.flush(LONG)).isTrue();
      assertThat(log.status().logged()).isEqualTo(601);
    }
  }

  @Test
  @DisplayName("loses no accepted row when it is closed under load")
  void closedUnderLoad() throws Exception {
    for (int round = 0; round < 20; round++) {
      try (LiveModel model = live()) {
        PredictionLogger log = PredictionLogger.open(model);
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 3; t++) {
          Thread thread =
              new Thread(
                  () -> {
                    try (Lease lease = model.lease()) {
                      double[] out = new double[1];
                      while (log.log(lease, "r", new double[] {1, 2}, out)
                          || log.status().droppedFull() == 0) {
                        Thread.onSpinWait();
                      }
                    }
                  });
          threads.add(thread);
          thread.start();
        }
        Thread.sleep(round);
        log.close();
        for (Thread thread : threads) {
          thread.join();
        }
        LogStatus status = log.status();
        assertThat(status.logged() + status.lost()).isEqualTo(status.accepted());
      }
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
  @DisplayName("refuses a privacy of no column, and one that a column's values can't have")
  void privacyOfNothing() {
    try (LiveModel model = live()) {
      Map<String, Privacy> wrong =
          Map.of(
              "orgin", Privacy.drop(),
              "a", Privacy.truncate(3),
              "origin", Privacy.bucket(1, 2),
              "paid", Privacy.bucket(0.5),
              "_entity_id", Privacy.bucket(1));
      wrong.forEach(
          (column, privacy) ->
              assertThatThrownBy(
                      () -> PredictionLogger.builder(model).privacy(column, privacy).open())
                  .isInstanceOf(IllegalArgumentException.class)
                  .hasMessageContaining("'" + column + "'"));
    }
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
  @DisplayName("lets a row wait in must-log mode although its thread was interrupted")
  void interrupted() throws Exception {
    try (LiveModel model = live();
        PredictionLogger log = PredictionLogger.builder(model).mustLog().memory(1 << 17).open()) {
      Thread thread =
          new Thread(
              () -> {
                Thread.currentThread().interrupt();
                try (Lease lease = model.lease()) {
                  for (int i = 0; i < 50_000; i++) {
                    log.log(lease, "r", new double[] {1, 2}, new double[1]);
                  }
                }
                assertThat(Thread.interrupted()).isTrue();
              });
      thread.start();
      thread.join();
      assertThat(log.flush(LONG)).isTrue();
      assertThat(log.status().logged()).isEqualTo(50_000);
    }
  }

  @Test
  @DisplayName("never throws for what it is given, and counts what it can't take")
  void refuses() {
    String longText = "x".repeat(3_000);
    try (LiveModel model = live();
        PredictionLogger log = PredictionLogger.open(model)) {
      try (Lease lease = model.lease()) {
        assertThat(log.row(lease, "r").features(new double[3]).commit()).isFalse();
        assertThat(log.log(lease, "r", new double[1], new double[1])).isFalse();
        assertThat(log.log(lease, "r", new double[2], new double[0])).isFalse();
        assertThat(log.row(lease, "r").at(Instant.MAX).commit()).isFalse();
        assertThat(log.row(lease, longText).commit()).isFalse();
        LogRow twice = log.row(lease, "once").set("origin", longText).set("origin", 3.0);
        assertThat(twice.commit()).isTrue();
        assertThat(twice.commit()).isFalse();
      }
      assertThat(log.flush(LONG)).isTrue();
      LogStatus status = log.status();
      assertThat(status.invalid()).isEqualTo(5);
      assertThat(status.droppedOversize()).isEqualTo(1);
      assertThat(status.accepted()).isEqualTo(1);
      assertThat(status.cutValues()).isEqualTo(1);
      assertThat(status.unknownValues()).isEqualTo(1);
      assertThat(status.offered()).isEqualTo(7);
    }
    assertThat(String.valueOf(rows().get(0).get("origin"))).hasSize(1_000);
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

  @Test
  @DisplayName("says how much memory it needs when it was given too little")
  void memory() {
    try (LiveModel model = live()) {
      assertThatThrownBy(() -> PredictionLogger.builder(model).memory(1_000).open())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("give the logger");
      try (PredictionLogger log = PredictionLogger.builder(model).memory(1 << 20).open()) {
        assertThat(log.status().memory()).isPositive().isLessThanOrEqualTo(1 << 20);
      }
    }
  }
}
