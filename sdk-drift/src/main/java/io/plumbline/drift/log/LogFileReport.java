package io.plumbline.drift.log;

import io.plumbline.drift.internal.log.LogFolders;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What a file of a log holds, by looking at all of it.
 *
 * @param path the file; or a folder that can't be read, of which there is only the problem
 * @param rows rows in it
 * @param batches batches in it; lines of JSON have none
 * @param bytes its size
 * @param problem what is wrong with it; empty if nothing is
 */
public record LogFileReport(Path path, long rows, int batches, long bytes, String problem) {
  static LogFileReport ofFolder(Path folder, IOException e) {
    return new LogFileReport(folder, 0, 0, 0, LogFolders.passedOver(folder, e));
  }

  /** Whether nothing is wrong with it. */
  public boolean isSound() {
    return problem.isEmpty();
  }
}
