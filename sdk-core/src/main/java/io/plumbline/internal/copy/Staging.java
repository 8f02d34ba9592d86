package io.plumbline.internal.copy;

import io.plumbline.IntegrityException;
import io.plumbline.StoreException;
import io.plumbline.internal.store.EmbeddedStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A folder of the store in which files arrive, until they are kept. */
final class Staging implements AutoCloseable {
  private final EmbeddedStore store;
  private final Path folder;

  private Staging(EmbeddedStore store, Path folder) {
    this.store = store;
    this.folder = folder;
  }

  static Staging in(EmbeddedStore store) {
    try {
      return new Staging(store, store.temporaryFolder());
    } catch (IOException e) {
      throw new StoreException("no folder can be made in " + store.root() + ": " + e, e);
    }
  }

  Path folder() {
    return folder;
  }

  /** Returns how many bytes have arrived. */
  long size() {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException | UncheckedIOException e) {
      return 0;
    }
  }

  /**
   * Lets files arrive.
   *
   * @throws IntegrityException if the disk takes other files, but not these: no file can have such
   *     a name
   */
  <T> T fill(Supplier<T> action) {
    try {
      return action.get();
    } catch (StoreException e) {
      try {
        Files.write(folder.resolve("probe"), new byte[1]);
        Files.delete(folder.resolve("probe"));
      } catch (IOException disk) {
        e.addSuppressed(disk);
        throw e;
      }
      throw new IntegrityException(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public void close() {
    store.removeTemporary(folder);
  }
}
