package io.plumbline;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;

@Label("Secrets are compared by content")
class SecretPropertyTest {

  @Property
  @Label("two secrets are equal exactly if their contents are")
  void equalLikeContents(@ForAll String one, @ForAll String other) {
    assertThat(Secret.of(one).equals(Secret.of(other))).isEqualTo(one.equals(other));
    assertThat(Secret.of(one)).isEqualTo(Secret.of(new String(one.toCharArray())));
  }
}
