package io.plumbline.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.plumbline.Config;
import io.plumbline.Plumbline;
import io.plumbline.ServerException;
import io.plumbline.TransportException;
import io.plumbline.internal.Sleeper;
import io.plumbline.internal.courier.Courier;
import io.plumbline.internal.courier.Destination;
import io.plumbline.spi.RunStore;
import io.plumbline.tracking.TrackingClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Answers that no MLflow server gives")
class HostileAnswersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int ATTEMPTS = 5;
  private static final Sleeper SHORT = nanos -> Thread.sleep(nanos > 0 ? 1 : 0);
  private static final MlflowServer SERVER = MlflowServer.shared();

  @TempDir private Path folder;

  // ---- to a courier

  @ParameterizedTest
  @ValueSource(strings = {"../../x", "..", ".", "a/b", "a?b", "a\\u0000b", "a\\nb", "'", "", " "})
  @DisplayName("with ids that are none lose nothing: all is there, once, when they end")
  void ids(String id) throws Exception {
    lost(text -> text.replaceAll("\"(\\w+_id)\": *\"[^\"]*\"", "\"$1\": \"" + quoted(id) + "\""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../x", "a/../b", "a%2e%2e/b", "a#b"})
  @DisplayName("with places of artifacts that lead elsewhere lose nothing")
  void places(String place) throws Exception {
    lost(
        text ->
            text.replaceAll(
                "\"artifact_uri\": *\"[^\"]*\"",
                "\"artifact_uri\": \"mlflow-artifacts:/" + quoted(place) + "\""));
  }

  @Test
  @DisplayName("that are deep, empty, of another type or a list lose nothing")
  void shapes() throws Exception {
    lost(text -> "{\"a\":".repeat(100_000));
    lost(text -> "");
    lost(text -> "[]");
    lost(text -> "{}");
    lost(text -> "7");
    lost(text -> OtherTypes.of(text, 0.3));
  }

  private static String quoted(String text) {
    return text.replace("\\", "\\\\");
  }

  /** Delivers to a server whose answers are distorted, until they are not. */
  private void lost(UnaryOperator<String> distortion) throws Exception {
    String experiment = "hostile " + UUID.randomUUID();
    Path store = folder.resolve(experiment);
    Config config = Config.builder().isolated().store(store).set("shutdown.hook", "off").build();
    Map<String, LoggedRun> runs = new HashMap<>();
    try (FaultyProxy proxy = new FaultyProxy(SERVER.root());
        Plumbline plumbline = Plumbline.open(config);
        TrackingClient tracking = TrackingClient.of(plumbline)) {
      proxy.distort(distortion);
      Courier courier =
          plumbline
              .engine()
              .deliverTo(
                  new Destination("mlflow", proxy.root(), Backends.open(proxy.root())), SHORT);
      LoggedRun.every(tracking, experiment, runs);
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (courier.delivery().retries() < ATTEMPTS && System.nanoTime() < end) {
        courier.await(Duration.ofMillis(50));
      }
      assertThat(courier.delivery().rejected()).isZero();
      assertThat(courier.delivery().runsBehind()).isPositive();
      assertThat(courier.delivery().problem()).isNotNull();
      proxy.heal();
      assertThat(plumbline.engine().awaitDelivery(PATIENCE)).as("%s", courier.delivery()).isTrue();
      assertThat(courier.delivery().rejected()).isZero();
    }
    new Arrived(Backends.open(SERVER.root()).runs(), store, experiment).compare(experiment, runs);
  }

  // ---- to who reads

  @ParameterizedTest
  @CsvSource({"0,100 without an entry", "1000,entries"})
  @DisplayName("in pages that never end are left, with an error that says so")
  void pages(int size, String why) throws IOException {
    String experiments = "{\"experiment_id\":\"1\",\"name\":\"e\"},".repeat(size) + "]";
    String entries = experiments.replace(",]", "]");
    try (Server server =
        new Server(n -> "{\"experiments\":[" + entries + ",\"next_page_token\":\"t" + n + "\"}")) {
      assertThatThrownBy(() -> server.runs().experiments())
          .isInstanceOf(TransportException.class)
          .hasMessageContaining("no end")
          .hasMessageContaining(why);
      assertThat(server.asked.get()).isBetween(100, 110);
    }
  }

  @Test
  @DisplayName("in a history without points and without an end are left, too")
  void history() throws IOException {
    try (Server server =
        new Server(
            n ->
                MockServer.RUN.replaceAll("}$", "")
                    + ",\"metrics\":[],\"next_page_token\":\"t"
                    + n
                    + "\"}")) {
      assertThatThrownBy(() -> server.runs().metricHistory("r", "m").stream().count())
          .isInstanceOf(TransportException.class)
          .hasMessageContaining("history of 'm'");
      assertThatThrownBy(() -> server.runs().metricHistory("r", "m").summary())
          .isInstanceOf(TransportException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../admin", "a/b", "..", "a\\u0001b"})
  @DisplayName("with the id of a model become no part of an address")
  void modelIds(String id) throws IOException {
    String answer =
        "{\"experiment\":{\"experiment_id\":\"0\",\"name\":\"e\"},\"run\":{\"info\":"
            + "{\"run_id\":\"r\",\"experiment_id\":\"0\",\"status\":\"RUNNING\"},"
            + "\"outputs\":{\"model_outputs\":[{\"model_id\":\""
            + id
            + "\"}]}}}";
    try (Server server = new Server(n -> answer)) {
      assertThatThrownBy(() -> server.runs().find("r"))
          .isInstanceOf(ServerException.class)
          .hasMessageContaining("model_id");
      assertThat(server.asked.get()).isLessThanOrEqualTo(3);
    }
  }

  /** Answers every request by its number. */
  private static final class Server implements AutoCloseable {
    private final AtomicInteger asked = new AtomicInteger();
    private final HttpServer server;
    private final MlflowBackend backend;

    Server(IntFunction<String> answers) throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            byte[] body = answers.apply(asked.incrementAndGet()).getBytes(StandardCharsets.UTF_8);
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
          });
      server.start();
      backend = Backends.open("http://127.0.0.1:" + server.getAddress().getPort());
    }

    RunStore runs() {
      return backend.runs();
    }

    @Override
    public void close() {
      backend.close();
      server.stop(0);
    }
  }
}
