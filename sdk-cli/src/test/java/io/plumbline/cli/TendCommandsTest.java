package io.plumbline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.internal.json.JsonObject;
import io.plumbline.tracking.TrackingClient;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The commands that tend a store")
class TendCommandsTest {
  @TempDir Path folder;
  private Path store = Path.of("");
  private Cli cli = new Cli(store);
  private List<String> ids = List.of();

  @BeforeEach
  void fill() {
    store = folder.resolve("store");
    cli = new Cli(store);
    try (TrackingClient tracking = cli.open()) {
      ids = Cli.fill(tracking);
    }
  }

  @Test
  @DisplayName("tag, delete, restore and erase runs, and ask before what can't be taken back")
  void runs() {
    String id = ids.get(0);
    assertThat(cli.run("tag", id, "stage=best", "empty=", "-r", "team").code()).isZero();
    JsonObject tags = cli.run("run", id, "--json").json().object("tags");
    assertThat(tags.string("stage")).isEqualTo("best");
    assertThat(tags.has("team")).isFalse();

    assertThat(cli.run("erase", id, "--yes").code()).as("not deleted yet").isEqualTo(1);
    assertThat(cli.run("delete", id).out()).startsWith("Deleted " + id);
    assertThat(cli.run("runs").lines()).hasSize(3);
    assertThat(cli.run("runs", "--deleted", "-c", "id,name").out()).contains("depth 3");
    assertThat(cli.run("restore", id).code()).isZero();
    assertThat(cli.run("runs").lines()).hasSize(4);
    cli.run("delete", id);
    assertThat(cli.run("erase", id).code()).isEqualTo(2);
    assertThat(cli.run("erase", id, "--yes").code()).isZero();
    assertThat(cli.run("run", id).code()).isEqualTo(3);
  }

  @Test
  @DisplayName("verify a store, and exit with 1 when a byte of it has flipped")
  void verify() throws IOException {
    Cli.Answer sound = cli.run("store", "verify");
    assertThat(sound.code()).isZero();
    assertThat(sound.out()).contains("3 runs").contains("nothing is damaged");

    Path segment = segment();
    byte[] bytes = Files.readAllBytes(segment);
    bytes[bytes.length / 2] ^= 1;
    Files.write(segment, bytes);

    Cli.Answer damaged = cli.run("store", "verify");
    assertThat(damaged.code()).isEqualTo(1);
    assertThat(damaged.out())
        .contains("damaged  runs/" + ids.get(0) + "/" + segment.getFileName())
        .contains("lost");
    JsonObject json = cli.run("store", "verify", "--json").json();
    assertThat(json.bool("sound")).isFalse();
    assertThat(json.longValue("lost")).isPositive();
    assertThat(json.objects("problems").get(0).string("file")).startsWith("runs/");
  }

  private Path segment() throws IOException {
    try (Stream<Path> files = Files.list(store.resolve("runs").resolve(ids.get(0)))) {
      return files.filter(file -> file.toString().endsWith(".seg")).findFirst().orElseThrow();
    }
  }

  @Test
  @DisplayName("clean up what an erased run has left, after a dry run that tells what")
  void gc() {
    assertThat(cli.run("store", "gc", "--grace", "0s").out())
        .contains("Nothing to remove.")
        .contains("2 contents that runs refer to");
    cli.run("delete", ids.get(0));
    cli.run("erase", ids.get(0), "--yes");

    assertThat(cli.run("store", "gc").out()).contains("younger than the grace");
    Cli.Answer dry = cli.run("store", "gc", "--grace", "0s", "--dry-run");
    assertThat(dry.out()).contains("Would remove 1 file").contains("blobs/sha256/");
    JsonObject json = cli.run("store", "gc", "--grace", "0s", "--json").json();
    assertThat(json.objects("removed").get(0).string("reason")).isEqualTo("UNREFERENCED");
    assertThat(json.longValue("removedBytes")).isEqualTo(24);
    assertThat(cli.run("store", "verify").code()).isZero();
    assertThat(cli.run("store", "gc", "--grace", "soon").code()).isEqualTo(2);
  }

  @Test
  @DisplayName("back a store up and restore it, and overwrite nothing")
  void backup() {
    String zip = folder.resolve("copy.zip").toString();
    JsonObject json = cli.run("store", "backup", zip, "--json").json();
    assertThat(json.longValue("runs")).isEqualTo(3);
    assertThat(json.bool("sound")).isTrue();
    Cli.Answer again = cli.run("store", "backup", zip);
    assertThat(again.code()).isEqualTo(1);
    assertThat(again.err()).contains("exists already");

    Cli restored = new Cli(folder.resolve("restored"));
    assertThat(restored.run("store", "restore", zip).code()).isZero();
    assertThat(restored.run("runs", "--json").out()).isEqualTo(cli.run("runs", "--json").out());
    assertThat(restored.run("store", "restore", zip).code()).isEqualTo(1);
    assertThat(cli.run("store", "restore", "nowhere.zip").code()).isEqualTo(3);
  }

  @Test
  @DisplayName("recover what a crashed program has left, after the readers have told of it")
  void recover() throws IOException {
    Path backup = folder.resolve("copy");
    String id;
    try (TrackingClient tracking = cli.open()) {
      var run = tracking.start("live");
      id = run.id();
      run.logMetric("loss", 1, 0);
      run.flush(java.time.Duration.ofSeconds(30));
      // A copy of a store in use looks as if its program had crashed.
      assertThat(cli.run("store", "backup", backup.toString()).code()).isZero();
      run.finish();
    }
    Cli crashed = new Cli(backup);

    assertThat(crashed.run("runs").err()).contains("plumbline store recover").hasLineCount(1);
    assertThat(crashed.run("run", id).err()).contains("plumbline store recover");
    assertThat(crashed.run("run", ids.get(0)).err()).isEmpty();
    assertThat(crashed.run("run", id).out()).contains("LOST");
    Cli.Answer answer = crashed.run("store", "recover");
    assertThat(answer.code()).isZero();
    assertThat(answer.out()).contains("recovered from its ring");
    assertThat(crashed.run("runs").err()).isEmpty();
    assertThat(crashed.run("store", "recover").out()).isEqualTo("Nothing to recover.\n");
  }

  @Test
  @DisplayName("end quietly when the reader has gone, and with 1 when a disk is full")
  void brokenPipe() {
    StringWriter err = new StringWriter();
    String[] call = {"--store", store.toString(), "runs"};

    assertThat(Main.run(failing("Broken pipe", err), call)).isZero();
    assertThat(err.toString()).isEmpty();
    assertThat(Main.run(failing("No space left on device", err), call)).isEqualTo(1);
    assertThat(err.toString()).contains("can't be written").contains("No space left");
  }

  private static Console failing(String message, StringWriter err) {
    OutputStream out =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException(message);
          }
        };
    return new Console(out, StandardCharsets.UTF_8, err, false, false, false, Integer.MAX_VALUE);
  }
}
