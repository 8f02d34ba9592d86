package io.plumbline.internal.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.plumbline.Secret;
import io.plumbline.TransportException;
import io.plumbline.internal.config.ProxyAddress;
import io.plumbline.spi.CredentialProvider;
import io.plumbline.spi.Credentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes every call to OkHttp that the core makes; run with one OkHttp after another. */
public final class HttpProbe {
  private final String server = System.getProperty("probe.server", "");
  private final String secure = System.getProperty("probe.secure", "");
  private final int proxy = Integer.getInteger("probe.proxy", 0);
  private final Path pem = Path.of(System.getProperty("probe.pem", ""));

  private HttpProbe() {}

  /** Prints the answers, each on its line. */
  public static void main(String[] args) throws IOException {
    System.out.print(new HttpProbe().call());
  }

  private String call() throws IOException {
    Path file = Files.writeString(Files.createTempFile("probe", ".bin"), "0123456789");
    StringBuilder said = new StringBuilder();
    try (Http http = open(null)) {
      said.append(ask(http, "GET", server + "/get", null)).append('\n');
      said.append(ask(http, "DELETE", server + "/json", HttpBody.json(Map.of("a", 1))))
          .append('\n');
      said.append(ask(http, "PUT", server + "/file", HttpBody.file(file, 10))).append('\n');
      said.append(ask(http, "GET", "http://far.test/get", null)).append('\n');
      said.append(slow(http)).append('\n');
    }
    try (Http http = open(Tls.of(pem, null, false))) {
      said.append(ask(http, "GET", secure + "/get", null)).append('\n');
      said.append(ask(http, "GET", "https://far.test/get", null)).append('\n');
    }
    Files.delete(file);
    return said.toString();
  }

  private Http open(@Nullable Tls tls) {
    ProxyAddress address = new ProxyAddress("127.0.0.1", proxy, "ada", Secret.of("pw"));
    Proxies proxies = new Proxies(address, address, new NoProxy(""));
    Duration time = Duration.ofSeconds(30);
    HttpSettings settings =
        new HttpSettings(time, time, time, tls, proxies, proxies, UserAgent.text());
    return new Http(
        new OkHttpTransport(settings),
        CredentialProvider.of(new Credentials.Bearer(Secret.of("t"))),
        time);
  }

  private static String ask(Http http, String method, String url, @Nullable HttpBody body)
      throws IOException {
    HttpRequest request = HttpRequest.of(method, url, body, Duration.ofSeconds(30));
    try (HttpAnswer answer = http.send(request)) {
      return answer.status()
          + " "
          + answer.header("X-Probe")
          + " "
          + new String(answer.start(100), UTF_8);
    }
  }

  private String slow(Http http) {
    try {
      http.send(HttpRequest.of("GET", server + "/slow", null, Duration.ofMillis(200))).close();
      return "no timeout";
    } catch (TransportException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
