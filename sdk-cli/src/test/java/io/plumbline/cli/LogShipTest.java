package io.plumbline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.Config;
import io.plumbline.drift.log.LogOptions;
import io.plumbline.drift.log.LogSchema;
import io.plumbline.drift.log.PredictionLogWriter;
import io.plumbline.drift.log.RowBatch;
import io.plumbline.drift.log.SystemColumn;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.DataType;
import io.plumbline.model.Feature;
import io.plumbline.model.FeatureSchema;
import io.plumbline.tracking.TrackingClient;
import io.plumbline.zstd.Zstandard;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("plumbline log ship brings what no program has shipped to the runs of the versions")
class LogShipTest {
  @TempDir private Path folder;

  private Path store() {
    return folder.resolve("store");
  }

  private Cli cli() {
    return new Cli(store());
  }

  private String logModel() {
    String[] id = new String[1];
    Config config = Config.builder().isolated().store(store()).build();
    try (TrackingClient tracking = TrackingClient.create(config)) {
      tracking.run(
          "flights",
          run -> {
            id[0] = run.id();
            run.logModel("model", SumLoader.plain(1, 1));
          });
    }
    assertThat(cli().run("register", "flights", id[0]).code()).isZero();
    return id[0];
  }

  private void write(String model, LogOptions options) {
    LogSchema schema =
        LogSchema.builder(model, "1", FeatureSchema.of(Feature.of("temp", DataType.DOUBLE)))
            .build();
    Path log = store().resolve("predictions");
    try (PredictionLogWriter writer = PredictionLogWriter.open(log, options)) {
      RowBatch row = writer.row(schema, 1_748_736_000_000_000L);
      row.setText(SystemColumn.REQUEST_ID.position(), "r0");
      row.setDouble(schema.position("temp"), 21.5);
      row.endRow();
    }
  }

  @Test
  @DisplayName("once, compressed or not, and names what it can't")
  void ships() {
    String run = logModel();
    write("flights", LogOptions.DEFAULT);
    write("flights", LogOptions.DEFAULT.withCompression(new Zstandard()));
    write("unknown", LogOptions.DEFAULT);
    Cli.Answer answer = cli().run("log", "ship", "--json");
    assertThat(answer.code()).isEqualTo(1);
    assertThat(answer.json().longValue("shipped")).isEqualTo(2);
    List<JsonObject> refused = answer.json().objects("refused");
    assertThat(refused).hasSize(1);
    assertThat(refused.get(0).string("file")).contains("_model=unknown");
    assertThat(refused.get(0).string("problem")).contains("unknown");
    answer = cli().run("log", "ship", store().resolve("predictions").toString());
    assertThat(answer.code()).isEqualTo(1);
    assertThat(answer.out()).contains("Refused ", "Shipped 0 parts");
    Path copy = folder.resolve("copy");
    answer = cli().run("artifacts", run, "predictions", "--download", copy.toString());
    assertThat(answer.code()).isZero();
    answer = cli().run("log", "show", copy.resolve("predictions").toString());
    assertThat(answer.lines().stream().filter(line -> line.contains("21.5")))
        .as("two rows, one of them compressed")
        .hasSize(2);
  }

  @Test
  @DisplayName("and exits with 3 where there is no log")
  void nothing() {
    String unused = logModel();
    Cli.Answer answer = cli().run("log", "ship", folder.resolve("no").toString());
    assertThat(answer.code()).isEqualTo(3);
    assertThat(answer.err()).contains("there is no prediction log");
  }
}
