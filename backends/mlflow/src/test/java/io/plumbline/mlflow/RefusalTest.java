package io.plumbline.mlflow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.Secret;
import io.plumbline.ServerException;
import io.plumbline.spi.Credentials;
import io.plumbline.spi.RunStore;
import io.plumbline.spi.RunUpdate;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A refusal")
class RefusalTest {
  private static AbstractThrowableAssert<?, ? extends Throwable> thrown(int status, String body) {
    return thrown(status, body, new Credentials.None());
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> thrown(
      int status, String body, Credentials credentials) {
    try (MockServer server = new MockServer();
        MlflowBackend backend = Backends.open(server.root(), credentials)) {
      server.answerAll("/.*", status, Map.of(), body);
      RunStore runs = backend.runs();
      List<RunUpdate> tag = List.of(new RunUpdate.SetTag("a", "b"));
      return assertThatThrownBy(() -> runs.apply("r", "key", tag));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | {\"error_code\":\"INVALID_PARAMETER_VALUE\",\"message\":\"no\"}",
        "400 | {\"detail\":\"no\"}",
        "413 | <html>Request Entity Too Large</html>"
      })
  @DisplayName("of what was sent is one that sending it again does not mend")
  void ofInput(int status, String body) {
    thrown(status, body).isInstanceOf(ServerException.InvalidRequest.class);
  }

  @Test
  @DisplayName("by a gateway that wants https is none of what was sent, which is kept")
  void byGateway() {
    thrown(400, "<html>The plain HTTP request was sent to HTTPS port</html>")
        .isInstanceOf(ServerException.class)
        .isNotInstanceOf(ServerException.InvalidRequest.class)
        .hasMessageContaining("HTTPS port");
  }

  private static final String TOKEN = "canary" + "t0ken".repeat(80);

  @ParameterizedTest
  @ValueSource(ints = {200, 400, 401, 403, 404, 429, 500, 503})
  @DisplayName("that repeats what was sent shows no token, nor the beginning of one")
  void echo(int status) {
    List<String> bodies =
        List.of(
            "{\"error_code\":\"BAD_REQUEST\",\"message\":\"%s\"}",
            "{\"detail\":\"%s\"}",
            "{\"broken: %s",
            "<html><p>Authorization: Bearer %s</p></html>",
            "%s",
            "\"%s\"",
            "x".repeat(560) + " %s");
    // An object is a success.
    for (String body : status == 200 ? bodies.subList(2, bodies.size()) : bodies) {
      thrown(status, body.formatted(TOKEN), new Credentials.Bearer(Secret.of(TOKEN)))
          .satisfies(e -> assertThat(trace(e)).doesNotContain("canary"));
    }
  }

  @Test
  @DisplayName("that repeats what was sent shows no password, in clear or as it is sent")
  void echoOfPassword() {
    String sent = Base64.getEncoder().encodeToString("ada:canary".getBytes(UTF_8));
    thrown(
            400,
            "{\"error_code\":\"BAD_REQUEST\",\"message\":\"Basic " + sent + " ada canary\"}",
            new Credentials.Basic("ada", Secret.of("canary")))
        .isInstanceOf(ServerException.InvalidRequest.class)
        .hasMessageEndingWith(": Basic [hidden] ada [hidden]");
  }

  private static String trace(Throwable e) {
    StringWriter text = new StringWriter();
    e.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
