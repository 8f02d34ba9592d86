package io.plumbline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.internal.json.JsonObject;
import io.plumbline.tracking.TrackingClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("plumbline export mlflow")
class ExportMlflowCommandTest {
  @TempDir private Path folder;

  private Cli cli = new Cli(Path.of("."));
  private List<String> ids = List.of();

  @BeforeEach
  void fill() {
    cli = new Cli(folder.resolve("store"));
    try (TrackingClient tracking = cli.open()) {
      ids = Cli.fill(tracking);
      tracking.run("other", run -> run.logParam("a,b", 1));
    }
  }

  @Test
  @DisplayName("Says what was written, and what MLflow cannot hold")
  void whole() {
    Path target = folder.resolve("mlruns");
    Cli.Answer answer = cli.run("export", "mlflow", target.toString());
    assertThat(answer.code()).as(answer.err()).isZero();
    assertThat(answer.out())
        .contains("2 experiments, 4 runs, 401 points, 2 artifacts", target.toString());
    assertThat(answer.err()).contains("1 thing", "'a,b'");
    assertThat(target.resolve("0").resolve("meta.yaml")).exists();
    Cli.Answer again = cli.run("export", "mlflow", target.toString());
    assertThat(again.code()).isEqualTo(Main.WRONG);
    assertThat(again.err()).contains("--replace");
    assertThat(cli.run("export", "mlflow", "--replace", target.toString()).code()).isZero();
  }

  @Test
  @DisplayName("After a replacement that was killed, the earlier export still needs the flag")
  void killedReplacement() throws Exception {
    Path target = folder.resolve("mlruns");
    assertThat(cli.run("export", "mlflow", target.toString()).code()).isZero();
    Path unfinished = target.resolve(".plumbline-unfinished");
    Files.createDirectories(unfinished.resolve("mlruns").resolve("0"));
    Cli.Answer again = cli.run("export", "mlflow", target.toString());
    assertThat(again.code()).isEqualTo(Main.WRONG);
    assertThat(again.err()).contains("--replace");
    assertThat(cli.run("export", "mlflow", "--replace", target.toString()).code()).isZero();
    assertThat(unfinished).doesNotExist();
  }

  @Test
  @DisplayName("Takes some runs by the beginnings of their ids, and prints JSON")
  void some() {
    Path target = folder.resolve("mlruns");
    String id = ids.get(0);
    JsonObject json =
        cli.run("--json", "export", "mlflow", "--run", id.substring(0, 12), target.toString())
            .json();
    assertThat(json.longValue("runs")).isEqualTo(1);
    assertThat(json.longValue("points")).isEqualTo(200);
    assertThat(json.objects("omitted")).isEmpty();
  }

  @Test
  @DisplayName("A file of the store that is damaged is told, and fails the command")
  void damaged() throws Exception {
    try (var blobs = Files.walk(folder.resolve("store").resolve("blobs").resolve("sha256"))) {
      for (Path blob : blobs.filter(Files::isRegularFile).toList()) {
        Files.writeString(blob, "another");
      }
    }
    Cli.Answer answer = cli.run("export", "mlflow", folder.resolve("mlruns").toString());
    assertThat(answer.code()).isEqualTo(Main.WRONG);
    assertThat(answer.err()).contains("damaged: run ", "report/gain.csv");
    assertThat(cli.run("export", "mlflow", "--experiment", "nope", "x").code())
        .isEqualTo(Main.NOT_FOUND);
  }
}
