package io.plumbline.internal.store;

import io.plumbline.internal.digest.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Folders for names that people give: readable where every file system takes the name as it is, and
 * else {@code x-} and the beginning of its SHA-256.
 */
final class FolderNames {
  private static final Pattern PLAIN = Pattern.compile("[a-z0-9][a-z0-9_-]{0,79}");
  private static final Pattern HASHED = Pattern.compile("x-[0-9a-f]{32}");

  // Windows opens devices under these names.
  private static final Pattern DEVICE = Pattern.compile("con|prn|aux|nul|(com|lpt)[0-9]");

  private FolderNames() {}

  static String of(String name) {
    boolean plain =
        PLAIN.matcher(name).matches()
            && !HASHED.matcher(name).matches()
            && !DEVICE.matcher(name).matches();
    return plain ? name : "x-" + Sha256.of(name.getBytes(StandardCharsets.UTF_8)).substring(0, 32);
  }
}
