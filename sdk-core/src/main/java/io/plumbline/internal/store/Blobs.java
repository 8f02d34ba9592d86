package io.plumbline.internal.store;

import io.plumbline.IntegrityException;
import io.plumbline.NotFoundException;
import io.plumbline.StoreException;
import io.plumbline.internal.digest.Sha256;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Contents, addressed by their SHA-256: {@code blobs/sha256/ab/cdef...}. The same content is kept
 * once.
 *
 * <p>Plain streams are used throughout: an interrupt of the calling thread closes a channel, but
 * not these.
 */
public final class Blobs {
  /**
   * A content that is kept.
   *
   * @param sha256 lower-case hex
   * @param size bytes
   */
  public record Blob(String sha256, long size) {}

  /** Thrown when the store's own disk does not take a content: no fault of the caller's. */
  public static final class NotKeptException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotKeptException(String message, IOException cause) {
      super(message, cause);
    }
  }

  private static final int BUFFER = 256 * 1024;

  private final Path root;
  private final Path temporary;
  private final Consumer<Path> syncLater;

  /**
   * Makes the blobs of a store.
   *
   * @param syncLater is told of each new file, so that it is synced before anything names it
   */
  Blobs(Path store, Consumer<Path> syncLater) {
    this.root = store.resolve("blobs").resolve("sha256");
    this.temporary = store.resolve("blobs").resolve("tmp");
    this.syncLater = syncLater;
  }

  /** Returns where all contents are. */
  Path root() {
    return root;
  }

  /**
   * Keeps a content; when the call returns, the source may change or go.
   *
   * @throws NotKeptException if the store's disk does not take it
   * @throws StoreException if the source can't be read
   */
  public Blob put(InputStream content) {
    Path fresh = temporary.resolve(UUID.randomUUID().toString());
    try {
      Files.createDirectories(temporary);
      try {
        return put(content, fresh);
      } finally {
        Files.deleteIfExists(fresh);
      }
    } catch (IOException e) {
      throw new NotKeptException("a content could not be kept in " + root + ": " + e, e);
    }
  }

  private Blob put(InputStream content, Path fresh) throws IOException {
    MessageDigest sha = Sha256.start();
    long size = 0;
    try (FileOutputStream out = new FileOutputStream(fresh.toFile())) {
      byte[] buffer = new byte[BUFFER];
      for (int n = read(content, buffer); n >= 0; n = read(content, buffer)) {
        sha.update(buffer, 0, n);
        out.write(buffer, 0, n);
        size += n;
      }
    }
    String hex = Sha256.hex(sha);
    Path target = path(hex);
    if (!refreshed(target, size)) {
      Files.createDirectories(target.resolveSibling("."));
      move(fresh, target);
      syncLater.accept(target);
    }
    return new Blob(hex, size);
  }

  /** Whether the content is kept already; then it is fresh again, so that a clean-up lets it be. */
  private static boolean refreshed(Path target, long size) throws IOException {
    try {
      if (Files.size(target) != size) {
        return false;
      }
      Files.setLastModifiedTime(target, FileTime.fromMillis(System.currentTimeMillis()));
      return true;
    } catch (NoSuchFileException e) {
      return false; // a clean-up may have taken it just now
    }
  }

  /**
   * Makes a content young again, so that no clean-up takes it, and sees to it that it is on the
   * disk; returns whether it is there with that size.
   */
  boolean secure(String sha256, long size) throws IOException {
    Path file = path(sha256);
    if (!refreshed(file, size)) {
      return false;
    }
    boolean interrupted = Thread.interrupted(); // it would close the channel
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    StoreFiles.syncFolder(file.resolveSibling(".").normalize());
    return true;
  }

  private static int read(InputStream content, byte[] buffer) {
    try {
      return content.read(buffer);
    } catch (IOException e) {
      throw new StoreException("a content can't be read: " + e, e);
    }
  }

  private static void move(Path fresh, Path target) throws IOException {
    try {
      Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException e) {
      // Somebody else has kept the same content meanwhile; Windows does not replace it.
    }
  }

  /** Opens a content. */
  public InputStream open(String sha256) {
    try {
      return new FileInputStream(path(sha256).toFile());
    } catch (IOException e) {
      throw new NotFoundException("the store has no content " + sha256 + " in " + root, e);
    }
  }

  /**
   * Copies a content to a file, and checks it on the way.
   *
   * @throws IntegrityException if the content does not have its digest any more
   */
  public void copy(String sha256, Path target) {
    MessageDigest sha = Sha256.start();
    Path fresh = target.resolveSibling("." + UUID.randomUUID() + ".tmp");
    try {
      Files.createDirectories(target.toAbsolutePath().resolveSibling("."));
      try (InputStream in = new DigestInputStream(open(sha256), sha)) {
        Files.copy(in, fresh);
      }
      String found = Sha256.hex(sha);
      if (!found.equals(sha256)) {
        throw new IntegrityException(
            path(sha256) + " is damaged: its content has the digest " + found);
      }
      Files.move(
          fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new StoreException("could not copy " + sha256 + " to " + target + ": " + e, e);
    } finally {
      deleteQuietly(fresh);
    }
  }

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // A temporary file that stays: the copy itself has succeeded or has told why not.
    }
  }

  /** Returns where a content is, or would be. */
  public Path path(String sha256) {
    if (sha256.length() != 64 || !sha256.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
      throw new IntegrityException("'" + sha256 + "' is no SHA-256 in hex");
    }
    return root.resolve(sha256.substring(0, 2)).resolve(sha256.substring(2));
  }
}
