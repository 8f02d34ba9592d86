package io.plumbline.internal;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Says why a folder can't be one. */
public final class Folders {
  private Folders() {}

  /**
   * Says that a file is where a folder should be, or where one above it should be.
   *
   * @return a sentence's end that names the file; null if no file is in the way
   */
  public static @Nullable String fileInTheWay(Path folder) {
    for (Path at = folder.toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.isDirectory(at)) {
        return null;
      }
      if (Files.exists(at)) {
        return Printable.quote(at.toString()) + " is a file, and a folder must be there";
      }
    }
    return null;
  }
}
