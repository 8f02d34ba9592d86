package io.plumbline.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.tck.ChildJvm;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Virtual threads")
class VirtualThreadsTest {
  @TempDir private Path folder;

  @Test
  @DisplayName(
      "Ten thousand predict at once on JDK 25 while versions are swapped, and all answers are right")
  void tenThousand() throws Exception {
    Path jdk = ChildJvm.jdkOrSkip(25, System.out::println);
    String said = ChildJvm.run(jdk, List.of("-Xmx512m"), VirtualChild.class, folder);
    assertThat(said).doesNotContain("Exception");
  }
}
