package io.plumbline.internal.credentials;

import io.plumbline.ConfigException;
import io.plumbline.Secret;
import io.plumbline.internal.Printable;
import io.plumbline.spi.CredentialProvider;
import io.plumbline.spi.Credentials;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * Gives the token that stands in a file. The file is looked at before each request, and read again
 * when it has changed or the server has refused what was in it.
 */
public final class TokenFile implements CredentialProvider {
  private static final int MAX_BYTES = 64 << 10;

  private final Path file;
  private final String key;
  private final String source;
  private volatile @Nullable Read last;

  /** The token, and what the file was like when it was read. */
  private record Read(FileTime modified, long size, @Nullable Object inode, Credentials token) {
    boolean isOf(BasicFileAttributes now) {
      // A mounted secret is changed by another link, which a time in whole seconds may not show.
      return modified.equals(now.lastModifiedTime())
          && size == now.size()
          && (inode == null ? now.fileKey() == null : inode.equals(now.fileKey()));
    }
  }

  /**
   * Makes the provider; nothing is read yet.
   *
   * @param file the file, with nothing in it but the token and white space around it
   * @param key the setting that names it, for errors
   * @param source where that setting came from, for errors
   */
  public TokenFile(Path file, String key, String source) {
    this.file = file;
    this.key = key;
    this.source = source;
  }

  @Override
  public Credentials credentials(@Nullable Credentials refused) {
    Read before = last;
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      if (before != null && refused == null && before.isOf(now)) {
        return before.token();
      }
      Read read = new Read(now.lastModifiedTime(), now.size(), now.fileKey(), read(now));
      last = read;
      return read.token();
    } catch (IOException | ConfigException e) {
      if (before != null) {
        return before.token(); // it may just be written; what was good may still be
      }
      throw e instanceof ConfigException known ? known : bad("cannot be read: " + e);
    }
  }

  private Credentials read(BasicFileAttributes attributes) throws IOException {
    if (!attributes.isRegularFile()) {
      throw bad("is not a regular file");
    }
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    }
    String text = new String(bytes, StandardCharsets.US_ASCII).strip();
    if (text.isEmpty()) {
      throw bad("is empty");
    }
    if (bytes.length > MAX_BYTES || !text.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw bad("holds something that is not one token");
    }
    return new Credentials.Bearer(Secret.of(text));
  }

  private ConfigException bad(String problem) {
    return new ConfigException(
        key,
        source,
        "the file " + Printable.escape(file.toString()) + " " + Printable.escape(problem),
        "a file that holds a token and nothing else");
  }
}
