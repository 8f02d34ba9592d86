package io.plumbline.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("ServeOverHttp")
class ServeOverHttpTest {
  @TempDir Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private String address = "";

  private HttpResponse<String> get(String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(address + path)).build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> predict(String json) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address + "/predict"))
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  @Test
  @DisplayName("predicts, tells its health and its model, and explains what it can't take")
  void serves() throws Exception {
    assertThat(Sample.run(TrainFlightDelay.class, folder, Map.of()).exitCode()).isZero();
    assertThat(Sample.run(ServeFlightDelay.class, folder, Map.of()).exitCode()).isZero();
    Process server = Sample.start(ServeOverHttp.class, folder, "0");
    try (BufferedReader out = server.inputReader()) {
      String line = String.valueOf(out.readLine());
      assertThat(line).startsWith("Serving on http://localhost:");
      address = line.substring("Serving on ".length());
      HttpResponse<String> answer =
          predict("{\"hour\": 17, \"distance\": 1089, \"dep_delay\": 142.5, \"carrier\": \"UA\"}");
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).startsWith("{\"late\": [0.9");
      assertThat(predict("{\"hour\": \"five\"}").statusCode()).isEqualTo(400);
      assertThat(predict("{\"hour\": \"five\"}").body()).contains("'hour' is double");
      assertThat(predict("[1]").body()).contains("send a JSON object");
      assertThat(predict("{").statusCode()).isEqualTo(400);
      assertThat(get("/health").statusCode()).isEqualTo(200);
      assertThat(get("/health").body()).contains("READY");
      assertThat(get("/model").body()).contains("models:/flight-delay/1");
    } finally {
      server.destroy();
      assertThat(server.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
  }
}
