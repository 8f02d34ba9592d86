package io.plumbline.internal.credentials;

import io.plumbline.Config;
import io.plumbline.PlumblineException;
import io.plumbline.Secret;
import io.plumbline.internal.config.Keys;
import io.plumbline.internal.config.ServerKeys;
import io.plumbline.internal.http.Http;
import io.plumbline.internal.http.HttpAnswer;
import io.plumbline.internal.http.HttpRequest;
import io.plumbline.spi.Credentials;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.ConsoleHandler;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A program of its own that logs everything, uses each kind of credentials against a server that
 * refuses them, and prints all that can be printed.
 */
final class CanaryProgram {
  private CanaryProgram() {}

  /**
   * Runs it.
   *
   * @param args the server's address, a proxy's port, the secret
   */
  public static void main(String[] args) {
    Logger root = Logger.getLogger("");
    root.setLevel(Level.ALL);
    ConsoleHandler all = new ConsoleHandler();
    all.setLevel(Level.ALL);
    root.addHandler(all);
    Logger.getLogger("okhttp3").setLevel(Level.ALL);

    Secret secret = Secret.of(args[2]);
    Config.Builder oauth =
        config(args)
            .set("tracking.oauth.url", args[0] + "/login")
            .set("tracking.oauth.client", "me")
            .set("tracking.oauth.secret", secret);
    Config.Builder refused =
        config(args)
            .set("tracking.oauth.url", args[0] + "/refuse")
            .set("tracking.oauth.client", "me")
            .set("tracking.oauth.secret", secret);
    Config.Builder own = config(args).credentials(before -> new Credentials.Basic("ada", secret));
    for (Config.Builder each :
        List.of(
            config(args).set("tracking.username", "ada").set("tracking.password", secret),
            config(args).set("tracking.token", secret),
            oauth,
            refused,
            own,
            config(args).set("proxy.http", "http://ada:" + args[2] + "@127.0.0.1:" + args[1]))) {
      show(each.build());
    }
    System.out.println("finished");
  }

  private static Config.Builder config(String[] args) {
    return Config.builder()
        .isolated()
        .trackingUri("http://far.test")
        .set("http.timeout", "30s")
        .set("proxy.http", "http://127.0.0.1:" + args[1]);
  }

  private static void show(Config config) {
    System.out.println(config + "\n" + config.explain() + config.entries());
    System.out.println(config.find(Keys.TRACKING_TOKEN) + " " + config.find(ServerKeys.PROXY_HTTP));
    try (Http http = ConfiguredHttp.open(config, URI.create("http://far.test"), Map.of())) {
      for (String path : List.of("/a?q=1", "/gone")) {
        HttpRequest request =
            HttpRequest.of("GET", "http://far.test" + path, null, Duration.ofSeconds(30));
        try (HttpAnswer answer = http.send(request)) {
          System.out.println(request + " " + answer.status());
        } catch (PlumblineException e) {
          e.printStackTrace(System.out);
        }
      }
    }
  }
}
