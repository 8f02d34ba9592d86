package io.plumbline.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import io.plumbline.IntegrityException;
import io.plumbline.Secret;
import io.plumbline.ServerException;
import io.plumbline.TransportException;
import io.plumbline.internal.digest.Sha256;
import io.plumbline.internal.json.Json;
import io.plumbline.model.Artifact;
import io.plumbline.model.ModelPart;
import io.plumbline.spi.Credentials;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers are shaped as those of MLflow 3.17.2 before S3. */
@DisplayName("Large artifacts before a place that takes them itself")
class DirectTest {
  private static final String SERVICE = "/api/2.0/mlflow-artifacts/";
  private static final String PROXY = SERVICE + "artifacts";
  private static final String ROOT = "mlflow-artifacts:/0/r/artifacts";
  private static final String FOLDER = "/0/r/artifacts/d";

  /** Four parts and a bit. */
  private static final int SIZE = (int) Multipart.LEAST + 5;

  @TempDir private Path folder;
  private final MockServer server = new MockServer();
  private final MockServer bucket = new MockServer();
  private final MlflowBackend backend =
      Backends.open(server.root(), new Credentials.Bearer(Secret.of("canary")));
  private final ArtifactProxy proxy = new ArtifactProxy(backend.rest());
  private Path file;

  @BeforeEach
  void prepare() throws IOException {
    byte[] content = new byte[SIZE];
    for (int i = 0; i < SIZE; i++) {
      content[i] = (byte) (i * 31 + (i >> 9));
    }
    file = Files.write(folder.resolve("large"), content);
    server.answer(PROXY, "{\"files\":[{\"path\":\"large\",\"file_size\":" + SIZE + "}]}");
    server.answerAll(PROXY + "/.*", 200, Map.of(), "{}");
    server.answerAll(SERVICE + "mpu/(complete|abort)/.*", 200, Map.of(), "{}");
  }

  @AfterEach
  void close() {
    backend.close();
    server.close();
    bucket.close();
  }

  private void offer(String address) {
    String credentials =
        IntStream.rangeClosed(1, 5)
            .mapToObj(
                i ->
                    "{\"part_number\":%d,\"url\":\"%s/b/large?partNumber=%d&X-Amz-Signature=s\",\"headers\":{\"x-part\":\"p%d\"}}"
                        .formatted(i, address, i, i))
            .collect(Collectors.joining(","));
    server.answer(
        SERVICE + "mpu/create" + FOLDER,
        "{\"upload_id\":\"u1\",\"credentials\":[" + credentials + "]}");
  }

  private void put() {
    proxy.put(ROOT, "d/large", file);
  }

  private List<ServeEvent> asked(String path) {
    return server.asked().stream()
        .filter(each -> each.getRequest().getUrl().startsWith(SERVICE + path))
        .toList();
  }

  @Test
  @DisplayName("go up in parts, which bear no credentials of ours, and are put together in order")
  void parts() throws Exception {
    offer(bucket.root());
    bucket.answerAll("/b/large", 200, Map.of("ETag", "\"tag\""), "");
    put();
    assertThat(asked("artifacts/")).isEmpty();
    assertThat(bucket.asked()).hasSize(5);
    byte[] content = Files.readAllBytes(file);
    for (ServeEvent event : bucket.asked()) {
      int part = Integer.parseInt(event.getRequest().queryParameter("partNumber").firstValue());
      byte[] sent = event.getRequest().getBody();
      int from = (part - 1) * (8 << 20);
      assertThat(event.getRequest().containsHeader("Authorization")).isFalse();
      assertThat(event.getRequest().getHeader("x-part")).isEqualTo("p" + part);
      assertThat(sent)
          .isEqualTo(Arrays.copyOfRange(content, from, Math.min(SIZE, from + (8 << 20))));
    }
    String completed = asked("mpu/complete" + FOLDER).get(0).getRequest().getBodyAsString();
    assertThat(completed)
        .contains("\"upload_id\":\"u1\"", "\"path\":\"large\"")
        .containsSubsequence("\"part_number\":1", "\"part_number\":2", "\"part_number\":5")
        .contains("\\\"tag\\\"");
    assertThat(asked("mpu/abort")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 404, 405, 501})
  @DisplayName("go up through a server that offers no parts, which is asked once")
  void notOffered(int status) {
    server.answerAll(SERVICE + "mpu/create.*", status, Map.of(), "{}");
    put();
    put();
    assertThat(asked("mpu/")).hasSize(1);
    assertThat(asked("artifacts/")).hasSize(2);
  }

  @Test
  @DisplayName(
      "go up through the server where the place cannot be reached, and it is not tried again")
  void unreachable() {
    offer("http://127.0.0.1:1");
    put();
    put();
    assertThat(asked("mpu/create")).hasSize(1);
    assertThat(asked("mpu/abort")).hasSize(1);
    assertThat(asked("artifacts/")).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://127.0.0.1",
        "file:///etc",
        "http://user:pw@127.0.0.1",
        "nothing",
        "http:///b"
      })
  @DisplayName("are never sent to an address that is none for contents")
  void addresses(String address) {
    offer(address);
    put();
    assertThat(asked("artifacts/")).hasSize(1);
    assertThat(asked("mpu/abort")).hasSize(1);
  }

  @Test
  @DisplayName("are sent to plain http only where the server is that too, or to this machine")
  void plain() {
    var json = Json.object("{\"url\":\"http://bucket/x\"}", "it");
    assertThat(SignedAddress.of(json, "https://server/api")).isEmpty();
    assertThat(SignedAddress.of(json, "http://server/api")).isPresent();
    json = Json.object("{\"url\":\"http://127.0.0.1/x\"}", "it");
    assertThat(SignedAddress.of(json, "https://server/api")).isPresent();
    json = Json.object("{\"url\":\"https://bucket/x\"}", "it");
    assertThat(SignedAddress.of(json, "http://server/api")).isPresent();
    json = Json.object("{\"url\":\"https://b/x\",\"headers\":{\"Authorization\":\"x\"}}", "it");
    assertThat(SignedAddress.of(json, "https://server/api")).isEmpty();
  }

  @Test
  @DisplayName("have each part sent again that fails, and are given up when one fails for good")
  void again() {
    offer(bucket.root());
    bucket.answerAll("/b/large", 200, Map.of("ETag", "\"tag\""), "");
    // The last part is begun when another one has arrived.
    bucket.answerFirst("/b/large", "partNumber", "5", 2, 503);
    put();
    assertThat(bucket.asked()).hasSize(7);
    assertThat(asked("mpu/abort")).isEmpty();
    bucket.answerFirst("/b/large", "partNumber", "5", 9, 500);
    assertThatThrownBy(this::put).isInstanceOf(ServerException.class).hasMessageContaining("500");
    assertThat(asked("mpu/abort")).hasSize(1);
    assertThat(asked("mpu/complete")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 429})
  @DisplayName("go up through the server, whole, when addresses lapse before all parts are there")
  void lapsed(int status) throws Exception {
    offer(bucket.root());
    bucket.answerAll("/b/large", 200, Map.of("ETag", "\"tag\""), "");
    // The last part is begun when another one has arrived.
    bucket.answerFirst("/b/large", "partNumber", "5", 9, status);
    put();
    assertThat(bucket.asked())
        .hasSizeGreaterThanOrEqualTo(2)
        .noneMatch(each -> each.getRequest().containsHeader("Authorization"));
    assertThat(asked("mpu/complete")).isEmpty();
    List<ServeEvent> told = server.asked().stream().filter(DirectTest::changes).toList();
    assertThat(told).hasSize(3); // the last first: what was sent in parts does not stay
    assertThat(told.get(0).getRequest().getUrl()).isEqualTo(PROXY + FOLDER + "/large");
    assertThat(told.get(0).getRequest().getBody()).isEqualTo(Files.readAllBytes(file));
    assertThat(told.get(1).getRequest().getUrl()).isEqualTo(SERVICE + "mpu/abort" + FOLDER);
    assertThat(told.get(1).getRequest().getBodyAsString()).contains("\"upload_id\":\"u1\"");
    assertThat(told.get(2).getRequest().getUrl()).isEqualTo(SERVICE + "mpu/create" + FOLDER);
  }

  private static boolean changes(ServeEvent event) {
    return !event.getRequest().getMethod().getName().equals("GET");
  }

  @Test
  @DisplayName("whose addresses lapse, and that the server refuses as well, are told its reason")
  void lapsedAndRefused() {
    offer(bucket.root());
    bucket.answerAll("/b/large", 200, Map.of("ETag", "\"tag\""), "");
    bucket.answerFirst("/b/large", "partNumber", "5", 9, 403);
    server.answerAll(PROXY + FOLDER + "/large", 507, Map.of(), "{\"message\":\"full\"}");
    assertThatThrownBy(this::put).isInstanceOf(ServerException.class).hasMessageContaining("full");
    assertThat(asked("mpu/create")).hasSize(1);
    assertThat(asked("mpu/abort")).hasSize(1);
    assertThat(asked("artifacts/")).hasSize(1);
  }

  @Test
  @DisplayName("are not followed to another place, by a part that is redirected")
  void redirected() {
    offer(bucket.root());
    bucket.answerAll("/b/large", 307, Map.of("Location", server.root() + "/stolen"), "elsewhere");
    put();
    assertThat(server.asked()).noneMatch(each -> each.getRequest().getUrl().contains("stolen"));
    assertThat(asked("artifacts/")).hasSize(1); // through the server
  }

  @Test
  @DisplayName("are not put together when the file has changed since its digest was taken")
  void changed() throws Exception {
    offer(bucket.root());
    bucket.answerAll("/b/large", 200, Map.of("ETag", "\"tag\""), "");
    ModelPart part = ModelPart.file("large", "application/octet-stream", file);
    byte[] other = Files.readAllBytes(file);
    other[SIZE / 2]++;
    Files.write(file, other);
    assertThatThrownBy(() -> proxy.put(ROOT, Map.of("d/large", new PartBody(part))))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("has changed");
    assertThat(asked("mpu/complete")).isEmpty();
    assertThat(asked("mpu/abort")).hasSize(1);
    server.answerAll(SERVICE + "mpu/create.*", 501, Map.of(), "{}");
    assertThatThrownBy(() -> proxy.put(ROOT, Map.of("d/large", new PartBody(part))))
        .isInstanceOf(IntegrityException.class);
  }

  // ---- down

  private byte[] fetched() throws IOException {
    try (InputStream in = proxy.open(ROOT, "d/large", "run r", 0, SIZE)) {
      return in.readAllBytes();
    }
  }

  private void sign(String url, long size) {
    server.answer(
        SERVICE + "presigned" + FOLDER + "/large",
        "{\"url\":\"" + url + "\",\"headers\":{},\"file_size\":" + size + "}");
  }

  @Test
  @DisplayName("come down from that place, without credentials of ours, as they are stored")
  void down() throws Exception {
    sign(bucket.root() + "/b/large?sig=s", SIZE);
    byte[] content = Files.readAllBytes(file);
    bucket.answerBytes("/b/large", Map.of("Content-Encoding", "gzip"), content);
    assertThat(Sha256.of(fetched())).isEqualTo(Sha256.of(content));
    assertThat(bucket.asked())
        .hasSize(1)
        .noneMatch(each -> each.getRequest().containsHeader("Authorization"));
    assertThat(asked("artifacts/")).isEmpty();
    bucket.answerBytes("/b/large", Map.of(), Arrays.copyOf(content, SIZE - 1));
    assertThatThrownBy(this::fetched).isInstanceOf(TransportException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 404, 501})
  @DisplayName("come down through a server that signs no addresses, which is asked once")
  void unsigned(int status) throws Exception {
    server.answerAll(SERVICE + "presigned/.*", status, Map.of(), "{}");
    server.answerBytes(PROXY + "/.*", Map.of(), Files.readAllBytes(file));
    fetched();
    assertThat(fetched()).hasSize(SIZE);
    assertThat(asked("presigned/")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://127.0.0.1:1/x", "gopher://x/", "REDIRECT", "FORBIDDEN"})
  @DisplayName("come down through the server where the signed address is of no use")
  void useless(String address) throws Exception {
    bucket.answerAll("/REDIRECT", 302, Map.of("Location", "http://127.0.0.1:1/"), "");
    bucket.answerAll("/FORBIDDEN", 403, Map.of(), "");
    sign(address.contains(":") ? address : bucket.root() + "/" + address, SIZE);
    server.answerBytes(PROXY + "/.*", Map.of(), Files.readAllBytes(file));
    assertThat(fetched()).hasSize(SIZE);
  }

  @Test
  @DisplayName("whose signed size is another than the listed one are a transport failure")
  void otherSize() {
    sign(bucket.root() + "/b/large", SIZE + 1);
    assertThatThrownBy(this::fetched)
        .isInstanceOf(TransportException.class)
        .hasMessageContaining(String.valueOf(SIZE + 1));
    assertThat(bucket.asked()).isEmpty();
  }

  @Test
  @DisplayName("that broke on their way from there go on by bytes")
  void goesOn() throws Exception {
    sign(bucket.root() + "/b/large", SIZE);
    byte[] content = Files.readAllBytes(file);
    String digest = Sha256.of(content);
    Path target = folder.resolve("to/d/large");
    Files.createDirectories(target.resolveSibling("."));
    Files.write(Partial.name(target, digest), Arrays.copyOf(content, 1_000));
    bucket.answerRange("/b/large", 1_000, content);
    new Downloads(backend.rest(), ROOT, "run r")
        .fetch(List.of(new Artifact("d/large", false, SIZE, digest)), folder.resolve("to"));
    assertThat(target).hasSameBinaryContentAs(file);
    assertThat(bucket.asked().get(0).getRequest().getHeader("Range")).isEqualTo("bytes=1000-");
  }

  @Test
  @DisplayName("whose putting together was not answered leave no parts behind")
  void notCompleted() {
    offer(bucket.root());
    bucket.answerAll("/b/large", 200, Map.of("ETag", "\"tag\""), "");
    server.answerAll(SERVICE + "mpu/complete/.*", 200, Map.of(), "<html>Log in</html>");
    assertThatThrownBy(this::put).isInstanceOf(TransportException.class);
    assertThat(asked("mpu/abort" + FOLDER)).hasSize(1);
  }

  @Test
  @DisplayName("are tried there again minutes after it was away, not where it is not offered")
  void awayForAWhile() {
    AtomicLong now = new AtomicLong(-5);
    ServerFacts facts = new ServerFacts(now::get);
    assertThat(facts.offers("presigned a")).isTrue();
    facts.avoid("presigned a");
    facts.lacks("presigned b");
    now.addAndGet(Duration.ofMinutes(4).toNanos());
    assertThat(facts.offers("presigned a")).isFalse();
    now.addAndGet(Duration.ofMinutes(2).toNanos());
    assertThat(facts.offers("presigned a")).isTrue();
    assertThat(facts.offers("presigned b")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 503})
  @DisplayName("come down from there also after the server was too busy once to say where")
  void busyOnce(int status) throws Exception {
    server.answerBytes(PROXY + "/.*", Map.of(), Files.readAllBytes(file));
    bucket.answerBytes("/b/large", Map.of(), Files.readAllBytes(file));
    server.answerAll(SERVICE + "presigned/.*", status, Map.of(), "busy");
    open();
    server.answerAll(
        SERVICE + "presigned/.*",
        200,
        Map.of(),
        "{\"url\":\"" + bucket.root() + "/b/large\",\"headers\":{},\"file_size\":" + SIZE + "}");
    open();
    assertThat(bucket.asked()).hasSize(1);
  }

  private void open() throws IOException {
    try (InputStream in = proxy.open(ROOT, "large", "run r", 0, SIZE)) {
      assertThat(in.readAllBytes()).hasSize(SIZE);
    }
  }
}
