package io.plumbline.drift.internal.log;

import io.plumbline.drift.internal.arrow.ByteSink;
import io.plumbline.drift.internal.arrow.RowStore;
import io.plumbline.internal.journal.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A part that is being written. Until it is complete its name is hidden and ends with {@link
 * LogPaths#OPEN}, so that no reader of the folder stumbles over it.
 */
public final class OpenPart {
  private final Path open;
  private final Path closed;
  private final Disk.AppendFile file;
  private final RowSink sink;
  private long whole;
  private boolean synced = true;

  /** Whether a power cut would find the file by its name. */
  private boolean named;

  private OpenPart(
      Path open, Path closed, Disk.AppendFile file, Function<ByteSink, RowSink> format) {
    this.open = open;
    this.closed = closed;
    this.file = file;
    this.sink = format.apply(this::append);
  }

  /**
   * Begins a part.
   *
   * @param name with its ending
   * @param format makes the writer of its format
   * @throws IOException if the disk refuses; nothing is left then
   */
  public static OpenPart begin(
      Disk disk, Path folder, String name, RowStore store, Function<ByteSink, RowSink> format)
      throws IOException {
    Path open = folder.resolve("." + name + LogPaths.OPEN);
    OpenPart part = new OpenPart(open, folder.resolve(name), disk.create(open), format);
    try {
      LogFolders.hide(open);
      part.sink.start(store);
      part.whole = part.sink.position();
      return part;
    } catch (IOException e) {
      part.file.close();
      Files.deleteIfExists(open);
      throw e;
    }
  }

  private void append(ByteBuffer bytes) throws IOException {
    synced = false;
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
  }

  public long bytes() {
    return sink.position();
  }

  public long rows() {
    return sink.rows();
  }

  public void write(RowStore store) throws IOException {
    sink.write(store);
    whole = sink.position();
  }

  /**
   * Waits until all rows are on the device, and the file's name.
   *
   * @param syncFolder has the names in a folder on the device, usually {@link LogFolders#sync}
   */
  public void force(Consumer<Path> syncFolder) throws IOException {
    force();
    Path folder = open.getParent();
    if (!named && folder != null) {
      syncFolder.accept(folder);
      named = true;
    }
  }

  private void force() throws IOException {
    if (!synced) {
      file.force();
      synced = true;
    }
  }

  /**
   * Completes the part and gives it its name.
   *
   * @return its name
   * @throws IOException if the disk refuses; the part is to be abandoned then
   */
  public Path finish(RowStore store) throws IOException {
    sink.finish(store);
    force();
    file.close();
    LogFolders.rename(open, closed);
    return closed;
  }

  /**
   * Closes the file, and takes back what has arrived of a batch that was not taken whole: its rows
   * are kept, and will be written into another part.
   *
   * @return what a repair must cut off first, in case that this could not
   */
  public Left abandon() {
    Left left = new Left(open, whole);
    try {
      file.close();
      left.cut();
    } catch (IOException e) {
      // Nothing is written through it any more, and who repairs it cuts it.
    }
    return left;
  }

  /**
   * A part that was given up before it was complete.
   *
   * @param bytes its size up to the last batch that was taken whole
   */
  public record Left(Path path, long bytes) {
    /** Takes back what stands behind the last whole batch; does nothing if nothing does. */
    public void cut() throws IOException {
      try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
        channel.truncate(bytes);
      } catch (NoSuchFileException e) {
        // It was complete before, or somebody has removed it.
      }
    }
  }
}
