package io.plumbline.internal.journal;

import io.plumbline.internal.digest.Sha256;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;

/** Where a run's files are. */
public final class RunFolders {
  private static final String SUMMARY = ".run.json";

  private RunFolders() {}

  /**
   * Returns the folder name of a run: its id where that is 32 lower-case hex digits, as Plumbline
   * makes them; else {@code x-} and a digest of the id, which may be longer than a file name,
   * differ from another in case only, or be a name that Windows keeps for itself.
   */
  public static String name(String runId) {
    if (isOurs(runId)) {
      return runId;
    }
    return "x-" + HexFormat.of().formatHex(digest(runId));
  }

  /** Returns whether an id is 32 lower-case hex digits, as Plumbline makes them. */
  public static boolean isOurs(String runId) {
    if (runId.length() != 32) {
      return false;
    }
    for (int i = 0; i < 32; i++) {
      char c = runId.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  /** Returns the file with one writer's summary. */
  static Path summary(Path folder, String writer) {
    return folder.resolve(writer + SUMMARY);
  }

  /** Returns the first 16 bytes of the SHA-256 of a run's id. */
  static byte[] digest(String runId) {
    byte[] all = Sha256.start().digest(runId.getBytes(StandardCharsets.UTF_8));
    return Arrays.copyOf(all, 16);
  }
}
