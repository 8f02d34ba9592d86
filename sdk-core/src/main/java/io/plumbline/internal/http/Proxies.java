package io.plumbline.internal.http;

import io.plumbline.internal.config.Loopback;
import io.plumbline.internal.config.ProxyAddress;
import io.plumbline.spi.Credentials;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the proxy for an address: the configured one of its scheme, but none for this machine nor
 * for what is named; where none is configured, what the JVM has.
 */
public final class Proxies extends ProxySelector implements ProxyLogin {
  private static final List<Proxy> DIRECT = List.of(Proxy.NO_PROXY);

  private final @Nullable ProxyAddress https;
  private final @Nullable ProxyAddress http;
  private final NoProxy none;

  /**
   * Makes it.
   *
   * @param https the proxy for https addresses, or null for the JVM's choice
   * @param http the proxy for http addresses, or null for the JVM's choice
   * @param none what is reached without them
   */
  public Proxies(@Nullable ProxyAddress https, @Nullable ProxyAddress http, NoProxy none) {
    this.https = https;
    this.http = http;
    this.none = none;
  }

  @Override
  public List<Proxy> select(URI uri) {
    boolean secure = "https".equalsIgnoreCase(uri.getScheme());
    ProxyAddress proxy = secure ? https : http;
    String host = uri.getHost();
    if (proxy == null || host == null) {
      ProxySelector ofJvm = ProxySelector.getDefault();
      return ofJvm == null ? DIRECT : ofJvm.select(uri);
    }
    int port = uri.getPort() < 0 ? (secure ? 443 : 80) : uri.getPort();
    if (Loopback.is(host) || none.covers(host, port)) {
      return DIRECT;
    }
    return List.of(
        new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(proxy.host(), proxy.port())));
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException failure) {
    // There is no other proxy to choose.
  }

  @Override
  public Credentials credentials(Proxy proxy) {
    for (ProxyAddress known : new @Nullable ProxyAddress[] {https, http}) {
      if (known != null
          && known.username() != null
          && proxy.address() instanceof InetSocketAddress address
          && address.getPort() == known.port()
          && address.getHostString().equalsIgnoreCase(known.host())) {
        return new Credentials.Basic(known.username(), known.password());
      }
    }
    return new Credentials.None();
  }
}
