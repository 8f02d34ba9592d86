package io.plumbline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.Config;
import io.plumbline.Secret;
import io.plumbline.drift.Profile;
import io.plumbline.drift.log.LogFilter;
import io.plumbline.drift.log.LogOptions;
import io.plumbline.drift.log.LogSchema;
import io.plumbline.drift.log.PredictionLogReader;
import io.plumbline.drift.log.PredictionLogWriter;
import io.plumbline.drift.log.RowBatch;
import io.plumbline.drift.log.SystemColumn;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.DataType;
import io.plumbline.model.Dataset;
import io.plumbline.model.Feature;
import io.plumbline.model.FeatureSchema;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.Signature;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.serving.Lease;
import io.plumbline.serving.LiveModel;
import io.plumbline.serving.LogRow;
import io.plumbline.serving.PredictionLogger;
import io.plumbline.serving.Privacy;
import io.plumbline.tracking.TrackingClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("plumbline prediction")
class PredictionCommandTest {
  private static final Instant TIME = Instant.parse("2026-03-01T10:15:30.123Z");
  private static final FeatureSchema FEATURES =
      FeatureSchema.of(
          Feature.of("temp", DataType.DOUBLE).orNull(),
          Feature.of("hour", DataType.INTEGER).orNull(),
          Feature.of("origin", DataType.STRING),
          Feature.context("sky", DataType.STRING).orNull());
  private static final Signature SIGNATURE =
      Signature.builder()
          .optionalInput("temp", DataType.DOUBLE)
          .optionalInput("hour", DataType.INTEGER)
          .input("origin", DataType.STRING)
          .output("late", DataType.DOUBLE)
          .build();

  @TempDir private Path folder;
  private Cli cli = new Cli(Path.of(""));
  private Path log = Path.of("");
  private String runId = "";

  @BeforeEach
  void fill() {
    cli = new Cli(folder.resolve("store"));
    log = folder.resolve("store/predictions");
    runId = register(SumLoader.pack(0.25, SIGNATURE).with(FEATURES).with(profile()));
    cli.run("promote", "flights/1", "champion", "--reason", "first");
  }

  /** Temperatures 0 to 999, hours 0 to 9, 30 % JFK and 70 % LGA. */
  private static Profile profile() {
    double[] temp = new double[1_000];
    long[] hour = new long[temp.length];
    String[] origin = new String[temp.length];
    for (int i = 0; i < temp.length; i++) {
      temp[i] = i;
      hour[i] = i % 10;
      origin[i] = i % 10 < 3 ? "JFK" : "LGA";
    }
    return Profile.builder().add("temp", temp).add("hour", hour).add("origin", origin).build();
  }

  private String register(ModelPackage model) {
    String[] id = {""};
    try (TrackingClient tracking = cli.open()) {
      tracking.run(
          "delays",
          io.plumbline.tracking.RunOptions.named("in March"),
          run -> {
            id[0] = run.id();
            run.logInput(
                Dataset.of("winter", new double[][] {{1, 2}}, List.of("a", "b")), "training");
            run.logModel("model", model);
          });
    }
    assertThat(cli.run("register", "flights", id[0]).code()).isZero();
    return id[0];
  }

  private static Map<String, @Nullable Object> row(
      @Nullable Double temp, @Nullable Integer hour, String origin) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("temp", temp);
    row.put("hour", hour);
    row.put("origin", origin);
    return row;
  }

  /** Serves a row as a program does, and logs it. */
  private void serve(
      String id,
      Map<String, @Nullable Object> row,
      UnaryOperator<PredictionLogger.Builder> options,
      UnaryOperator<LogRow> more) {
    Config config = Config.builder().isolated().store(folder.resolve("store")).build();
    try (ModelRegistry registry = ModelRegistry.create(config);
        LiveModel model = LiveModel.builder(registry, "models:/flights@champion").warmUp(0).open();
        PredictionLogger logger = options.apply(PredictionLogger.builder(model)).open();
        Lease lease = model.lease()) {
      double[] said = model.predict(row);
      LogRow logged = logger.row(lease, id).features(row).prediction(said).at(TIME);
      assertThat(more.apply(logged).commit()).isTrue();
      assertThat(logger.flush(Duration.ofSeconds(30))).isTrue();
    }
  }

  private void serve(String id, Map<String, @Nullable Object> row) {
    serve(id, row, options -> options, logged -> logged);
  }

  private Cli.Answer prediction(String... args) {
    List<String> call = new ArrayList<>(List.of("prediction"));
    call.addAll(List.of(args));
    return cli.run(call.toArray(String[]::new));
  }

  private static JsonObject named(List<JsonObject> columns, String name) {
    return columns.stream()
        .filter(column -> column.string("name").equals(name))
        .findFirst()
        .orElseThrow();
  }

  // ---- finding

  @Test
  @DisplayName(
      "shows when, by which version and from which run and data, and where each value lies")
  void shows() {
    serve("other", row(1.0, 1, "LGA"));
    serve(
        "r-17",
        row(250.0, 4, "JFK"),
        options -> options.endpoint("/score"),
        logged -> logged.latency(Duration.ofNanos(42_000)).set("sky", "clear").slice("north"));
    JsonObject json = prediction("r-17", "--json").json();
    assertThat(json.string("requestId")).isEqualTo("r-17");
    assertThat(json.longValue("time")).isEqualTo(TIME.toEpochMilli());
    assertThat(json.string("model")).isEqualTo("flights");
    assertThat(json.string("version")).isEqualTo("1");
    assertThat(json.string("alias")).isEqualTo("champion");
    assertThat(json.string("outcome")).isEqualTo("ok");
    assertThat(json.longValue("latencyMicros")).isEqualTo(42);
    assertThat(json.string("endpoint")).isEqualTo("/score");
    assertThat(json.string("uri")).isEqualTo("models:/flights/1");
    assertThat(json.string("runId")).isEqualTo(runId);
    assertThat(json.string("runName")).isEqualTo("in March");
    assertThat(json.string("experiment")).isEqualTo("delays");
    assertThat(json.objects("inputs").get(0).string("name")).isEqualTo("winter");
    assertThat(json.list("notes")).isEmpty();
    List<JsonObject> features = json.objects("features");
    assertThat(features).hasSize(4);
    JsonObject temp = named(features, "temp");
    assertThat(temp.string("place")).isEqualTo("quantile");
    assertThat(temp.doubleValue("quantile")).isBetween(0.249, 0.251);
    // 400 of 1,000 hours are less than 4, and 100 are 4.
    assertThat(named(features, "hour").doubleValue("quantile")).isEqualTo(0.45);
    JsonObject origin = named(features, "origin");
    assertThat(origin.string("place")).isEqualTo("share");
    assertThat(origin.doubleValue("share")).isEqualTo(0.3);
    assertThat(named(features, "sky").string("place")).isEqualTo("unknown");
    assertThat(json.objects("predictions").get(0).doubleValue("value")).isEqualTo(64.25);

    Cli.Answer page = prediction("r-17");
    assertThat(page.err()).isEmpty();
    assertThat(page.code()).isZero();
    assertThat(page.lines().get(0)).isEqualTo("r-17  flights/1");
    assertThat(page.out())
        .contains("2026-03-01T10:15:30.123Z", runId + "  in March", "winter", "42 µs")
        .containsPattern("temp +250 +quantile 0\\.250")
        .containsPattern("origin +JFK +30\\.0 % of the reference")
        .containsPattern("prediction +64\\.25");
  }

  @Test
  @DisplayName("says what is new, out of range or missing")
  void odd() {
    serve("odd", row(-5.0, null, "EWR"));
    List<JsonObject> features = prediction("odd", "--json").json().objects("features");
    assertThat(named(features, "temp").string("place")).isEqualTo("out_of_range");
    assertThat(named(features, "hour").string("place")).isEqualTo("missing");
    assertThat(named(features, "hour").doubleValue("share")).isZero();
    assertThat(named(features, "origin").string("place")).isEqualTo("new");
    assertThat(prediction("odd").out())
        .containsPattern("temp +-5 +out of range: below 0")
        .containsPattern("hour +missing, as 0\\.0 % of the reference")
        .containsPattern("origin +EWR +new");
    serve("high", row(999.5, 9, "JFK"));
    assertThat(prediction("high").out()).containsPattern("temp +999\\.5 +out of range: above 999");
  }

  @Test
  @DisplayName("exits with 3 where there is no log or no such request")
  void notFound() {
    assertThat(prediction("r").code()).isEqualTo(3);
    assertThat(prediction("r").err()).contains("there is no prediction log");
    serve("r", row(1.0, 1, "JFK"));
    assertThat(prediction("r").code()).isZero();
    Cli.Answer answer = prediction("R");
    assertThat(answer.code()).isEqualTo(3);
    assertThat(answer.err()).contains("there is no prediction 'R' in", "--open");
    assertThat(prediction("r", "--from", "2026-03-02").code()).isEqualTo(3);
    assertThat(prediction("r", "--model-version", "2").code()).isEqualTo(3);
    assertThat(prediction("r", "--from", "2026-03-01", "--to", "2026-03-01").code()).isZero();
    assertThat(prediction("r", "--log", folder.resolve("x").toString()).code()).isEqualTo(3);
    assertThat(prediction("r", "--from", "2026-03-02", "--to", "2026-03-01").code()).isEqualTo(2);
    assertThat(prediction().code()).isEqualTo(2);
  }

  @Test
  @DisplayName("prefers the answer that was given, and tells of others with the same id")
  void several() {
    serve("r", row(1.0, 1, "JFK"), options -> options, logged -> logged.role(LogRow.Role.SHADOW));
    serve("r", row(2.0, 1, "JFK"));
    JsonObject json = prediction("r", "--json").json();
    assertThat(json.string("role")).isEqualTo("primary");
    assertThat(named(json.objects("features"), "temp").doubleValue("value")).isEqualTo(2);
    assertThat(json.strings("notes").get(0))
        .contains("2 rows have this request id: this is primary of version 1, besides shadow of")
        .contains("shadow of version 1; --model");
  }

  @Test
  @DisplayName("finds what is left beside a damaged file, and names that file")
  void damaged() throws Exception {
    serve("a", row(1.0, 1, "JFK"));
    Path part = PredictionLogReader.parts(log, LogFilter.ALL).get(0);
    serve("b", row(2.0, 1, "JFK"));
    byte[] bytes = Files.readAllBytes(part);
    java.util.Arrays.fill(bytes, 8, bytes.length, (byte) 'x');
    Files.write(part, bytes);
    Cli.Answer answer = prediction("b", "--json");
    assertThat(answer.code()).isZero();
    assertThat(answer.json().strings("notes").get(0)).contains(part.getFileName().toString());
    Cli.Answer gone = prediction("a");
    assertThat(gone.code()).isEqualTo(3);
    assertThat(gone.err()).contains("passed over", part.getFileName().toString());
  }

  @Test
  @DisplayName("shows a row of which the registry does not have the version")
  void unknownVersion() {
    Flown.log(folder.resolve("log"), "strangers", "7", "2026-03-01", 3, 0);
    String path = folder.resolve("log").toString();
    Cli.Answer answer = prediction("2026-03-01-1", "--log", path);
    assertThat(answer.code()).isZero();
    assertThat(answer.out()).contains("the registry does not have strangers/7", "temp", "origin");
    Cli.Answer replay = prediction("2026-03-01-1", "--log", path, "--replay");
    assertThat(replay.code()).isEqualTo(1);
    assertThat(replay.out()).contains("Not replayed: the registry does not have the version");
  }

  // ---- replaying

  @Test
  @DisplayName("scores the row again and finds the same")
  void replay() {
    serve("r", row(250.0, 4, "JFK"));
    Cli.Answer answer = prediction("r", "--replay");
    assertThat(answer.err()).isEmpty();
    assertThat(answer.code()).isZero();
    assertThat(answer.out()).contains("The same comes out again.");
    serve("null", row(null, 4, "JFK"));
    assertThat(prediction("null", "--replay").code()).isZero();
    JsonObject json = prediction("r", "--replay", "--json").json().object("replay");
    assertThat(json.bool("same")).isTrue();
    JsonObject output = json.objects("outputs").get(0);
    assertThat(output.string("column")).isEqualTo("prediction");
    assertThat(output.doubleValue("logged")).isEqualTo(64.25);
    assertThat(output.doubleValue("replayed")).isEqualTo(64.25);
  }

  @Test
  @DisplayName("compares the score of a binary decision")
  void replayScore() {
    serve("r", row(0.5, 0, ""), options -> options.binary(0.1), logged -> logged);
    JsonObject json = prediction("r", "--replay", "--json").json();
    JsonObject output = json.object("replay").objects("outputs").get(0);
    assertThat(output.string("column")).isEqualTo("prediction_score");
    assertThat(output.doubleValue("replayed")).isEqualTo(0.125);
    assertThat(named(json.objects("predictions"), "prediction").doubleValue("value")).isEqualTo(1);
  }

  @Test
  @DisplayName("exits with 1 if it differs by more than a millionth, and shows both numbers")
  void replayDiffers() {
    write("near", 64.25 * (1 + 5e-7));
    write("far", 64.25 * (1 + 5e-6));
    write("nan", Double.NaN);
    assertThat(prediction("near", "--replay").code()).isZero();
    Cli.Answer far = prediction("far", "--replay");
    assertThat(far.code()).isEqualTo(1);
    assertThat(far.out()).contains("Something else comes out.", "64.25", "64.25032");
    assertThat(prediction("far").code()).isZero();
    assertThat(prediction("nan", "--replay").code()).isEqualTo(1);
    write("none", null);
    Cli.Answer none = prediction("none", "--replay");
    assertThat(none.code()).isEqualTo(1);
    assertThat(none.out()).contains("Not replayed: no number was logged");
  }

  /** Logs a row by hand: what the model would not have said. */
  private void write(String id, @Nullable Double said) {
    LogSchema schema = LogSchema.builder("flights", "1", FEATURES).predictsNumber().build();
    try (PredictionLogWriter writer = PredictionLogWriter.open(log, LogOptions.DEFAULT)) {
      RowBatch row = writer.row(schema, TIME.toEpochMilli() * 1_000);
      row.setText(SystemColumn.REQUEST_ID.position(), id);
      row.setDouble(schema.position("temp"), 250);
      row.setLong(schema.position("hour"), 4);
      row.setText(schema.position("origin"), "JFK");
      if (said != null) {
        row.setDouble(schema.position("prediction"), said);
      }
      row.endRow();
    }
  }

  @Test
  @DisplayName("replays nothing where privacy has left too little, or the version must not be used")
  void replayRefused() {
    Secret key = Secret.of("a key of sixteen characters");
    serve(
        "r",
        row(250.0, 4, "JFK"),
        options -> options.privacy("origin", Privacy.hmac(key)).privacy("temp", Privacy.drop()),
        logged -> logged);
    Cli.Answer answer = prediction("r", "--replay");
    assertThat(answer.code()).isEqualTo(1);
    assertThat(answer.out())
        .contains(
            "'temp' was left out of the log by the privacy policy",
            "of 'origin' it keeps what 'hmac' has left")
        .containsPattern("origin +[0-9a-f]{64} .*kept as hmac")
        .containsPattern("temp +left out of the log");
    JsonObject dropped = prediction("r", "--json").json().objects("dropped").get(0);
    assertThat(dropped.string("name")).isEqualTo("temp");
    assertThat(dropped.string("role")).isEqualTo("input");
    serve("s", row(1.0, 4, "JFK"));
    assertThat(cli.run("quarantine", "flights/1", "--reason", "leak").code()).isZero();
    Cli.Answer quarantined = prediction("s", "--replay");
    assertThat(quarantined.code()).isEqualTo(1);
    assertThat(quarantined.out()).contains("the version is quarantined: leak", "Not replayed");
    assertThat(prediction("s").code()).isZero();
  }
}
