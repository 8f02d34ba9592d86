package io.plumbline.spi;

import java.util.Set;

/**
 * Opens the backend of an address.
 *
 * <p>Found by {@link java.util.ServiceLoader}: the jar names it in {@code
 * META-INF/services/io.plumbline.spi.BackendProvider}; it has a public constructor without
 * parameters, which does nothing else. Two jars that serve one scheme are refused.
 */
public interface BackendProvider {
  /** Returns the schemes of the addresses that this opens, in small letters, such as {@code s3}. */
  Set<String> schemes();

  /**
   * Opens a backend. The place is not asked for anything yet, so it need not be there.
   *
   * @param setup the address and the settings
   * @return a backend, which the caller closes
   * @throws io.plumbline.ConfigException if a setting cannot be used
   */
  Backend open(BackendSetup setup);
}
