package io.plumbline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The commands")
class CommandsTest {
  @TempDir Path folder;

  @Test
  @DisplayName("are made under the names by which they are called")
  void names() {
    assertThat(Commands.NAMES)
        .doesNotHaveDuplicates()
        .allSatisfy(name -> assertThat(Commands.make(name).getCommandName()).isEqualTo(name));
  }

  @Test
  @DisplayName("are only those that the words name, and all where none or help is named")
  void among() {
    assertThat(Commands.among("--store", "runs", "report", "-o", "x"))
        .containsExactly("runs", "report");
    assertThat(Commands.among("report", "--help")).isEqualTo(Commands.NAMES);
    assertThat(Commands.among("-hV")).isEqualTo(Commands.NAMES);
    assertThat(Commands.among("rport")).isEqualTo(Commands.NAMES);
    assertThat(Commands.among()).isEqualTo(Commands.NAMES);
  }

  @Test
  @DisplayName("are suggested when one is mistyped, also where another one is named")
  void suggestions() {
    Cli.Answer answer = new Cli(folder.resolve("s")).run("repor", "runs");
    assertThat(answer.code()).isEqualTo(Main.USAGE);
    assertThat(answer.err()).contains("there is no command 'repor'").contains("report");
  }
}
