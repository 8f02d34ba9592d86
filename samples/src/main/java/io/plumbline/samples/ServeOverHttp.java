package io.plumbline.samples;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.serving.LiveModel;
import io.plumbline.serving.LiveStatus;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;

/**
 * Serves the champion over HTTP with nothing but the JDK: {@code /predict} takes a JSON object of
 * features, {@code /health} is for a load balancer, {@code /model} for people.
 *
 * <p>Run the quickstart first, which makes a champion, and {@code mvn -DskipTests install}; then,
 * in the project's folder:
 *
 * <pre>{@code
 * mvn -q -pl samples exec:java -Dexec.mainClass=io.plumbline.samples.ServeOverHttp
 * curl -d '{"hour": 17, "distance": 1089, "dep_delay": 42.0}' localhost:8080/predict
 * }</pre>
 */
public final class ServeOverHttp {
  private ServeOverHttp() {}

  /** Serves until it is ended; the argument is a port, 8080 if there is none, 0 for a free one. */
  public static void main(String[] args) throws IOException {
    int port = args.length == 0 ? 8080 : Integer.parseInt(args[0]);
    // README: http
    ModelRegistry registry = ModelRegistry.create();
    LiveModel model = LiveModel.open(registry, "models:/flight-delay@champion");

    HttpServer server = HttpServer.create(new InetSocketAddress("localhost", port), 0);
    server.createContext("/predict", call -> predict(model, call));
    server.createContext("/health", call -> health(model.status(), call));
    server.createContext("/model", call -> describe(model.status(), call));
    // README end
    server.setExecutor(Executors.newFixedThreadPool(8));
    server.start();
    System.out.println("Serving on http://localhost:" + server.getAddress().getPort());

    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  server.stop(1); // no new requests, a second for those that are under way
                  model.close();
                  registry.close();
                }));
  }

  private static void predict(LiveModel model, HttpExchange call) throws IOException {
    try {
      double[] late = model.predict(features(call));
      answer(call, 200, "{\"late\": " + Arrays.toString(late) + "}");
    } catch (JsonParseException e) {
      String why = "this is not JSON: " + e.getOriginalMessage();
      answer(call, 400, "{\"error\": " + quote(why) + "}");
    } catch (IllegalArgumentException e) {
      answer(call, 400, "{\"error\": " + quote(String.valueOf(e.getMessage())) + "}");
    }
  }

  /** A load balancer asks for the code only: a stale model still serves. */
  private static void health(LiveStatus status, HttpExchange call) throws IOException {
    String json =
        "{\"state\": \"" + status.state() + "\", \"reason\": " + quote(status.reason()) + "}";
    answer(call, status.ready() ? 200 : 503, json);
  }

  private static void describe(LiveStatus status, HttpExchange call) throws IOException {
    String version = status.version().map(v -> v.uri()).orElse("none");
    String digest = status.version().map(v -> v.digest()).orElse("");
    answer(
        call,
        200,
        "{\"version\": "
            + quote(version)
            + ", \"sha256\": "
            + quote(digest)
            + ", \"since\": "
            + quote(String.valueOf(status.servingSince()))
            + ", \"golden_records\": "
            + status.golden()
            + ", \"leases\": "
            + status.leases()
            + ", \"unknown_features\": "
            + status.dropped()
            + "}");
  }

  /** Reads a flat JSON object. */
  private static Map<String, Object> features(HttpExchange call) throws IOException {
    Map<String, Object> features = new LinkedHashMap<>();
    try (JsonParser json = new JsonFactory().createParser(call.getRequestBody())) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("send a JSON object with the features by name");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        switch (json.nextToken()) {
          case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> features.put(name, json.getDoubleValue());
          case VALUE_STRING -> features.put(name, json.getText());
          case VALUE_TRUE, VALUE_FALSE -> features.put(name, json.getBooleanValue());
          case VALUE_NULL -> {
            // a feature that is not known
          }
          default ->
              throw new IllegalArgumentException("the feature " + name + " is not one value");
        }
      }
    }
    return features;
  }

  private static String quote(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", " ") + '"';
  }

  private static void answer(HttpExchange call, int code, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    call.getResponseHeaders().set("Content-Type", "application/json");
    call.sendResponseHeaders(code, body.length);
    try (OutputStream out = call.getResponseBody()) {
      out.write(body);
    }
  }
}
