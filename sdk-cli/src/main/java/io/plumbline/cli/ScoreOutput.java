package io.plumbline.cli;

import io.plumbline.StoreException;
import io.plumbline.internal.FileLocks;
import io.plumbline.internal.Printable;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The output of a scoring that can be gone on with: it grows in a file {@code .part}, whose state
 * beside it never says more than is on the disk, and gets its name when it is complete.
 */
final class ScoreOutput implements Closeable {
  private static final long EVERY = TimeUnit.SECONDS.toNanos(1);

  private final Path target;
  private final Path part;
  private final Path stateFile;
  private final FileChannel channel;
  private ScoreState state;
  private final long resumed;
  private final String note;
  private long written = System.nanoTime();

  private ScoreOutput(
      Path target, Path part, Path stateFile, FileChannel channel, ScoreState state, String note) {
    this.target = target;
    this.part = part;
    this.stateFile = stateFile;
    this.channel = channel;
    this.state = state;
    this.resumed = state.rows();
    this.note = note;
  }

  /**
   * Opens the output, where an earlier call has left it if that has scored the same.
   *
   * @param start the state of a call that begins
   * @throws StoreException if another process writes into it
   */
  static ScoreOutput open(Path target, ScoreState start) throws IOException {
    Path part = target.resolveSibling(target.getFileName() + ".part");
    Path stateFile = target.resolveSibling(target.getFileName() + ".part.state");
    boolean existed = Files.exists(part);
    FileChannel channel =
        FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      lock(channel, part);
      ScoreState found = existed ? ScoreState.read(stateFile) : null;
      String why = existed ? whyAnew(found, start, channel.size()) : "";
      ScoreState state = found == null || !why.isEmpty() ? start : found;
      channel.truncate(state.bytes());
      channel.position(state.bytes());
      Files.deleteIfExists(stateFile);
      state.write(stateFile);
      return new ScoreOutput(target, part, stateFile, channel, state, why);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static void lock(FileChannel channel, Path part) throws IOException {
    if (!FileLocks.take(channel)) {
      throw new StoreException(
          "another process writes into "
              + Printable.quote(part.toString())
              + "; wait for it, or name another output");
    }
  }

  private static String whyAnew(@Nullable ScoreState found, ScoreState start, long size) {
    if (found == null) {
      return "its state can't be read";
    } else if (!found.digest().equals(start.digest())) {
      return "it was scored with another model";
    } else if (!found.isSameInput(start)) {
      return "the input has changed since";
    }
    return found.bytes() > size ? "it is shorter than its state says" : "";
  }

  /** Returns how many rows an earlier call has scored. */
  long resumed() {
    return resumed;
  }

  /** Returns why what an earlier call has left is of no use; empty if it is, or there is none. */
  String note() {
    return note;
  }

  long rows() {
    return state.rows();
  }

  /** Returns the names of the columns that are added; empty before the header is written. */
  List<String> outputs() {
    return state.outputs();
  }

  void header(List<String> outputs, String line) throws IOException {
    append(line);
    state = state.at(outputs, 0, channel.position());
  }

  void rows(int count, String lines) throws IOException {
    append(lines);
    state = state.at(state.outputs(), state.rows() + count, channel.position());
    if (System.nanoTime() - written > EVERY) {
      keep();
    }
  }

  private void append(String text) throws IOException {
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Writes the state, when what it says is on the disk. */
  void keep() throws IOException {
    channel.force(false);
    state.write(stateFile);
    written = System.nanoTime();
  }

  /** Gives the complete output its name. */
  void finish() throws IOException {
    channel.force(true);
    channel.close();
    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Files.deleteIfExists(stateFile);
  }

  /** Leaves what is scored for the next call; where nothing is, nothing is left. */
  @Override
  public void close() throws IOException {
    boolean finished = !channel.isOpen();
    channel.close();
    if (!finished && state.rows() == 0) {
      Files.deleteIfExists(part);
      Files.deleteIfExists(stateFile);
    }
  }
}
