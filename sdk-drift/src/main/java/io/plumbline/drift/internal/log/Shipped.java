package io.plumbline.drift.internal.log;

import io.plumbline.internal.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The note beside a part that says that its destination has it: {@code .part-....arrow.shipped}. No
 * reader of the folder takes it for a part.
 */
public final class Shipped {
  private static final String ENDING = ".shipped";
  private static final String BEFORE = ".";

  private Shipped() {}

  /** Whether a part's destination has it. */
  public static boolean is(Path part) {
    return Files.exists(note(part));
  }

  /** Whether a name is that of a note. */
  public static boolean isNote(String name) {
    return name.startsWith(BEFORE + LogPaths.PART) && name.endsWith(ENDING);
  }

  /** Returns the part that a note is of. */
  public static Path part(Path note) {
    String name = String.valueOf(note.getFileName());
    return note.resolveSibling(name.substring(BEFORE.length(), name.length() - ENDING.length()));
  }

  private static Path note(Path part) {
    return part.resolveSibling(BEFORE + part.getFileName() + ENDING);
  }

  /**
   * Notes that a part's destination has it.
   *
   * @param run the run whose artifact it is
   * @param path the artifact's
   * @param millis when that was, in epoch milliseconds
   */
  public static void write(Path part, String run, String path, String sha256, long millis)
      throws IOException {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("format", 1L);
    json.put("run", run);
    json.put("path", path);
    json.put("sha256", sha256);
    json.put("shipped", millis);
    LogFolders.replace(note(part), Json.bytes(json), false);
  }

  /** Removes a part's note, if there is one. */
  public static void forget(Path part) throws IOException {
    Files.deleteIfExists(note(part));
  }
}
