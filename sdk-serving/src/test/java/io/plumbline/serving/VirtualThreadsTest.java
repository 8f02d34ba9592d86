package io.plumbline.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Virtual threads")
class VirtualThreadsTest {
  @TempDir private Path folder;

  private static Optional<Path> jdk25() throws IOException {
    Path beside = Path.of(System.getProperty("java.home")).resolveSibling(".");
    try (Stream<Path> found = Files.list(beside)) {
      return found.filter(VirtualThreadsTest::is25).findFirst();
    }
  }

  private static boolean is25(Path home) {
    try {
      return Files.readString(home.resolve("release")).contains("JAVA_VERSION=\"25");
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  @DisplayName(
      "Ten thousand predict at once on JDK 25 while versions are swapped, and all answers are right")
  void tenThousand() throws Exception {
    Optional<Path> jdk = jdk25();
    if (jdk.isEmpty()) {
      assertThat(System.getenv("CI")).as("in CI JDK 25 must be there").isNotEqualTo("true");
      System.out.println("skipped: there is no JDK 25 beside this one");
      abort("there is no JDK 25 beside this one");
    }
    Path output = folder.resolve("output.txt");
    Process child =
        new ProcessBuilder(
                jdk.orElseThrow().resolve("bin").resolve("java").toString(),
                "-Xmx512m",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                "-cp",
                System.getProperty("java.class.path"),
                VirtualChild.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(child.waitFor(240, TimeUnit.SECONDS)).isTrue();
    assertThat(child.exitValue()).as(Files.readString(output)).isZero();
  }
}
