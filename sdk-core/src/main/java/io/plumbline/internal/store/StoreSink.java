package io.plumbline.internal.store;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/** Takes the files of a copy, one after the other: into a folder or a zip file. */
final class StoreSink implements AutoCloseable {
  private final Path place;
  private final @Nullable FileOutputStream file;
  private final @Nullable ZipOutputStream zip;
  private final byte[] buffer = new byte[1 << 18];
  private long files;
  private long bytes;

  private StoreSink(Path place, @Nullable FileOutputStream file, @Nullable ZipOutputStream zip) {
    this.place = place;
    this.file = file;
    this.zip = zip;
  }

  /** Makes a folder for the user alone. */
  static StoreSink folder(Path folder) throws IOException {
    Files.createDirectory(folder);
    if (isPosix(folder)) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }
    return new StoreSink(folder, null, null);
  }

  /** Makes a zip file for the user alone. */
  static StoreSink zip(Path zip) throws IOException {
    Files.createFile(zip);
    if (isPosix(zip)) {
      Files.setPosixFilePermissions(zip, PosixFilePermissions.fromString("rw-------"));
    }
    FileOutputStream file = new FileOutputStream(zip.toFile());
    ZipOutputStream packed = new ZipOutputStream(new BufferedOutputStream(file, 1 << 16));
    packed.setLevel(Deflater.BEST_SPEED); // segments and pictures are packed already
    return new StoreSink(zip, file, packed);
  }

  private static boolean isPosix(Path path) throws IOException {
    return Files.getFileStore(path).supportsFileAttributeView("posix");
  }

  /**
   * Takes one file.
   *
   * @param name its path in the store, with {@code /} between the parts
   * @param atMost how many bytes of the content are taken at most
   */
  void put(String name, InputStream content, long atMost) throws IOException {
    if (zip != null) {
      zip.putNextEntry(new ZipEntry(name));
      copy(content, zip, atMost);
      zip.closeEntry();
    } else {
      Path target = place.resolve(name);
      Files.createDirectories(target.resolveSibling("."));
      try (OutputStream out = Files.newOutputStream(target, StandardOpenOption.CREATE_NEW)) {
        copy(content, out, atMost);
      }
    }
    files++;
  }

  private void copy(InputStream in, OutputStream out, long atMost) throws IOException {
    long left = atMost;
    while (left > 0) {
      int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (n < 0) {
        return;
      }
      out.write(buffer, 0, n);
      bytes += n;
      left -= n;
    }
  }

  /** Returns how many files were taken. */
  long files() {
    return files;
  }

  /** Returns how many bytes were taken. */
  long bytes() {
    return bytes;
  }

  @Override
  public void close() throws IOException {
    if (zip != null && file != null) {
      try (file) {
        zip.finish();
        zip.flush();
        file.getFD().sync();
      } finally {
        zip.close();
      }
    }
  }
}
