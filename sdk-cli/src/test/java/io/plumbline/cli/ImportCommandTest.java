package io.plumbline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("plumbline import mlflow")
class ImportCommandTest {
  @TempDir private Path folder;

  @Test
  @DisplayName("Without a server's address it says how to give one")
  void noServer() {
    Cli cli = new Cli(folder.resolve("store"));
    assertThat(cli.run("import").code()).isEqualTo(Main.USAGE);
    Cli.Answer answer = cli.run("import", "mlflow");
    assertThat(answer.code()).isEqualTo(Main.USAGE);
    assertThat(answer.err()).contains("http://");
    Cli.Answer place = cli.run("import", "mlflow", folder.toString());
    assertThat(place.code()).isEqualTo(Main.USAGE);
    assertThat(place.err()).contains("it names the folder " + folder);
  }

  @Test
  @DisplayName("A server that does not answer is told with its address, and fails the command")
  void unreachable() {
    // Nothing listens there.
    Cli.Answer answer =
        new Cli(folder.resolve("store")).run("import", "mlflow", "http://127.0.0.1:9");
    assertThat(answer.code()).isEqualTo(Main.WRONG);
    assertThat(answer.err()).contains("127.0.0.1:9");
  }
}
