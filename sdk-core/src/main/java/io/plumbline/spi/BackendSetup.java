package io.plumbline.spi;

import io.plumbline.Config;
import java.net.URI;
import java.util.Objects;

/**
 * What a backend is opened with.
 *
 * @param uri the address, with a scheme of the provider, without credentials and without a slash at
 *     the end
 * @param config all settings; the modules of this SDK make their HTTP client from it with {@code
 *     io.plumbline.internal.credentials.ConfiguredHttp}
 */
public record BackendSetup(URI uri, Config config) {
  /** Checks that both are there. */
  public BackendSetup {
    Objects.requireNonNull(uri, "uri");
    Objects.requireNonNull(config, "config");
  }
}
