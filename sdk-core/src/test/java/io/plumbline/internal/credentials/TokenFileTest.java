package io.plumbline.internal.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.plumbline.ConfigException;
import io.plumbline.Secret;
import io.plumbline.spi.Credentials;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A token file is read again when it changes")
class TokenFileTest {
  @TempDir Path folder;
  private Path file;
  private TokenFile provider;

  @BeforeEach
  void makeProvider() {
    file = folder.resolve("token");
    provider = new TokenFile(file, "plumbline.tracking.token.file", "code");
  }

  private static Credentials bearer(String token) {
    return new Credentials.Bearer(Secret.of(token));
  }

  @Test
  @DisplayName("another content, even of the same size and time, shows when it is another file")
  void replaced() throws Exception {
    Files.writeString(file, " one\n");
    FileTime time = Files.getLastModifiedTime(file);
    assertThat(provider.credentials(null)).isEqualTo(bearer("one"));
    assertThat(provider.credentials(null)).isEqualTo(bearer("one"));

    Path next = Files.writeString(folder.resolve("next"), " two\n");
    Files.setLastModifiedTime(next, time);
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);

    assertThat(provider.credentials(null)).isEqualTo(bearer("two"));
  }

  @Test
  @DisplayName("a mounted secret is followed when its link moves")
  void link() throws Exception {
    Path first = Files.writeString(folder.resolve("v1"), "one");
    Path second = Files.writeString(folder.resolve("v2"), "two");
    Files.createSymbolicLink(file, first);
    assertThat(provider.credentials(null)).isEqualTo(bearer("one"));

    Files.delete(file);
    Files.createSymbolicLink(file, second);

    assertThat(provider.credentials(null)).isEqualTo(bearer("two"));
  }

  @Test
  @DisplayName("after a refusal it is read whatever it looks like")
  void refused() throws Exception {
    Files.writeString(file, "one");
    FileTime time = Files.getLastModifiedTime(file);
    assertThat(provider.credentials(null)).isEqualTo(bearer("one"));

    Files.writeString(file, "two");
    Files.setLastModifiedTime(file, time);

    assertThat(provider.credentials(bearer("one"))).isEqualTo(bearer("two"));
  }

  @Test
  @DisplayName("while it is being written the token before it is used")
  void beingWritten() throws Exception {
    Files.writeString(file, "one");
    provider.credentials(null);

    Files.writeString(file, "");
    assertThat(provider.credentials(null)).isEqualTo(bearer("one"));
    Files.delete(file);
    assertThat(provider.credentials(null)).isEqualTo(bearer("one"));
    Files.writeString(file, "two");
    assertThat(provider.credentials(null)).isEqualTo(bearer("two"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " \n", "c4nary c4nary", "c4nary\nc4nary", "c4n\u00e4ry"})
  @DisplayName("a file that holds no token is refused with its name, and nothing of its content")
  void noToken(String content) throws Exception {
    Files.writeString(file, content);

    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> provider.credentials(null))
        .withMessageContaining(file.toString())
        .withMessageNotContaining("c4n");
  }

  @Test
  @DisplayName("a file that is not there is refused with its name")
  void missing() {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> provider.credentials(null))
        .withMessageContaining(file.toString());
  }
}
