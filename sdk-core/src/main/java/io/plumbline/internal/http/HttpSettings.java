package io.plumbline.internal.http;

import io.plumbline.spi.Credentials;
import java.net.ProxySelector;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a server.
 *
 * @param connect the longest time to connect
 * @param attempt the longest time for one request and its whole answer
 * @param idle the longest silence in a transfer of any length
 * @param tls whom to trust, and who we are; null for the JVM's own choice
 * @param proxies which proxy to use for an address
 * @param proxyLogin who we are to a proxy
 * @param userAgent what we say who we are
 */
public record HttpSettings(
    Duration connect,
    Duration attempt,
    Duration idle,
    @Nullable Tls tls,
    ProxySelector proxies,
    ProxyLogin proxyLogin,
    String userAgent) {
  /** For proxies that ask for no login. */
  public HttpSettings(
      Duration connect,
      Duration attempt,
      Duration idle,
      @Nullable Tls tls,
      ProxySelector proxies,
      String userAgent) {
    this(connect, attempt, idle, tls, proxies, proxy -> new Credentials.None(), userAgent);
  }

  /** Checks that nothing else is null. */
  public HttpSettings {
    Objects.requireNonNull(connect, "connect");
    Objects.requireNonNull(attempt, "attempt");
    Objects.requireNonNull(idle, "idle");
    Objects.requireNonNull(proxies, "proxies");
    Objects.requireNonNull(proxyLogin, "proxyLogin");
    Objects.requireNonNull(userAgent, "userAgent");
  }
}
