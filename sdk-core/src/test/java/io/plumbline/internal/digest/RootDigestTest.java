package io.plumbline.internal.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RootDigestTest {

  @Test
  @DisplayName(
      "Names are ordered by code points, so U+FFFD comes before an emoji, as in the golden value")
  void golden() {
    Map<String, String> digests =
        Map.of(
            "a/b", sha("1"), "a.b", sha("2"), "\uFFFD", sha("3"), "😀", sha("4"), "empty", sha(""));
    // tools/golden/words.py, "root"
    assertThat(RootDigest.of(digests))
        .isEqualTo("03fd64c64d39fd3f8cbb30b3e06469194421f8fe4f73dc487b6f18b7861ef7de");
  }

  @Test
  @DisplayName("No files have no root digest")
  void empty() {
    assertThatThrownBy(() -> RootDigest.of(Map.of())).isInstanceOf(IllegalArgumentException.class);
  }

  private static String sha(String content) {
    return Sha256.of(content.getBytes(StandardCharsets.UTF_8));
  }
}
