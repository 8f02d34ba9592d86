package io.plumbline.drift.log;

import java.nio.file.Path;

/**
 * What a file of a log holds, by looking at all of it.
 *
 * @param path the file
 * @param rows rows in it
 * @param batches batches in it; lines of JSON have none
 * @param bytes its size
 * @param problem what is wrong with it; empty if nothing is
 */
public record LogFileReport(Path path, long rows, int batches, long bytes, String problem) {
  /** Whether nothing is wrong with it. */
  public boolean isSound() {
    return problem.isEmpty();
  }
}
