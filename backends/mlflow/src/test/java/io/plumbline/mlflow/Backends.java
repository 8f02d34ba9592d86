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
    Duration attempt = Duration.ofSeconds(30); // the machine may be busy
    HttpSettings settings =
        new HttpSettings(
            Duration.ofSeconds(5),
            attempt,
            attempt,
            null,
            ProxySelector.of((InetSocketAddress) null),
            "plumbline-test");
    return new MlflowBackend(
        new Http(new OkHttpTransport(settings), CredentialProvider.of(credentials), attempt), uri);
  }
}
