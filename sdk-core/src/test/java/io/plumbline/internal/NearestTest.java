package io.plumbline.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A typing error finds what was meant")
class NearestTest {

  private static final List<String> NAMES = List.of("store", "journal.fsync", "journal.ring.size");

  @Test
  @DisplayName("a wrong, missing, additional or exchanged letter is forgiven, and so is the case")
  void typos() {
    assertThat(Nearest.match("jurnal.fsync", NAMES)).isEqualTo("journal.fsync");
    assertThat(Nearest.match("journal.fsycn", NAMES)).isEqualTo("journal.fsync");
    assertThat(Nearest.match("STORES", NAMES)).isEqualTo("store");
    assertThat(Nearest.match("journal.ringsize", NAMES)).isEqualTo("journal.ring.size");
  }

  @Test
  @DisplayName("what is near to nothing gets no suggestion, however long it is")
  void far() {
    assertThat(Nearest.match("kafka.bootstrap", NAMES)).isNull();
    assertThat(Nearest.match("", NAMES)).isNull();
    assertThat(Nearest.match("s".repeat(1_000_000), NAMES)).isNull();
    assertThat(Nearest.match("store", List.of())).isNull();
  }

  @Test
  @DisplayName("the distance counts insertions, removals, replacements and exchanges of neighbours")
  void distances() {
    assertThat(Nearest.distance("kitten", "sitting")).isEqualTo(3);
    assertThat(Nearest.distance("ab", "ba")).isEqualTo(1);
    assertThat(Nearest.distance("", "abc")).isEqualTo(3);
    assertThat(Nearest.distance("abc", "abc")).isZero();
  }
}
