package io.plumbline.internal.config;

import org.jspecify.annotations.Nullable;

/**
 * The value of a key, and where it came from.
 *
 * @param key the key
 * @param value the value; null when the key has no default and was not set
 * @param source where it came from, for people
 * @param layer which layer decided
 */
record Setting<T>(ConfigKey<T> key, @Nullable T value, String source, Layer layer) {

  /** Returns the value as text; empty when there is none, and {@code [hidden]} for a secret. */
  String text() {
    return value == null ? "" : key.type().format(value);
  }
}
