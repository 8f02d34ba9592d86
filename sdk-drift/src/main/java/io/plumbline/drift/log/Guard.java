package io.plumbline.drift.log;

import io.plumbline.IntegrityException;
import io.plumbline.PlumblineException;
import io.plumbline.StoreException;
import io.plumbline.drift.internal.arrow.Damage;
import io.plumbline.drift.internal.arrow.UnsupportedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads from files that nobody trusts, and names the file in every error. */
final class Guard {
  private Guard() {}

  interface Reading<T> {
    T read() throws IOException;
  }

  interface Doing {
    void run() throws IOException;
  }

  /** Reads, as {@link #doing} does, and returns what was read. */
  static <T> T reading(Path path, Reading<T> reading) {
    List<T> read = new ArrayList<>(1);
    doing(path, () -> read.add(reading.read()));
    return read.get(0);
  }

  /**
   * Does something that reads a file.
   *
   * @throws IntegrityException if the file is damaged
   * @throws IllegalArgumentException if it has something that is not read here
   * @throws StoreException if the disk fails
   */
  static void doing(Path path, Doing doing) {
    try {
      doing.run();
    } catch (Damage e) {
      throw new IntegrityException(path + " is damaged: " + e.getMessage(), e);
    } catch (UnsupportedFile e) {
      throw new IllegalArgumentException(path + " " + e.getMessage(), e);
    } catch (IOException e) {
      throw new StoreException(path + " can't be read: " + e, e);
    } catch (PlumblineException e) {
      throw e; // it names the file already
    } catch (RuntimeException e) {
      // The message classes follow offsets in the file without looking where they lead.
      throw new IntegrityException(path + " is damaged: its messages lead outside of it", e);
    }
  }
}
