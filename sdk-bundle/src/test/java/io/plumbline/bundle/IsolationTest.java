package io.plumbline.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.internal.config.ConfigKey;
import io.plumbline.internal.config.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A test of any module")
class IsolationTest {
  private static final Path ROOT = Path.of(System.getProperty("test.root", ".."));

  @Test
  @DisplayName("sees none of the developer's settings: the build hides the variable of every key")
  void variables() throws IOException {
    String pom = Files.readString(ROOT.resolve("pom.xml"));
    List<String> visible =
        Keys.all().stream()
            .flatMap(IsolationTest::variables)
            .filter(
                name ->
                    !pom.contains(
                        "<excludedEnvironmentVariable>" + name + "</excludedEnvironmentVariable>"))
            .toList();
    assertThat(visible).as("variables that are not hidden in the parent POM").isEmpty();
    assertThat(System.getenv())
        .doesNotContainKeys(
            Keys.all().stream().flatMap(IsolationTest::variables).toArray(String[]::new));
  }

  private static Stream<String> variables(ConfigKey<?> key) {
    return Stream.concat(Stream.of(key.variable()), key.mlflowVariables().stream());
  }

  @Test
  @DisplayName("has a home and a working folder of its own")
  void folders() throws IOException {
    Path build = ROOT.resolve("sdk-bundle/target").toRealPath();
    assertThat(Path.of(System.getProperty("user.home"))).startsWith(build);
    assertThat(Path.of(System.getenv("HOME"))).startsWith(build);
    assertThat(Path.of("").toRealPath()).startsWith(build);
  }
}
