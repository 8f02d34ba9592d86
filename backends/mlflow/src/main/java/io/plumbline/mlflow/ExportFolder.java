package io.plumbline.mlflow;

import io.plumbline.ConflictException;
import io.plumbline.internal.FileLocks;
import io.plumbline.internal.FileTrees;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The folder of an export. All is written below {@value #UNFINISHED}, and moved into its place at
 * the end. A program that is killed before leaves that folder, by which the next export, and MLflow
 * too, know that this one is not whole.
 */
final class ExportFolder implements AutoCloseable {
  static final String UNFINISHED = ".plumbline-unfinished";
  static final String MARKER = "plumbline-export.json";

  private static final String LOCK = "lock";
  private static final String TREE = "mlruns";

  private final Path folder;
  private final Path unfinished;
  private final FileChannel channel;

  private ExportFolder(Path folder, FileChannel channel) {
    this.folder = folder;
    this.unfinished = folder.resolve(UNFINISHED);
    this.channel = channel;
  }

  /**
   * Begins an export.
   *
   * @param replace whether an earlier export may be replaced
   * @throws ConflictException if something else is in that folder, or another program writes it
   */
  static ExportFolder begin(Path folder, boolean replace) {
    try {
      if (Files.exists(folder) && !Files.isDirectory(folder)) {
        throw new ConflictException(folder + " is a file; name a folder that is empty, or none");
      }
      Files.createDirectories(folder);
      check(folder, replace);
      Path unfinished = Files.createDirectories(folder.resolve(UNFINISHED));
      FileChannel channel =
          FileChannel.open(
              unfinished.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      ExportFolder begun = new ExportFolder(folder, channel);
      boolean ready = false;
      try {
        if (!FileLocks.take(channel)) {
          throw new ConflictException("another export writes " + folder + " just now");
        }
        FileTrees.delete(begun.tree());
        Files.createDirectories(begun.tree());
        ready = true;
        return begun;
      } finally {
        if (!ready) {
          channel.close();
        }
      }
    } catch (IOException e) {
      throw ExportTree.failed(folder, e);
    }
  }

  private static void check(Path folder, boolean replace) throws IOException {
    boolean begun = Files.isDirectory(folder.resolve(UNFINISHED), LinkOption.NOFOLLOW_LINKS);
    String made = madeAt(folder.resolve(MARKER));
    if (children(folder).isEmpty() || begun && made == null) {
      return; // what a killed export has left is begun anew, but not in the place of a whole one
    }
    if (made == null) {
      throw new ConflictException(
          folder + " is neither empty nor an earlier export; name another folder");
    }
    if (!replace) {
      throw new ConflictException(
          folder
              + " has an export of "
              + made
              + "; --replace puts a new one in its place, without what MLflow has written into it"
              + " since");
    }
  }

  private static @Nullable String madeAt(Path marker) throws IOException {
    if (!Files.isRegularFile(marker)) {
      return null;
    }
    try {
      long time = Json.object(Files.readAllBytes(marker), MARKER).longValue("time");
      return Instant.ofEpochMilli(time).toString();
    } catch (JsonException e) {
      return null;
    }
  }

  private static List<Path> children(Path folder) throws IOException {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      all.forEach(children::add);
    }
    return children;
  }

  /** Returns where the export is written. */
  Path tree() {
    return unfinished.resolve(TREE);
  }

  /** Moves all into its place, and says what it is. */
  void finish(Map<String, ?> about) {
    try {
      for (Path child : children(folder)) {
        if (isOfExport(String.valueOf(child.getFileName()))) {
          FileTrees.delete(child);
        }
      }
      for (Path child : children(tree())) {
        Files.move(child, folder.resolve(String.valueOf(child.getFileName())));
      }
      Files.writeString(folder.resolve(MARKER), Json.pretty(about) + "\n");
      channel.close();
      FileTrees.delete(unfinished);
    } catch (IOException e) {
      throw ExportTree.failed(folder, e);
    }
  }

  /** What an export, or MLflow in it, has written. */
  private static boolean isOfExport(String name) {
    return name.equals(MARKER)
        || name.equals(".trash")
        || name.equals("models")
        || name.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw ExportTree.failed(folder, e);
    }
  }
}
