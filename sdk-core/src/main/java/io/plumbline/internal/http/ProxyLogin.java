package io.plumbline.internal.http;

import io.plumbline.spi.Credentials;
import java.net.Proxy;
import org.jspecify.annotations.Nullable;

/** Knows who we are to a proxy. */
@FunctionalInterface
public interface ProxyLogin {
  /** Returns the credentials for a proxy. */
  Credentials credentials(Proxy proxy);

  /** Returns the value of the header for a proxy, or null for none. */
  default @Nullable String authorization(Proxy proxy) {
    return credentials(proxy) instanceof Credentials.Basic basic
        ? Http.basic(basic.username(), basic.password())
        : null;
  }
}
