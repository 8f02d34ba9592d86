package io.plumbline.drift;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What a report says")
class WordsTest {
  @Test
  @DisplayName("names the value that a range begins above, not the next double")
  void ranges() {
    assertThat(Words.from(Math.nextUp(0.0))).isEqualTo("above 0");
    assertThat(Words.from(Math.nextUp(0.1))).isEqualTo("above 0.1");
    assertThat(Words.from(1012.5)).isEqualTo("from 1012.5");
    assertThat(Words.from(-3)).isEqualTo("from -3");
  }
}
