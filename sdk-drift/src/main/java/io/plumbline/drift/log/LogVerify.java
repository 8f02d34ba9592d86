package io.plumbline.drift.log;

import io.plumbline.IntegrityException;
import io.plumbline.NotFoundException;
import io.plumbline.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads every value of a log, and every checksum. */
public final class LogVerify {
  private LogVerify() {}

  /**
   * Looks at one file, or at all parts below a folder.
   *
   * @param filter which files; all of their columns are read
   * @return one report for each folder that can't be read, and one for each file, in the order of
   *     their paths
   * @throws NotFoundException if there is no such file or folder
   * @throws StoreException if the folder can't be listed
   */
  public static List<LogFileReport> verify(Path path, LogFilter filter) {
    if (!Files.exists(path)) {
      throw new NotFoundException("there is no prediction log " + path);
    }
    List<LogFileReport> reports = new ArrayList<>();
    List<Path> files =
        PredictionLogReader.parts(
            path, filter, (folder, e) -> reports.add(LogFileReport.ofFolder(folder, e)));
    for (Path file : files) {
      reports.add(look(file, filter.withColumns(List.of())));
    }
    return reports;
  }

  private static LogFileReport look(Path file, LogFilter filter) {
    long rows = 0;
    int batches = 0;
    String problem = "";
    try (PredictionLogReader reader = PredictionLogReader.open(file, filter)) {
      for (LogBatch batch = reader.next(); batch != null; batch = reader.next()) {
        for (String column : batch.columns()) {
          read(batch, column);
        }
        rows += batch.rows();
        batches++;
      }
    } catch (IntegrityException | StoreException | IllegalArgumentException e) {
      problem = String.valueOf(e.getMessage());
    } catch (NotFoundException e) {
      problem = "it has been deleted meanwhile";
    }
    return new LogFileReport(file, rows, batches, size(file), problem);
  }

  private static void read(LogBatch batch, String column) {
    switch (batch.kind(column)) {
      case NUMBER -> batch.doubles(column);
      case INTEGER, BOOLEAN, TIME -> batch.longs(column);
      case TEXT, CATEGORY -> batch.texts(column);
      case EMBEDDING -> batch.embeddings(column);
      case NOTHING, OTHER -> {}
    }
    if (batch.rows() > 0) {
      batch.isNull(column, 0);
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0;
    }
  }
}
