package io.plumbline.mlflow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.plumbline.ConfigException;
import io.plumbline.ConflictException;
import io.plumbline.NotFoundException;
import io.plumbline.ServerException;
import io.plumbline.TransportException;
import io.plumbline.model.Experiment;
import io.plumbline.model.Lineage;
import io.plumbline.model.Metric;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.Run;
import io.plumbline.spi.NewRun;
import io.plumbline.spi.NewVersion;
import io.plumbline.spi.RunStore;
import io.plumbline.spi.RunUpdate;
import io.plumbline.spi.RunUpdate.LogMetric;
import io.plumbline.spi.RunUpdate.LogParam;
import io.plumbline.spi.RunUpdate.SetTag;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What MLflow's REST API does that a client does not expect; each has cost somebody data. */
@DisplayName("MLflow's traps")
class TrapsTest {
  private static final MlflowServer SERVER = MlflowServer.shared();
  private static final MlflowBackend BACKEND = Backends.open(SERVER.root());
  private static final RunStore RUNS = BACKEND.runs();

  @TempDir private Path folder;

  @AfterAll
  static void close() {
    BACKEND.close();
  }

  private static Experiment newExperiment() {
    return RUNS.createExperiment("traps " + UUID.randomUUID(), Map.of());
  }

  private static String newRun() {
    return RUNS.createRun(run(newExperiment().id(), UUID.randomUUID().toString()));
  }

  private static NewRun run(String experiment, String id) {
    return new NewRun(id, experiment, "r", "u", null, 1, Map.of());
  }

  private static List<Metric> points(String run, String key) {
    return RUNS.metricHistory(run, key).stream().toList();
  }

  @Test
  @DisplayName("T1: NaN and infinities destroy nothing that comes with them")
  void t01() {
    String run = newRun();
    RUNS.apply(
        run,
        "k",
        List.of(
            new LogMetric("m", Double.NaN, 1, 11),
            new LogMetric("m", Double.POSITIVE_INFINITY, 2, 12),
            new LogMetric("m", Double.NEGATIVE_INFINITY, 3, 13),
            new LogMetric("after", 1.5, Long.MAX_VALUE, 14),
            new LogParam("p", "v"),
            new SetTag("t", "v")));
    assertThat(points(run, "m")).extracting(Metric::timestamp).containsExactly(11L, 12L, 13L);
    assertThat(points(run, "m")).extracting(Metric::value).first().isEqualTo(Double.NaN);
    assertThat(points(run, "after")).containsExactly(new Metric("after", 1.5, Long.MAX_VALUE, 14));
    Run read = RUNS.find(run).orElseThrow();
    assertThat(read.params()).containsEntry("p", "v");
    assertThat(read.tags()).containsEntry("t", "v");
  }

  @Test
  @DisplayName("T2: a history is asked for with max_results, and one that repeats its page ends")
  void t02() {
    try (MockServer server = new MockServer();
        MlflowBackend backend = Backends.open(server.root())) {
      server.answer(MockServer.API + "runs/get", MockServer.RUN);
      server.answer(
          MockServer.API + "metrics/get-history",
          "{\"metrics\":[{\"key\":\"m\",\"value\":1,\"timestamp\":1}],\"next_page_token\":\"x\"}");
      assertThatThrownBy(() -> backend.runs().metricHistory("r", "m").stream().count())
          .isInstanceOf(TransportException.class)
          .hasMessageContaining("repeats");
      assertThat(server.asked().get(0).getRequest().getUrl()).contains("max_results=25000");
    }
  }

  @Test
  @DisplayName("T3: experiments are searched with max_results")
  void t03() {
    Experiment experiment = newExperiment();
    assertThat(RUNS.experiments()).extracting(Experiment::id).contains(experiment.id());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "{\"run\":1}",
        "{\"run\":{\"info\":{\"run_id\":7}}}",
        "",
        "<html>",
        "{\"run\":"
      })
  @DisplayName("T4: requests are never compressed, and a success that says nothing is a failure")
  void t04(String answer) {
    try (MockServer server = new MockServer();
        MlflowBackend backend = Backends.open(server.root())) {
      server.answerAll(200, "application/json", answer);
      assertThatThrownBy(() -> backend.runs().createRun(run("0", "a")))
          .isInstanceOfAny(ServerException.class, TransportException.class)
          .hasMessageContaining("not MLflow's");
      assertThat(server.asked()).isNotEmpty();
      assertThat(server.asked())
          .noneMatch(event -> event.getRequest().containsHeader("Content-Encoding"))
          .allMatch(event -> event.getRequest().getBodyAsString().startsWith("{"));
    }
  }

  @Test
  @DisplayName("T5: a NaN that comes again, or twice in a batch, is there once, and so is the rest")
  void t05() {
    String run = newRun();
    List<RunUpdate> batch =
        List.of(
            new LogMetric("m", Double.NaN, 1, 11),
            new LogMetric("m", Double.NaN, 1, 11),
            new LogMetric("m", 2, 2, 12));
    RUNS.apply(run, "k1", batch);
    RUNS.apply(run, "k2", batch);
    assertThat(points(run, "m")).extracting(Metric::step).containsExactly(1L, 2L);
  }

  @Test
  @DisplayName("T6: equal points are one, and different ones of the same millisecond stay")
  void t06() {
    String run = newRun();
    RUNS.apply(
        run,
        "k",
        List.of(
            new LogMetric("m", 1, 1, 11),
            new LogMetric("m", 1, 1, 11),
            new LogMetric("m", 2, 1, 11)));
    assertThat(points(run, "m")).extracting(Metric::value).containsExactlyInAnyOrder(1.0, 2.0);
  }

  @Test
  @DisplayName("T7: a param that cannot change names its key and both values")
  void t07() {
    String run = newRun();
    RUNS.apply(run, "k1", List.of(new LogParam("rate", "0.1")));
    assertThatThrownBy(
            () ->
                RUNS.apply(run, "k2", List.of(new LogParam("rate", "0.2"), new LogParam("x", "1"))))
        .isInstanceOf(ConflictException.class)
        .hasMessageContainingAll("'rate'", "'0.1'", "'0.2'");
  }

  @Test
  @DisplayName("T8: a param that is twice in a batch is sent once")
  void t08() {
    String run = newRun();
    RUNS.apply(run, "k", List.of(new LogParam("p", "v"), new LogParam("p", "v")));
    assertThat(RUNS.find(run).orElseThrow().params()).containsExactly(Map.entry("p", "v"));
  }

  @Test
  @DisplayName(
      "T9: the longest values are kept whole, and longer ones are refused before anything is sent")
  void t09() {
    String param = "😀".repeat(6_000);
    String tag = "ä".repeat(8_000);
    String key = "k".repeat(250);
    String run = newRun();
    RUNS.apply(run, "k", List.of(new LogParam(key, param), new SetTag(key, tag)));
    Run read = RUNS.find(run).orElseThrow();
    assertThat(read.params().get(key)).isEqualTo(param);
    assertThat(read.tags().get(key)).isEqualTo(tag);
    refusedUnsent(new LogParam("long", param + "x"), "'long'", "6001", "6000");
    refusedUnsent(new SetTag("long", tag + "x"), "'long'", "8001", "8000");
    refusedUnsent(new LogMetric(key + "k", 1, 1, 1), "251", "250");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a@b", "a%", "a=b", "a,b", "(a)", "a\tb", "/a", "a//b", "a/../b", "./a", "a/", "..", "a\n"
      })
  @DisplayName("T9: a key that MLflow does not take is refused before anything is sent")
  void t09Keys(String key) {
    refusedUnsent(new LogMetric(key, 1, 1, 1), "metric key");
    refusedUnsent(new LogParam(key, "v"), "param key");
    refusedUnsent(new SetTag(key, "v"), "tag key");
  }

  private static void refusedUnsent(RunUpdate update, String... said) {
    try (MockServer server = new MockServer();
        MlflowBackend backend = Backends.open(server.root())) {
      List<RunUpdate> batch = List.of(new LogMetric("good", 1, 1, 1), update);
      assertThatThrownBy(() -> backend.runs().apply("r", "k", batch))
          .isInstanceOf(ServerException.InvalidRequest.class)
          .hasMessageContainingAll(
              Stream.of(said).map(s -> s.replace("'", "")).toArray(String[]::new));
      assertThat(server.asked()).isEmpty();
    }
  }

  @Test
  @DisplayName("T9: letters and digits of every script, blanks, dots and colons are taken as keys")
  void t09Good() {
    String run = newRun();
    List<String> keys = List.of("é", "日本", "a b", "a.b", "a:b", "a-b_c/d", "½", "x²");
    RUNS.apply(run, "k", keys.stream().<RunUpdate>map(key -> new LogMetric(key, 1, 1, 1)).toList());
    assertThat(RUNS.find(run).orElseThrow().metrics()).containsOnlyKeys(keys);
  }

  @Test
  @DisplayName(
      "T10: of several that make one experiment at once, one does, and a deleted name stays taken")
  void t10() {
    String name = "race " + UUID.randomUUID();
    AtomicInteger made = new AtomicInteger();
    AtomicInteger conflicts = new AtomicInteger();
    IntStream.range(0, 8)
        .parallel()
        .forEach(
            i -> {
              try {
                RUNS.createExperiment(name, Map.of());
                made.incrementAndGet();
              } catch (ConflictException e) {
                conflicts.incrementAndGet();
              }
            });
    assertThat(made).hasValue(1);
    assertThat(conflicts).hasValue(7);
    RUNS.setExperimentDeleted(RUNS.findExperiment(name).orElseThrow().id(), true);
    assertThat(RUNS.findExperiment(name).orElseThrow().deleted()).isTrue();
    assertThatThrownBy(() -> RUNS.createExperiment(name, Map.of()))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("deleted or not");
  }

  private static ModelVersion register(String key, String name) {
    ModelPackage model =
        ModelPackage.of("rules", Map.of())
            .with(ModelPart.of("r.txt", "text/plain", new byte[] {1}));
    return BACKEND
        .models()
        .createVersion(
            new NewVersion(
                key,
                name,
                new NewVersion.Source.Packed(model),
                Lineage.UNKNOWN,
                "u",
                "",
                Map.of()));
  }

  @Test
  @DisplayName("T11: a run is found again by its own id, and a registration is made once")
  void t11() {
    Experiment experiment = newExperiment();
    String id = UUID.randomUUID().toString();
    NewRun made = run(experiment.id(), id);
    String run = RUNS.createRun(made);
    assertThat(RUNS.findCreated(made)).contains(run);
    String name = "once " + UUID.randomUUID();
    assertThat(register(id, name).version()).isEqualTo(1);
    assertThat(register(id, name).version()).isEqualTo(1);
    assertThat(BACKEND.models().versions(name, 10, null).items()).hasSize(1);
  }

  @Test
  @DisplayName("T12: an alias that is not there is nothing, and no bad request")
  void t12() {
    String name = "alias " + UUID.randomUUID();
    assertThat(BACKEND.models().findByAlias(name, "champion")).isEmpty();
    register("k", name);
    assertThat(BACKEND.models().findByAlias(name, "champion")).isEmpty();
  }

  private static void answered(int status, String type, String body, Asserted asserted) {
    try (MockServer server = new MockServer();
        MlflowBackend backend = Backends.open(server.root())) {
      server.answerAll(status, type, body);
      asserted.of(backend, server);
    }
  }

  private interface Asserted {
    void of(MlflowBackend backend, MockServer server);
  }

  @Test
  @DisplayName("T13: a refused host name tells of --allowed-hosts")
  void t13() {
    answered(
        403,
        "text/plain",
        "Invalid Host header - possible DNS rebinding attack detected",
        (backend, server) ->
            assertThatThrownBy(() -> backend.runs().findExperiment("e"))
                .isInstanceOf(ServerException.Unauthorized.class)
                .hasMessageContaining("--allowed-hosts"));
  }

  @Test
  @DisplayName("T14: no request has an Origin header")
  void t14() {
    answered(
        403,
        "text/plain",
        "Cross-origin request blocked",
        (backend, server) -> {
          assertThatThrownBy(() -> backend.runs().createExperiment("e", Map.of()))
              .isInstanceOf(ServerException.Unauthorized.class);
          assertThat(server.asked())
              .isNotEmpty()
              .noneMatch(event -> event.getRequest().containsHeader("Origin"));
        });
  }

  @Test
  @DisplayName("T15: a feature that is turned off is permanent, although the status is 500")
  void t15() {
    answered(
        500,
        "application/json",
        "{\"error_code\":\"FEATURE_DISABLED\",\"message\":\"Workspaces are off\"}",
        (backend, server) ->
            assertThatThrownBy(() -> backend.runs().findExperiment("e"))
                .isInstanceOfSatisfying(
                    ServerException.class, e -> assertThat(e.status()).isEqualTo(501)));
  }

  @Test
  @DisplayName("T16: a server that serves no artifacts is permanent, although the status is 503")
  void t16() {
    answered(
        503,
        "text/plain",
        "Endpoint: /api/2.0/mlflow-artifacts/artifacts/x disabled due to the mlflow server running"
            + " with `--no-serve-artifacts`. To enable artifacts server functionality, run `mlflow"
            + " server` with `--serve-artifacts`",
        (backend, server) ->
            assertThatThrownBy(
                    () -> new ArtifactProxy(backend.rest()).list("mlflow-artifacts:/r", ""))
                .isInstanceOfSatisfying(
                    ServerException.class, e -> assertThat(e.status()).isEqualTo(501))
                .hasMessageContaining("start it without --no-serve-artifacts"));
  }

  @Test
  @DisplayName(
      "T17: a directory, a missing file and an impossible name are not found, and no failure")
  void t17() throws Exception {
    String run = newRun();
    RUNS.putArtifact(run, "d/f", Files.writeString(folder.resolve("f"), "x"));
    for (String path : List.of("d", "d/g", "e/f", "a#b", "d/%41")) {
      assertThatThrownBy(() -> RUNS.openArtifact(run, path))
          .as(path)
          .isInstanceOf(NotFoundException.class);
    }
    assertThat(RUNS.artifacts(run, "d/f")).isEmpty();
  }

  @Test
  @DisplayName("T18: no path leads out of the run's artifacts")
  void t18() throws Exception {
    String run = newRun();
    Path file = Files.writeString(folder.resolve("f"), "canary");
    for (String path : List.of("../../x", "..", "a/../../../x", "/x", "..%2fx", "%2e%2e/x")) {
      assertThatThrownBy(() -> RUNS.putArtifact(run, path, file))
          .as(path)
          .isInstanceOf(IllegalArgumentException.class);
    }
    try (Stream<Path> kept = Files.walk(SERVER.folder())) {
      assertThat(kept.filter(each -> each.toString().contains(run)).filter(Files::isRegularFile))
          .isEmpty();
    }
  }

  @Test
  @DisplayName("T19: a page of HTML instead of an answer becomes one line")
  void t19() {
    answered(
        401,
        "text/html",
        "<!doctype html><title>x</title><style>a{}</style><h1>Unauthorized</h1>\n<p>You are not</p>",
        (backend, server) ->
            assertThatThrownBy(() -> backend.runs().findExperiment("e"))
                .isInstanceOf(ServerException.Unauthorized.class)
                .hasMessageContaining("401: Unauthorized You are not;")
                .hasMessageNotContaining("<"));
  }

  @Test
  @DisplayName("T19: many requests go over one connection, since each may cost a login")
  void t19Connections() throws Exception {
    Set<Integer> ports = ConcurrentHashMap.newKeySet();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          ports.add(exchange.getRemoteAddress().getPort());
          byte[] body = "{\"experiment\":{\"experiment_id\":\"1\",\"name\":\"e\"}}".getBytes(UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    String uri = "http://localhost:" + server.getAddress().getPort();
    try (MlflowBackend backend = Backends.open(uri)) {
      for (int i = 0; i < 20; i++) {
        assertThat(backend.runs().findExperiment("e")).isPresent();
      }
    } finally {
      server.stop(0);
    }
    assertThat(ports).hasSize(1);
  }

  @Test
  @DisplayName("T20: steps may be negative, times may not")
  void t20() {
    String run = newRun();
    RUNS.apply(run, "k", List.of(new LogMetric("m", 1, -5, 11)));
    assertThat(points(run, "m")).containsExactly(new Metric("m", 1, -5, 11));
    assertThatThrownBy(() -> RUNS.apply(run, "k2", List.of(new LogMetric("m", 1, 1, -1))))
        .isInstanceOf(ServerException.InvalidRequest.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/mlflow", "/mlflow/", "/a/b//"})
  @DisplayName("T21: a path prefix is before every request")
  void t21(String prefix) {
    try (MockServer server = new MockServer();
        MlflowBackend backend = Backends.open(server.root() + prefix)) {
      assertThatThrownBy(() -> backend.runs().findExperiment("e"))
          .isInstanceOf(ServerException.class);
      assertThat(server.asked().get(0).getRequest().getUrl())
          .startsWith(prefix.replaceAll("/+$", "") + "/api/2.0/mlflow/");
    }
  }

  @Test
  @DisplayName(
      "T22: a version that has been moved to a stage is read as any other, and found by its stage")
  void t22() throws Exception {
    String name = "stage " + UUID.randomUUID();
    ModelVersion version = register("k", name);
    BACKEND
        .rest()
        .post(
            "model-versions/transition-stage",
            Map.of(
                "name",
                name,
                "version",
                "1",
                "stage",
                "Production",
                "archive_existing_versions",
                false));
    assertThat(BACKEND.models().findVersion(name, 1)).contains(version);
    assertThat(BACKEND.models().findModel(name).orElseThrow().latestVersion()).isEqualTo(1);
    assertThat(BACKEND.models().findByAlias(name, "production")).contains(version);
    assertThat(BACKEND.models().findByAlias(name, "staging")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3://bucket/r", "file:///srv/r", "/srv/r", "dbfs:/r", "gs://b/r"})
  @DisplayName("T23: artifacts that the server does not pass on are refused with the remedy")
  void t23(String root) throws Exception {
    Path file = Files.writeString(folder.resolve("f"), "x");
    try (MockServer server = new MockServer();
        MlflowBackend backend = Backends.open(server.root())) {
      server.answer(
          MockServer.API + "runs/get",
          MockServer.RUN.replace("mlflow-artifacts:/0/r/artifacts", root));
      assertThatThrownBy(() -> backend.runs().putArtifact("r", "f", file))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("--serve-artifacts");
    }
  }

  @Test
  @DisplayName("T24: what an old server does not know is said so")
  void t24() {
    answered(
        404,
        "text/html",
        "<!doctype html><title>404 Not Found</title><h1>Not Found</h1>",
        (backend, server) ->
            assertThatThrownBy(() -> backend.models().findByAlias("m", "champion"))
                .isInstanceOf(ServerException.class)
                .hasMessageContaining("too old for this"));
  }
}
