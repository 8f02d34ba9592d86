package io.plumbline.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Text from outside is safe to show")
class PrintableTest {

  @Test
  @DisplayName("line ends, terminal sequences, direction marks and NUL become escapes")
  void escapes() {
    assertThat(Printable.quote("a\n\u001b[31m\u202e\0\ud800z"))
        .isEqualTo("'a\\u000a\\u001b[31m\\u202e\\u0000\\ud800z'");
  }

  @Test
  @DisplayName("ordinary text of any language stays as it is")
  void plain() {
    assertThat(Printable.line("İstanbul, Ωmega, 東京, 😀")).isEqualTo("İstanbul, Ωmega, 東京, 😀");
  }

  @Test
  @DisplayName("a long text is cut in a line, and whole when escaped")
  void length() {
    assertThat(Printable.line("x".repeat(1_000))).isEqualTo("x".repeat(120) + "...");
    assertThat(Printable.escape("x".repeat(1_000))).hasSize(1_000);
  }

  @Test
  @DisplayName("The beginning of a text does not cut a pair of surrogates in two")
  void start() {
    assertThat(Printable.start("abc", 3)).isEqualTo("abc");
    assertThat(Printable.start("abc", 2)).isEqualTo("ab");
    assertThat(Printable.start("a\ud83d\ude00b", 2)).isEqualTo("a");
    assertThat(Printable.start("a\ud83d\ude00b", 3)).isEqualTo("a\ud83d\ude00");
    assertThat(Printable.start("\ud83d\ude00", 0)).isEmpty();
  }
}
