package io.plumbline.drift.log;

import io.plumbline.NotFoundException;
import io.plumbline.StoreException;
import io.plumbline.drift.internal.arrow.Damage;
import io.plumbline.drift.internal.arrow.IpcRepair;
import io.plumbline.drift.internal.log.LogFolders;
import io.plumbline.drift.internal.log.LogPaths;
import io.plumbline.drift.internal.log.WriterLock;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Completes the parts that dead writers have left behind: what they hold up to the last complete
 * batch is kept, and the part gets its name. A {@link PredictionLogWriter} does it when it is
 * opened and once a minute; this is for logs that nobody writes to any more.
 */
public final class LogRepair {
  private LogRepair() {}

  /**
   * Repairs one open part, or all below a folder. Parts of writers that live are left alone.
   *
   * @return the parts that are complete now, and those that could not be repaired, with the reason;
   *     a part without one complete batch is deleted and not returned
   * @throws NotFoundException if there is no such file or folder
   * @throws StoreException if the disk refuses
   */
  public static List<LogFileReport> repair(Path path) {
    return repair(path, (part, why) -> {});
  }

  /**
   * The same, which tells of each part that it leaves alone.
   *
   * @param leftAlone is told of the part, and why nobody may touch it
   */
  public static List<LogFileReport> repair(Path path, BiConsumer<Path, String> leftAlone) {
    if (!Files.exists(path)) {
      throw new NotFoundException("there is no prediction log " + path);
    }
    List<LogFileReport> reports = new ArrayList<>();
    try {
      for (LogFolders.Found open :
          LogFolders.find(
              path,
              LogFolders::isOpenPart,
              (folder, e) -> reports.add(LogFileReport.ofFolder(folder, e)))) {
        Path file = open.path().toAbsolutePath();
        LogFileReport report = adopt(rootOf(file), file);
        if (report == null && Files.exists(file)) {
          String writer = LogPaths.writer(String.valueOf(file.getFileName()));
          leftAlone.accept(file, WriterLock.whyLives(rootOf(file), writer));
        } else if (report != null && (report.rows() > 0 || !report.isSound())) {
          reports.add(report);
        }
      }
      return reports;
    } catch (IOException e) {
      throw new StoreException("the prediction log " + path + " can't be repaired: " + e, e);
    }
  }

  /** The log's folder: above those of the day, the version and the model. */
  private static Path rootOf(Path file) {
    Path root = file;
    for (int i = 0; i < 4 && root.getParent() != null; i++) {
      root = root.getParent();
    }
    return root;
  }

  /** Completes a part of a dead writer; returns null if the writer lives, or another does it. */
  static @Nullable LogFileReport adopt(Path root, Path open) throws IOException {
    String writer = LogPaths.writer(String.valueOf(open.getFileName()));
    try (WriterLock place = WriterLock.adopt(root, writer)) {
      return place == null || !Files.exists(open) ? null : complete(open);
    }
  }

  /** Completes a part that nobody writes to. */
  static LogFileReport complete(Path open) throws IOException {
    String name = String.valueOf(open.getFileName());
    Path closed = open.resolveSibling(LogPaths.closed(name));
    try {
      long rows = name.contains(".jsonl") ? cutLines(open) : IpcRepair.repair(open).rows();
      if (rows == 0) {
        Files.deleteIfExists(open);
        return new LogFileReport(closed, 0, 0, 0, "");
      }
      LogFolders.rename(open, closed);
      return new LogFileReport(closed, rows, 0, Files.size(closed), "");
    } catch (NoSuchFileException e) {
      return new LogFileReport(closed, 0, 0, 0, "");
    } catch (Damage e) {
      return damaged(open, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      return damaged(open, "its messages lead outside of it");
    }
  }

  private static LogFileReport damaged(Path open, String problem) throws IOException {
    return new LogFileReport(open, 0, 0, Files.size(open), problem);
  }

  /** Cuts a file behind its last complete line; returns whether there is one. */
  private static long cutLines(Path file) throws IOException {
    try (FileChannel lines =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long end = lines.size();
      ByteBuffer block = ByteBuffer.allocate(1 << 16);
      while (end > 0) {
        block.clear().limit((int) Math.min(block.capacity(), end));
        long begin = end - block.limit();
        while (block.hasRemaining()) {
          if (lines.read(block, begin + block.position()) < 0) {
            throw new EOFException(file + " has become shorter");
          }
        }
        for (int i = block.limit() - 1; i >= 0; i--) {
          if (block.get(i) == '\n') {
            lines.truncate(begin + i + 1);
            lines.force(true);
            return 1;
          }
        }
        end = begin;
      }
      return 0;
    }
  }
}
