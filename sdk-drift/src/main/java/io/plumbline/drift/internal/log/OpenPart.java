package io.plumbline.drift.internal.log;

import io.plumbline.drift.internal.arrow.ByteSink;
import io.plumbline.drift.internal.arrow.RowStore;
import io.plumbline.internal.journal.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
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
  private boolean synced = true;

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
      part.sink.start(store);
      return part;
    } catch (IOException e) {
      part.abandon();
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

  /** The hidden file, as long as the part is not complete. */
  public Path path() {
    return open;
  }

  public void write(RowStore store) throws IOException {
    sink.write(store);
  }

  /** Waits until all rows are on the device. */
  public void force() throws IOException {
    if (!synced) {
      file.force();
      synced = true;
    }
  }

  /**
   * Completes the part and gives it its name.
   *
   * @return its name
   */
  public Path finish(RowStore store) throws IOException {
    try {
      sink.finish(store);
      force();
    } catch (IOException e) {
      abandon();
      throw e;
    }
    file.close();
    LogFolders.rename(open, closed);
    return closed;
  }

  /** Closes the file as it is: what it holds up to the last complete batch is for a repair. */
  public void abandon() {
    try {
      file.close();
    } catch (IOException e) {
      // Nothing is written through it any more.
    }
  }
}
