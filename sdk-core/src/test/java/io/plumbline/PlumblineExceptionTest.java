package io.plumbline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Every failure has a kind, and one parent")
class PlumblineExceptionTest {

  private final IOException cause = new IOException("No space left on device");

  @Test
  @DisplayName("all kinds are caught as a PlumblineException and keep message and cause")
  void kinds() {
    List<PlumblineException> all =
        List.of(
            new NotFoundException("m", cause),
            new ConflictException("m", cause),
            new IntegrityException("m", cause),
            new StoreException("m", cause),
            new TransportException("m", cause),
            new ServerException(500, "m", cause));

    assertThat(all).allSatisfy(e -> assertThat(e).hasMessage("m").hasCause(cause));
  }

  @Test
  @DisplayName("a ConfigException names the key, where its value came from and what is accepted")
  void config() {
    ConfigException e =
        new ConfigException(
            "plumbline.enabled", "environment variable PLUMBLINE_ENABLED", "no", "true or false");

    assertThat(e)
        .hasMessage(
            "plumbline.enabled (from environment variable PLUMBLINE_ENABLED): no;"
                + " accepted: true or false");
    assertThat(e.key()).isEqualTo("plumbline.enabled");
    assertThat(e.source()).isEqualTo("environment variable PLUMBLINE_ENABLED");
    assertThat(e.accepted()).isEqualTo("true or false");
  }

  @Test
  @DisplayName(
      "a ServerException has its status, and a RateLimited the time that the server asked for")
  void server() {
    ServerException.RateLimited limited =
        new ServerException.RateLimited(429, "m", Duration.ofSeconds(7));

    assertThat(limited.status()).isEqualTo(429);
    assertThat(limited.retryAfter()).contains(Duration.ofSeconds(7));
    assertThat(new ServerException.RateLimited(503, "m", null).retryAfter()).isEmpty();
    assertThat(new ServerException.Unauthorized(401, "m"))
        .isInstanceOf(ServerException.class)
        .hasMessage("m");
    assertThat(new ServerException.InvalidRequest(400, "m").status()).isEqualTo(400);
  }

  @Test
  @DisplayName("an exception survives serialization, as engines ship them between JVMs")
  void serializable() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(new ServerException.RateLimited(429, "m", Duration.ofSeconds(7)));
    }
    Object read = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();

    assertThat(read)
        .isInstanceOfSatisfying(
            ServerException.RateLimited.class,
            e -> assertThat(e.retryAfter()).contains(Duration.ofSeconds(7)));
  }
}
