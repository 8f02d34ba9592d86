package io.plumbline.internal.digest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 in lower-case hex, as every digest of a content here. */
public final class Sha256 {
  private static final int BUFFER = 256 * 1024;

  private Sha256() {}

  /** A digest to be fed; every JDK has this algorithm. */
  public static MessageDigest start() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("a JDK without SHA-256", e);
    }
  }

  /** What was fed so far, in 64 hex digits; the digest starts anew. */
  public static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The digest of some bytes in hex. */
  public static String of(byte[] bytes) {
    MessageDigest digest = start();
    digest.update(bytes);
    return hex(digest);
  }

  /** Reads a file once for its digest and its size, without holding it in memory. */
  public static FileDigest of(Path file) throws IOException {
    MessageDigest digest = start();
    byte[] buffer = new byte[(int) Math.max(1, Math.min(BUFFER, Files.size(file)))];
    long size = 0;
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
        size += n;
      }
    }
    return new FileDigest(size, hex(digest));
  }

  /**
   * A file's content in short.
   *
   * @param size bytes
   * @param sha256 64 lower-case hex digits
   */
  public record FileDigest(long size, String sha256) {}
}
