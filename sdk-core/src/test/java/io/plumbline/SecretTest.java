package io.plumbline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A secret does not show")
class SecretTest {

  @Test
  @DisplayName("it prints [hidden], in a message too, and reveals its content on request only")
  void hidden() {
    Secret secret = Secret.of("s3cr3t");

    assertThat(secret).hasToString("[hidden]");
    assertThat(String.format("%s", secret)).isEqualTo("[hidden]");
    assertThat(secret.reveal()).isEqualTo("s3cr3t");
  }

  @Test
  @DisplayName("it cannot be serialized")
  void notSerializable() throws Exception {
    try (ObjectOutputStream out = new ObjectOutputStream(new ByteArrayOutputStream())) {
      assertThatThrownBy(() -> out.writeObject(Secret.of("s3cr3t")))
          .isInstanceOf(NotSerializableException.class);
    }
  }

  @Test
  @DisplayName("its hash says nothing about its content")
  void hash() {
    assertThat(Secret.of("a").hashCode()).isEqualTo(Secret.of("b").hashCode());
  }

  @Test
  @DisplayName("it is not equal to its content, to nothing, or to a part or a repetition of it")
  void unequal() {
    assertThat(Secret.of("ab")).isNotEqualTo("ab").isNotEqualTo(null);
    assertThat(Secret.of("ab")).isNotEqualTo(Secret.of("a")).isNotEqualTo(Secret.of("abab"));
    assertThat(Secret.of("")).isNotEqualTo(Secret.of("\0")).isEqualTo(Secret.of(""));
    assertThat(Secret.of("\0")).isNotEqualTo(Secret.of(""));
  }
}
