package io.plumbline.mlflow;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.ServerException;
import io.plumbline.spi.RunStore;
import io.plumbline.spi.RunUpdate;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A refusal")
class RefusalTest {
  private static AbstractThrowableAssert<?, ? extends Throwable> thrown(int status, String body) {
    try (MockServer server = new MockServer();
        MlflowBackend backend = Backends.open(server.root())) {
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
}
