package io.plumbline.spi;

import org.jspecify.annotations.Nullable;

/** One change of a registered model or of one of its versions. */
public sealed interface RegistryUpdate {
  /** A new description. */
  record Describe(String description) implements RegistryUpdate {}

  /** A tag; the last value wins. */
  record SetTag(String key, String value) implements RegistryUpdate {}

  /** The end of a tag; one that is not there is no error. */
  record DeleteTag(String key) implements RegistryUpdate {}

  /** A deletion, or its end; repeating either is fine. */
  record SetDeleted(boolean deleted) implements RegistryUpdate {}

  /**
   * A quarantine, or its end; of versions only.
   *
   * @param reason why the version must not be used; null if it may be again
   */
  record Quarantine(@Nullable String reason) implements RegistryUpdate {}
}
