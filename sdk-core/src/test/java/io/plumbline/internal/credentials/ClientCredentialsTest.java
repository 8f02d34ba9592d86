package io.plumbline.internal.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.plumbline.PlumblineException;
import io.plumbline.Secret;
import io.plumbline.ServerException;
import io.plumbline.TransportException;
import io.plumbline.internal.FakeTime;
import io.plumbline.internal.http.HttpAnswer;
import io.plumbline.internal.http.HttpRequest;
import io.plumbline.internal.http.HttpTransport;
import io.plumbline.spi.Credentials;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A fetched token is kept until shortly before it expires")
class ClientCredentialsTest {
  private static final String SECRET = "c4nary:ä%";

  private final FakeTime time = new FakeTime();
  private final TokenServer server = new TokenServer();
  private final ClientCredentials provider =
      new ClientCredentials(
          new TokenRequest(
              server,
              "https://login.example.com/token?tenant=1",
              "me:too",
              Secret.of(SECRET),
              "read write",
              Duration.ofSeconds(5)),
          time);

  /** Answers with what a test has put there. */
  private static final class TokenServer implements HttpTransport {
    final List<HttpRequest> requests = new ArrayList<>();
    volatile int status = 200;
    volatile @Nullable String answer;
    volatile @Nullable CountDownLatch gate;

    @Override
    public HttpAnswer send(HttpRequest request) throws IOException {
      synchronized (requests) {
        requests.add(request);
      }
      CountDownLatch waiting = gate;
      try {
        if (waiting != null && !waiting.await(10, TimeUnit.SECONDS)) {
          throw new IOException("no gate");
        }
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      String text = answer;
      if (status == 0) {
        throw new IOException("connection refused");
      }
      if (text == null) {
        text = "{\"access_token\":\"t" + requests.size() + "\",\"expires_in\":100}";
      }
      return answer(status, text);
    }

    private static HttpAnswer answer(int status, String text) {
      InputStream content = new ByteArrayInputStream(text.getBytes(UTF_8));
      return new HttpAnswer() {
        @Override
        public int status() {
          return status;
        }

        @Override
        public @Nullable String header(String name) {
          return name.equals("Retry-After") ? "7" : null;
        }

        @Override
        public InputStream body() {
          return content;
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public void close() {}
  }

  private static Credentials bearer(String token) {
    return new Credentials.Bearer(Secret.of(token));
  }

  @Test
  @DisplayName("the request is that of RFC 6749, and the secret only in its head")
  void request() throws Exception {
    provider.credentials(null);
    HttpRequest request = server.requests.get(0);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    Objects.requireNonNull(request.body()).writeTo(body);

    assertThat(body.toString(UTF_8)).isEqualTo("grant_type=client_credentials&scope=read%20write");
    assertThat(request.headers().get("Authorization"))
        .isEqualTo(
            "Basic "
                + Base64.getEncoder()
                    .encodeToString("me%3Atoo:c4nary%3A%C3%A4%25".getBytes(UTF_8)));
    assertThat(request.toString()).isEqualTo("POST https://login.example.com/token");
  }

  @Test
  @DisplayName("one token serves until a quarter of its time, or 30 s, is left")
  void ages() {
    assertThat(provider.credentials(null)).isEqualTo(bearer("t1"));
    time.advance(Duration.ofSeconds(74));
    assertThat(provider.credentials(null)).isEqualTo(bearer("t1"));
    time.advance(Duration.ofSeconds(2));
    assertThat(provider.credentials(null)).isEqualTo(bearer("t2"));
  }

  @Test
  @DisplayName("a refused token is replaced at once; one that another thread has replaced is not")
  void refused() {
    provider.credentials(null);

    assertThat(provider.credentials(bearer("t1"))).isEqualTo(bearer("t2"));
    assertThat(provider.credentials(bearer("t1"))).isEqualTo(bearer("t2"));
    assertThat(server.requests).hasSize(2);
  }

  @Test
  @DisplayName("while the token server is away, a token is used to its end")
  void away() {
    provider.credentials(null);
    server.status = 503;
    time.advance(Duration.ofSeconds(99));
    assertThat(provider.credentials(null)).isEqualTo(bearer("t1"));

    time.advance(Duration.ofSeconds(2));
    assertThatExceptionOfType(ServerException.class)
        .isThrownBy(() -> provider.credentials(null))
        .withMessageContaining("503");
    server.status = 0;
    assertThatExceptionOfType(TransportException.class)
        .isThrownBy(() -> provider.credentials(null))
        .withMessageContaining("connection refused");
    server.status = 200;
    assertThat(provider.credentials(null)).isNotEqualTo(bearer("t1"));
  }

  @Test
  @DisplayName("many threads cause one request, and wait for it")
  void oneThreadFetches() throws Exception {
    server.gate = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Credentials>> answers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        answers.add(threads.submit(() -> provider.credentials(null)));
      }
      server.gate.countDown();
      for (Future<Credentials> answer : answers) {
        assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo(bearer("t1"));
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(server.requests).hasSize(1);
  }

  @Test
  @DisplayName("a refusal says why in the token server's words, without the secret")
  void refusal() {
    server.status = 401;
    server.answer =
        "{\"error\":\"invalid_client\",\"error_description\":\"not " + SECRET + "\\nFORGED\"}";

    assertThatExceptionOfType(ServerException.Unauthorized.class)
        .isThrownBy(() -> provider.credentials(null))
        .withMessageContaining("invalid_client")
        .withMessageContaining("[hidden]")
        .withMessageContaining("plumbline.tracking.oauth")
        .withMessageNotContaining("c4nary")
        .withMessageNotContaining("\n");
  }

  @Test
  @DisplayName("too many requests are told apart, with the time to wait")
  void rateLimited() {
    server.status = 429;

    assertThatExceptionOfType(ServerException.RateLimited.class)
        .isThrownBy(() -> provider.credentials(null))
        .matches(e -> e.retryAfter().orElseThrow().equals(Duration.ofSeconds(7)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<html>log in</html>",
        "",
        "[]",
        "{}",
        "{\"access_token\":\"\"}",
        "{\"access_token\":\"a c4nary\"}",
        "{\"access_token\":7}",
        "{\"access_token\":\"a\",\"token_type\":\"mac\"}",
        "{\"access_token\":\"a\",\"expires_in\":\"soon\"}",
        "{\"access_token\":\"c4nary"
      })
  @DisplayName("what is no token is said to be none, and not shown")
  void hostile(String answer) {
    server.answer = answer;

    assertThatExceptionOfType(PlumblineException.class)
        .isThrownBy(() -> provider.credentials(null))
        .withMessageContaining("https://login.example.com/token")
        .withMessageNotContaining("c4nary")
        .withNoCause();
  }

  @ParameterizedTest
  @ValueSource(strings = {"3600", "\"3600\"", "3600.5", "1e300", "null"})
  @DisplayName("the time it is good for may be a number, a text, absurd, or missing")
  void expiresIn(String seconds) {
    server.answer =
        "{\"access_token\":\"a\",\"token_type\":\"bearer\",\"expires_in\":" + seconds + "}";
    provider.credentials(null);
    time.advance(Duration.ofMinutes(30));

    assertThat(provider.credentials(null)).isEqualTo(bearer("a"));
    assertThat(server.requests).hasSize(1);
  }
}
