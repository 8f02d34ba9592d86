package io.plumbline.internal.credentials;

import io.plumbline.Config;
import io.plumbline.ConfigException;
import io.plumbline.internal.Time;
import io.plumbline.internal.config.ConfigKey;
import io.plumbline.internal.config.Keys;
import io.plumbline.internal.config.Loopback;
import io.plumbline.internal.config.ServerKeys;
import io.plumbline.internal.http.Http;
import io.plumbline.internal.http.HttpAnswer;
import io.plumbline.internal.http.HttpRequest;
import io.plumbline.internal.http.HttpSettings;
import io.plumbline.internal.http.HttpTransport;
import io.plumbline.internal.http.NoProxy;
import io.plumbline.internal.http.OkHttpTransport;
import io.plumbline.internal.http.Proxies;
import io.plumbline.internal.http.Tls;
import io.plumbline.internal.http.UserAgent;
import io.plumbline.spi.CredentialProvider;
import io.plumbline.spi.Credentials;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the HTTP client for a server from the configuration: the one place that knows how. */
public final class ConfiguredHttp {
  private final Config config;

  private ConfiguredHttp(Config config) {
    this.config = config;
  }

  /**
   * Makes a client; nothing is asked of the server yet.
   *
   * @param config the settings
   * @param server the server's address
   * @param headers what the server gets with each request, besides the credentials
   * @throws ConfigException if a file of the settings for TLS cannot be used
   */
  public static Http open(Config config, URI server, Map<String, String> headers) {
    return new ConfiguredHttp(config).open(server, headers);
  }

  private Http open(URI server, Map<String, String> headers) {
    Tls tls = tls(server);
    HttpTransport transport = new OkHttpTransport(settings(tls));
    boolean special = isInsecure(server) || config.find(ServerKeys.CLIENT_CERT).isPresent();
    HttpTransport elsewhere =
        tls == null || !special ? transport : new OkHttpTransport(settings(tlsElsewhere()));
    Duration attempt = config.get(ServerKeys.TIMEOUT);
    if (config.credentials().isPresent()) {
      return new Http(transport, elsewhere, config.credentials().get(), attempt, headers);
    }
    URI tokens = config.find(ServerKeys.OAUTH_URL).orElse(null);
    if (tokens == null) {
      return new Http(transport, elsewhere, provider(), attempt, headers);
    }
    HttpTransport toTokens = new OkHttpTransport(settings(tls(tokens)));
    TokenRequest request =
        new TokenRequest(
            toTokens,
            tokens.toString(),
            config.get(ServerKeys.OAUTH_CLIENT),
            config.get(ServerKeys.OAUTH_SECRET),
            config.find(ServerKeys.OAUTH_SCOPE).orElse(null),
            attempt);
    return new Http(
        new Both(transport, toTokens),
        elsewhere,
        new ClientCredentials(request, Time.SYSTEM),
        attempt,
        headers);
  }

  /** The configuration has one way left; it has dropped the weaker ones. */
  private CredentialProvider provider() {
    String name = config.find(Keys.TRACKING_USERNAME).orElse(null);
    if (name != null && config.find(Keys.TRACKING_PASSWORD).isPresent()) {
      return CredentialProvider.of(new Credentials.Basic(name, config.get(Keys.TRACKING_PASSWORD)));
    }
    if (config.find(Keys.TRACKING_TOKEN).isPresent()) {
      return CredentialProvider.of(new Credentials.Bearer(config.get(Keys.TRACKING_TOKEN)));
    }
    Path file = config.find(ServerKeys.TOKEN_FILE).orElse(null);
    return file == null
        ? CredentialProvider.of(new Credentials.None())
        : new TokenFile(
            file, ServerKeys.TOKEN_FILE.property(), config.source(ServerKeys.TOKEN_FILE));
  }

  private HttpSettings settings(@Nullable Tls tls) {
    Proxies proxies =
        new Proxies(
            config.find(ServerKeys.PROXY_HTTPS).orElse(null),
            config.find(ServerKeys.PROXY_HTTP).orElse(null),
            new NoProxy(config.find(ServerKeys.PROXY_NONE).orElse("")));
    return new HttpSettings(
        config.get(ServerKeys.CONNECT_TIMEOUT),
        config.get(ServerKeys.TIMEOUT),
        config.get(ServerKeys.IDLE_TIMEOUT),
        tls,
        proxies,
        proxies,
        UserAgent.text());
  }

  private @Nullable Tls tls(URI server) {
    Path bundle = config.find(ServerKeys.CA).orElse(null);
    Path client = config.find(ServerKeys.CLIENT_CERT).orElse(null);
    boolean insecure = isInsecure(server);
    if (!"https".equalsIgnoreCase(server.getScheme())
        || (bundle == null && client == null && !insecure)) {
      return null;
    }
    Tls trust = tls(ServerKeys.CA, bundle, bundle, null, insecure);
    return client == null ? trust : tls(ServerKeys.CLIENT_CERT, client, bundle, client, insecure);
  }

  /**
   * Where the server sends us with files nobody is trusted for its sake, and our certificate is not
   * shown.
   */
  private @Nullable Tls tlsElsewhere() {
    Path bundle = config.find(ServerKeys.CA).orElse(null);
    return bundle == null ? null : tls(ServerKeys.CA, bundle, bundle, null, false);
  }

  /** Without code's own wish the flag is good for this machine only, for the token server, too. */
  private boolean isInsecure(URI server) {
    return config.get(ServerKeys.INSECURE)
        && (Loopback.is(server.getHost()) || config.source(ServerKeys.INSECURE).equals("code"));
  }

  private Tls tls(
      ConfigKey<Path> key,
      @Nullable Path file,
      @Nullable Path bundle,
      @Nullable Path client,
      boolean insecure) {
    String problem;
    try {
      if (file == null || Files.isRegularFile(file)) {
        return Tls.of(bundle, client, insecure);
      }
      problem = file + (Files.exists(file) ? " is not a regular file" : " does not exist");
    } catch (IllegalArgumentException e) {
      problem = String.valueOf(e.getMessage());
    }
    throw new ConfigException(key.property(), config.source(key), problem, key.doc());
  }

  /** Sends with the first, and closes both. */
  private record Both(HttpTransport first, HttpTransport second) implements HttpTransport {
    @Override
    public HttpAnswer send(HttpRequest request) throws IOException {
      return first.send(request);
    }

    @Override
    public void close() {
      first.close();
      second.close();
    }
  }
}
