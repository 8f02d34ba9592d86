package io.plumbline.internal.digest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * The one digest of several named files, as the OpenSSF Model Signing specification v1.0 defines it
 * for its method "files": SHA-256 over the files' raw SHA-256 digests, in the order of their names.
 *
 * <p>The order is that of Unicode code points, which is that of the names' UTF-8 bytes, unsigned;
 * {@code String.compareTo} differs beyond U+FFFF. The names count by their order only, as the
 * specification has it: a manifest that lists names and digests must stand beside the root digest.
 */
public final class RootDigest {
  /** The order of names in a manifest. */
  public static final Comparator<String> ORDER =
      (a, b) ->
          Arrays.compareUnsigned(
              a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

  private RootDigest() {}

  /**
   * Computes the root digest.
   *
   * @param digests from relative name, with {@code /} between the parts, to SHA-256 in hex; not
   *     empty
   * @return 64 lower-case hex digits
   */
  public static String of(Map<String, String> digests) {
    if (digests.isEmpty()) {
      throw new IllegalArgumentException("a root digest needs at least one file");
    }
    List<Map.Entry<String, String>> sorted =
        digests.entrySet().stream().sorted(Map.Entry.comparingByKey(ORDER)).toList();
    MessageDigest root = Sha256.start();
    for (Map.Entry<String, String> entry : sorted) {
      root.update(HexFormat.of().parseHex(entry.getValue()));
    }
    return Sha256.hex(root);
  }
}
