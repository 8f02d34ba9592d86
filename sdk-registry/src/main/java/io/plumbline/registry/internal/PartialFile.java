package io.plumbline.registry.internal;

import io.plumbline.IntegrityException;
import io.plumbline.TransportException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.digest.Sha256;
import io.plumbline.model.Artifact;
import io.plumbline.model.ModelVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One file that is being fetched. What an interrupted fetch has left is gone on with, whoever has
 * left it, because the name of the partial file is the digest of what it is to become.
 */
final class PartialFile {
  private static final int BUFFER = 256 * 1024;

  /** The files that threads of this process are fetching. */
  private static final Set<Path> FETCHING = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final ModelVersion version;
  private final Artifact part;

  PartialFile(Path folder, ModelVersion version, Artifact part) {
    this.folder = folder;
    this.version = version;
    this.part = part;
  }

  /** The name says what the whole will be; where the registry does not, what it belongs to. */
  private String name() {
    String sha256 = part.sha256();
    if (sha256 == null) {
      String belongs = version.digest() + "/" + part.path();
      return Sha256.of(belongs.getBytes(StandardCharsets.UTF_8));
    }
    if (!sha256.matches("[0-9a-f]{64}")) {
      throw new IntegrityException(
          "the digest of "
              + Printable.quote(part.path())
              + " of "
              + version.uri()
              + " is no SHA-256: "
              + Printable.quote(sha256));
    }
    return sha256;
  }

  /** Fetches the file and puts it where it belongs. */
  void fetch(ModelCache.Parts parts, Path target) throws IOException {
    Files.createDirectories(folder);
    Path shared = folder.resolve(name());
    // Within this process by name: to open the lock of another thread and to close it again would
    // drop that thread's lock, as POSIX has it.
    if (FETCHING.add(shared)) {
      try (FileChannel lock = open(folder.resolve(name() + ".lock"))) {
        if (lock.tryLock() != null) {
          fetchTo(parts, shared, target);
          return;
        }
      } finally {
        FETCHING.remove(shared);
      }
    }
    // Somebody else is fetching the same file: each on its own.
    Path own = folder.resolve(name() + "." + UUID.randomUUID());
    try {
      fetchTo(parts, own, target);
    } finally {
      Files.deleteIfExists(own);
    }
  }

  private void fetchTo(ModelCache.Parts parts, Path file, Path target) throws IOException {
    try (FileChannel channel = open(file)) {
      fetch(parts, channel, file, target);
    }
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private void fetch(ModelCache.Parts parts, FileChannel channel, Path file, Path target)
      throws IOException {
    MessageDigest sha = Sha256.start();
    long kept = channel.size() > part.size() ? restart(channel) : feed(channel, sha);
    copy(parts, channel, sha, kept);
    if (!isRight(channel, sha)) {
      if (kept == 0) {
        restart(channel);
        throw new IntegrityException(
            "the registry gave other bytes than it says for "
                + Printable.quote(part.path())
                + " of "
                + version.uri());
      }
      // What was left by an earlier fetch may be at fault: once more, from the start.
      copy(parts, channel, sha, restart(channel));
      if (!isRight(channel, sha)) {
        restart(channel);
        throw new IntegrityException(
            "the registry gave other bytes than it says for "
                + Printable.quote(part.path())
                + " of "
                + version.uri()
                + ", twice");
      }
    }
    channel.force(true);
    Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
  }

  private static long restart(FileChannel channel) throws IOException {
    channel.truncate(0);
    return 0;
  }

  /** Feeds what is there to the digest; returns how much that is. */
  private static long feed(FileChannel channel, MessageDigest sha) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    long at = 0;
    for (int n = channel.read(buffer, at); n > 0; n = channel.read(buffer, at)) {
      sha.update(buffer.array(), 0, n);
      at += n;
      buffer.clear();
    }
    return at;
  }

  /** Appends what the registry gives, but never more than it has announced. */
  private void copy(ModelCache.Parts parts, FileChannel channel, MessageDigest sha, long from)
      throws IOException {
    if (from == part.size() && from > 0) {
      return;
    }
    byte[] buffer = new byte[BUFFER];
    long at = from;
    try (InputStream in = parts.open(part.path(), from)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (at + n > part.size()) {
          restart(channel);
          throw new IntegrityException(
              Printable.quote(part.path())
                  + " of "
                  + version.uri()
                  + " has more than the "
                  + part.size()
                  + " bytes that the registry says");
        }
        sha.update(buffer, 0, n);
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, n);
        while (bytes.hasRemaining()) {
          at += channel.write(bytes, at);
        }
      }
    }
    if (at < part.size()) {
      // What is there is kept: the next fetch goes on behind it.
      throw new TransportException(
          Printable.quote(part.path())
              + " of "
              + version.uri()
              + " ended after "
              + at
              + " of "
              + part.size()
              + " bytes");
    }
  }

  private boolean isRight(FileChannel channel, MessageDigest sha) throws IOException {
    String found = Sha256.hex(sha);
    return channel.size() == part.size() && (part.sha256() == null || found.equals(part.sha256()));
  }
}
