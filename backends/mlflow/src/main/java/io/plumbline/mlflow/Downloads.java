package io.plumbline.mlflow;

import io.plumbline.IntegrityException;
import io.plumbline.StoreException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.digest.Sha256;
import io.plumbline.internal.store.Names;
import io.plumbline.model.Artifact;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Brings files into a folder: several at a time, each under a name of its own beside its place
 * until it is whole. What an earlier call has brought is not brought again: a file whose digest is
 * known if it has that, another one if its size and the time of its last change are the server's.
 * What a broken call has left is gone on with.
 */
final class Downloads {
  private final Rest rest;
  private final ArtifactPlace place;
  private final String of;

  /**
   * Makes it.
   *
   * @param of whose files they are, for error texts
   */
  Downloads(Rest rest, String root, String of) {
    this.rest = rest;
    this.place = ArtifactPlace.of(root, rest.address());
    this.of = of;
  }

  /**
   * Brings files.
   *
   * @param files with their sizes, and their digests if they are known
   * @param folder where they are put, each under its path
   * @throws IntegrityException if one has another digest than it should
   * @throws StoreException if the disk does not take one
   */
  void fetch(List<Artifact> files, Path folder) {
    List<Runnable> tasks = new ArrayList<>();
    for (Artifact file : files.stream().sorted(LONGEST_FIRST).toList()) {
      Path target = target(folder, file.path());
      tasks.add(() -> fetch(file, target));
    }
    if (!tasks.isEmpty()) {
      rest.files().all(tasks);
    }
  }

  private static final Comparator<Artifact> LONGEST_FIRST =
      Comparator.comparingLong(file -> -file.size());

  /** The path comes from a server, and becomes a file's name. */
  private static Path target(Path folder, String path) {
    try {
      Path target = folder.resolve(Names.path(path)).normalize();
      if (target.startsWith(folder.normalize())) {
        return target;
      }
    } catch (IllegalArgumentException e) { // one that no file can have is one, too
      throw new StoreException("no file can be made of " + Printable.quote(path), e);
    }
    throw new StoreException("the path " + Printable.quote(path) + " leads out of " + folder);
  }

  private void fetch(Artifact file, Path target) {
    try {
      String sha256 = file.sha256();
      if (sha256 != null && isThere(target, file.size()) && digest(target).equals(sha256)) {
        return;
      }
      Files.createDirectories(target.resolveSibling("."));
      fetch(file, target, Partial.of(target, sha256));
    } catch (IOException e) {
      throw new StoreException(
          Printable.quote(file.path()) + " could not be brought to " + target + ": " + e, e);
    }
  }

  private static boolean isThere(Path target, long size) throws IOException {
    return Files.isRegularFile(target) && Files.size(target) == size;
  }

  private static String digest(Path target) throws IOException {
    return Sha256.of(target).sha256();
  }

  private void fetch(Artifact file, Path target, @Nullable Partial left) throws IOException {
    String sha256 = file.sha256();
    long kept = left == null || left.length() >= file.size() ? 0 : left.length();
    String tag = left == null || sha256 != null ? null : left.tag();
    Reading reading = new Reading(rest, place, file.path(), of, file.size());
    Reading.Opened opened = reading.from(kept, tag);
    try (Content content = opened.content()) {
      FileTime changed = time(opened.changed());
      if (sha256 == null
          && changed != null
          && isThere(target, file.size())
          && Files.getLastModifiedTime(target).toInstant().equals(changed.toInstant())) {
        return;
      }
      Path partial;
      if (opened.from() > 0 && left != null) {
        partial = left.file();
      } else {
        Partial.removeAll(target);
        partial = Partial.name(target, sha256 == null ? opened.tag() : sha256);
      }
      String digest = copy(content, partial, opened.from(), sha256 != null);
      if (sha256 != null && !sha256.equals(digest)) {
        Files.deleteIfExists(partial);
        if (opened.from() > 0) { // what an earlier call has left may be at fault
          content.close();
          fetch(file, target, null);
          return;
        }
        throw new IntegrityException(
            "the server gave other bytes than it says for "
                + Printable.quote(file.path())
                + " of "
                + of);
      }
      if (changed != null) {
        Files.setLastModifiedTime(partial, changed);
      }
      Partial.publish(partial, target);
    }
  }

  /** Writes the content behind what is there, and returns the whole's digest if it is asked for. */
  private static String copy(Content content, Path partial, long from, boolean digested)
      throws IOException {
    MessageDigest sha = Sha256.start();
    if (from > 0 && digested) {
      try (var kept = Files.newInputStream(partial)) {
        byte[] buffer = new byte[Sending.BUFFER];
        for (int read = kept.read(buffer); read >= 0; read = kept.read(buffer)) {
          sha.update(buffer, 0, read);
        }
      }
    }
    try (OutputStream out =
        Files.newOutputStream(
            partial,
            StandardOpenOption.CREATE,
            from > 0 ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      byte[] buffer = new byte[Sending.BUFFER];
      // The library gives out 8 KiB at most, which is little for a write.
      for (int read = content.readNBytes(buffer, 0, buffer.length);
          read > 0;
          read = content.readNBytes(buffer, 0, buffer.length)) {
        out.write(buffer, 0, read);
        if (digested) {
          sha.update(buffer, 0, read);
        }
      }
    }
    return digested ? Sha256.hex(sha) : "";
  }

  private static @Nullable FileTime time(@Nullable String header) {
    if (header == null) {
      return null;
    }
    try {
      return FileTime.from(
          DateTimeFormatter.RFC_1123_DATE_TIME.parse(header.strip(), Instant::from));
    } catch (DateTimeException e) {
      return null;
    }
  }
}
