package io.plumbline.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.TransportException;
import io.plumbline.spi.CredentialProvider;
import io.plumbline.spi.Credentials;
import java.net.InetAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The transport")
class OkHttpTransportTest {
  private static final Duration LONG = Duration.ofMinutes(2);

  @Test
  @DisplayName("ends what waits for an answer when it is closed")
  void closed() throws Exception {
    HttpSettings settings =
        new HttpSettings(LONG, LONG, LONG, null, ProxySelector.of(null), UserAgent.text());
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Http http =
            new Http(
                new OkHttpTransport(settings),
                CredentialProvider.of(new Credentials.None()),
                LONG)) {
      HttpRequest request =
          HttpRequest.of("GET", "http://127.0.0.1:" + silent.getLocalPort() + "/", null, LONG);
      CompletableFuture<Integer> status =
          CompletableFuture.supplyAsync(
              () -> {
                try (HttpAnswer answer = http.send(request)) {
                  return answer.status();
                }
              });
      try (Socket connected = silent.accept()) {
        assertThat(connected.getInputStream().read()).isEqualTo('G');
        http.close();
        Throwable thrown = status.handle((value, failure) -> failure).get(30, TimeUnit.SECONDS);
        assertThat(thrown)
            .isInstanceOf(CompletionException.class)
            .hasCauseInstanceOf(TransportException.class);
      }
    }
  }
}
