package io.plumbline.internal;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;

@Label("Any text is safe to show")
class PrintablePropertyTest {

  @Property
  @Label("no text leaves a control character behind or grows without bound")
  void always(@ForAll String text) {
    String line = Printable.line(text);

    assertThat(line.chars().noneMatch(Character::isISOControl)).isTrue();
    assertThat(line.length()).isLessThanOrEqualTo(120 + 8 + 3);
  }
}
