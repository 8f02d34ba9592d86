package io.plumbline.internal.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where runs or registered models are kept: a folder with an embedded store, or the address of
 * something remote. It never holds credentials.
 */
public final class StoreUri {

  private static final String FILE = "file";

  private final @Nullable Path folder;
  private final @Nullable URI remote;

  private StoreUri(@Nullable Path folder, @Nullable URI remote) {
    this.folder = folder;
    this.remote = remote;
  }

  /** The embedded store in a folder. */
  static StoreUri of(Path folder) {
    return new StoreUri(folder, null);
  }

  /** Something remote; the address has a scheme, and no credentials. */
  static StoreUri of(URI remote) {
    return new StoreUri(null, remote);
  }

  /** Returns the folder of the embedded store as an absolute path, or null when it is remote. */
  public @Nullable Path folder() {
    return folder;
  }

  /** Returns the address without a trailing slash, or null when it is an embedded store. */
  public @Nullable URI remote() {
    return remote;
  }

  /** Returns the scheme in lower case; {@code file} for an embedded store. */
  public String scheme() {
    return remote == null ? FILE : remote.getScheme().toLowerCase(Locale.ROOT);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof StoreUri that
        && Objects.equals(folder, that.folder)
        && Objects.equals(remote, that.remote);
  }

  @Override
  public int hashCode() {
    return Objects.hash(folder, remote);
  }

  /** Returns the folder or the address. */
  @Override
  public String toString() {
    return remote == null ? String.valueOf(folder) : remote.toString();
  }
}
