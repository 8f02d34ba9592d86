package io.plumbline.mlflow;

import io.plumbline.Config;
import io.plumbline.internal.config.ConfigKey;
import io.plumbline.internal.config.Keys;
import java.net.URI;

/**
 * The address of a server, and which setting has named it.
 *
 * @param base the address with its path prefix, without a slash at the end
 * @param key the setting
 * @param source where its value came from
 */
record ServerAddress(String base, String key, String source) {
  /** An address that no setting has named. */
  static ServerAddress given(String uri) {
    return new ServerAddress(trimmed(uri), Keys.TRACKING_URI.property(), "code");
  }

  static ServerAddress of(URI uri, Config config) {
    boolean isRegistry =
        !uri.equals(config.get(Keys.TRACKING_URI).remote())
            && uri.equals(config.get(Keys.REGISTRY_URI).remote());
    ConfigKey<?> key = isRegistry ? Keys.REGISTRY_URI : Keys.TRACKING_URI;
    return new ServerAddress(trimmed(uri.toString()), key.property(), config.source(key));
  }

  private static String trimmed(String uri) {
    int end = uri.length();
    while (end > 0 && uri.charAt(end - 1) == '/') {
      end--;
    }
    return uri.substring(0, end);
  }
}
