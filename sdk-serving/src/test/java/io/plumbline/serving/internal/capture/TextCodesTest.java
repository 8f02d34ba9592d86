package io.plumbline.serving.internal.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The codes of texts")
class TextCodesTest {
  private final Ring ring = new Ring(new Ring.Widths(1, RowLayout.HEADER, 0, 64, 64), 1 << 20);

  private SlotText text(String value) {
    value.getChars(0, value.length(), ring.chars, 0);
    ring.longs[RowLayout.REQUEST_ID] = RowLayout.range(0, value.length());
    return new SlotText().move(ring, 0, RowLayout.REQUEST_ID);
  }

  @Test
  @DisplayName(
      "are spread by a seed that decides on collisions: of Java's own colliding texts, too")
  void collisions() {
    for (long seed : new long[] {1_234_567_890_123L, 0x1234_5678_9abc_def1L}) {
      Set<Integer> hashes = new HashSet<>();
      for (int i = 0; i < 4_096; i++) {
        StringBuilder value = new StringBuilder();
        for (int bit = 0; bit < 12; bit++) {
          value.append((i >> bit & 1) == 0 ? "Aa" : "BB"); // all have one hashCode()
        }
        hashes.add(text(value.toString()).hash(seed));
      }
      assertThat(hashes).hasSizeGreaterThan(4_080);
    }
  }

  @Test
  @DisplayName("are found again, also where there are more texts than are remembered")
  void found() {
    TextCodes codes = new TextCodes(null, null, "origin");
    int first = codes.find(text("JFK"));
    for (int i = 0; i < 10_000; i++) {
      int found = codes.find(text("N" + i));
      assertThat(codes.logged(found)).isEqualTo(-1);
    }
    assertThat(codes.find(text("JFK"))).isEqualTo(first);
    assertThat(codes.find(text("N1"))).isEqualTo(codes.find(text("N1"))).isNotEqualTo(first);
  }
}
