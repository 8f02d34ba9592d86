package io.plumbline.mlflow;

import io.plumbline.internal.http.Http;
import io.plumbline.internal.http.HttpSettings;
import io.plumbline.internal.http.OkHttpTransport;
import io.plumbline.spi.CredentialProvider;
import io.plumbline.spi.Credentials;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.time.Duration;

/** Makes backends without a configuration. */
final class Backends {
  private Backends() {}

  static MlflowBackend open(String uri) {
    return open(uri, new Credentials.None());
  }

  static MlflowBackend open(String uri, Credentials credentials) {
    return open(uri, credentials, Duration.ofSeconds(30)); // the machine may be busy
  }

  /** Opens one for which transfers may not be silent for longer. */
  static MlflowBackend open(String uri, Credentials credentials, Duration idle) {
    Duration attempt = Duration.ofSeconds(30);
    HttpSettings settings =
        new HttpSettings(
            Duration.ofSeconds(5),
            attempt,
            idle,
            null,
            ProxySelector.of((InetSocketAddress) null),
            "plumbline-test");
    return new MlflowBackend(
        new Http(new OkHttpTransport(settings), CredentialProvider.of(credentials), attempt), uri);
  }
}
