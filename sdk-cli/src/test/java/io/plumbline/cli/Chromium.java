package io.plumbline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A headless Chromium with one page open, spoken to by its DevTools protocol. */
final class Chromium implements AutoCloseable {
  private static final long SECONDS = 60;
  private static final List<Path> PLACES =
      List.of(
          Path.of("/usr/bin/chromium"),
          Path.of("/usr/bin/chromium-browser"),
          Path.of("/usr/bin/google-chrome"));

  private final Process process;
  private final WebSocket socket;
  private final Map<Long, CompletableFuture<JsonObject>> waiting = new ConcurrentHashMap<>();
  private final List<String> complaints = Collections.synchronizedList(new ArrayList<>());
  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  private CompletableFuture<Boolean> loaded = new CompletableFuture<>();
  private @Nullable String session;
  private long last;

  /** Starts a browser; where there is none, the test is skipped, and fails in CI. */
  static Chromium open(Path profile) throws Exception {
    Path binary = PLACES.stream().filter(Files::isExecutable).findFirst().orElse(null);
    if (binary == null) {
      assertThat(System.getenv("CI")).as("in CI there must be a Chromium").isNotEqualTo("true");
      assumeTrue(false, "there is no Chromium to show the page in: " + PLACES);
    }
    return new Chromium(String.valueOf(binary), profile);
  }

  private Chromium(String binary, Path profile) throws Exception {
    process =
        new ProcessBuilder(
                binary,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--hide-scrollbars",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .start();
    socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(URI.create(address()), new Listener())
            .get(SECONDS, TimeUnit.SECONDS);
    String target = send("Target.createTarget", Map.of("url", "about:blank")).string("targetId");
    session =
        send("Target.attachToTarget", Map.of("targetId", target, "flatten", true))
            .string("sessionId");
    for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
      send(domain + ".enable", Map.of());
    }
  }

  private String address() throws IOException {
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    StringBuilder said = new StringBuilder();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      said.append(line).append('\n');
      int at = line.indexOf("ws://");
      if (line.startsWith("DevTools listening") && at > 0) {
        Thread drain = new Thread(() -> out.lines().forEach(rest -> {}), "chromium-output");
        drain.setDaemon(true);
        drain.start();
        return line.substring(at).trim();
      }
    }
    throw new IOException("Chromium did not start: " + said);
  }

  private JsonObject send(String method, Map<String, ?> params) throws Exception {
    long id = ++last;
    CompletableFuture<JsonObject> answer = new CompletableFuture<>();
    waiting.put(id, answer);
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("id", id);
    message.put("method", method);
    message.put("params", params);
    if (session != null) {
      message.put("sessionId", session);
    }
    socket.sendText(Json.text(message), true).get(SECONDS, TimeUnit.SECONDS);
    JsonObject got = answer.get(SECONDS, TimeUnit.SECONDS);
    if (got.has("error")) {
      throw new IllegalStateException(method + ": " + Json.text(got.asMap()));
    }
    return got.object("result");
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean end) {
      text.append(part);
      if (end) {
        JsonObject message = Json.object(text.toString(), "a message of Chromium");
        text.setLength(0);
        if (message.has("id")) {
          CompletableFuture<JsonObject> answer = waiting.remove(message.longValue("id"));
          if (answer != null) {
            answer.complete(message);
          }
        } else {
          event(message.string("method"), message);
        }
      }
      from.request(1);
      return null;
    }

    private void event(String method, JsonObject message) {
      switch (method) {
        case "Page.loadEventFired" -> loaded.complete(true);
        case "Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded" ->
            complaints.add(Json.text(message.object("params").asMap()));
        case "Network.requestWillBeSent" ->
            requests.add(message.object("params").object("request").string("url"));
        default -> {}
      }
    }
  }

  /** Sets the width of the screen and whether the system is dark. */
  Chromium screen(int width, int height, boolean dark) throws Exception {
    send(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
    send(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    return this;
  }

  /** Loads a file and waits until its scripts have run. */
  Chromium load(Path file) throws Exception {
    loaded = new CompletableFuture<>();
    complaints.clear();
    requests.clear();
    send("Page.navigate", Map.of("url", file.toAbsolutePath().toUri().toString()));
    loaded.get(SECONDS, TimeUnit.SECONDS);
    return this;
  }

  /** Evaluates an expression, which may be a promise, and returns its value as text. */
  String run(String expression) throws Exception {
    JsonObject answer =
        send(
            "Runtime.evaluate",
            Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
    if (answer.has("exceptionDetails")) {
      throw new IllegalStateException(Json.text(answer.object("exceptionDetails").asMap()));
    }
    return String.valueOf(answer.object("result").asMap().get("value"));
  }

  /** Returns errors, warnings and everything else that was said on the console. */
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  /** Returns what was asked of the network, the page itself and pictures in it left out. */
  List<String> requests() {
    return requests.stream().skip(1).filter(url -> !url.startsWith("data:image/")).toList();
  }

  /** Takes a picture of the screen, or of the whole page. */
  byte[] picture(boolean whole) throws Exception {
    return Base64.getDecoder()
        .decode(
            send("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", whole))
                .string("data"));
  }

  /** Prints the page. */
  byte[] pdf() throws Exception {
    return Base64.getDecoder()
        .decode(send("Page.printToPDF", Map.of("printBackground", true)).string("data"));
  }

  @Override
  public void close() throws Exception {
    socket.abort();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.waitFor(SECONDS, TimeUnit.SECONDS);
  }
}
