package io.plumbline.mlflow;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What there is of a file that has not come whole. Its name says of which content: by the digest,
 * or by what the server calls it; only more of the same content may be put behind it.
 *
 * @param tag the digest, or the server's tag
 */
record Partial(Path file, String tag, long length) {
  private static final String END = ".part";

  /** No file system takes a longer name. */
  private static final int LONGEST = 255;

  /** Finds what an earlier call has left; with a digest, only of the content that has it. */
  static @Nullable Partial of(Path target, @Nullable String sha256) throws IOException {
    String start = start(target);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(parent(target), all(target))) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        String tag = tag(name.substring(start.length(), name.length() - END.length()));
        boolean digest = tag != null && !tag.startsWith("\"");
        if (tag != null && (sha256 == null ? !digest : sha256.equals(tag))) {
          return new Partial(file, tag, Files.size(file));
        }
      }
    }
    return null;
  }

  private static @Nullable String tag(String encoded) {
    try {
      String tag = new String(Base64.getUrlDecoder().decode(encoded), StandardCharsets.ISO_8859_1);
      return tag.matches("[0-9a-f]{64}|\"[!#-~]+\"") ? tag : null;
    } catch (IllegalArgumentException e) {
      return null; // one that cannot be gone on with
    }
  }

  /**
   * Returns where a content is kept until it is whole.
   *
   * @param tag the digest, or the server's tag; null if nobody can tell the content from another
   */
  static Path name(Path target, @Nullable String tag) {
    String encoded =
        tag == null
            ? UUID.randomUUID() + "!"
            : Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(tag.getBytes(StandardCharsets.ISO_8859_1));
    String name = start(target) + encoded + END;
    return name.getBytes(StandardCharsets.UTF_8).length > LONGEST
        ? target.resolveSibling("." + UUID.randomUUID() + END)
        : target.resolveSibling(name);
  }

  private static String start(Path target) {
    return "." + target.getFileName() + ".";
  }

  private static Path parent(Path target) {
    return target.resolveSibling(".").normalize();
  }

  private static DirectoryStream.Filter<Path> all(Path target) {
    String start = start(target);
    return file -> {
      String name = String.valueOf(file.getFileName());
      return name.length() > start.length() + END.length()
          && name.startsWith(start)
          && name.endsWith(END);
    };
  }

  /** Removes what earlier calls have left of other contents. */
  static void removeAll(Path target) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(parent(target), all(target))) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** Puts a whole file into its place, in one step. */
  static void publish(Path whole, Path target) throws IOException {
    try {
      Files.move(whole, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(whole, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
