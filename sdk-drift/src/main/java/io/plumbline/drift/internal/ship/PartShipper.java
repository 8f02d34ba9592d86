package io.plumbline.drift.internal.ship;

import io.plumbline.ConflictException;
import io.plumbline.IntegrityException;
import io.plumbline.NotFoundException;
import io.plumbline.ServerException;
import io.plumbline.drift.internal.log.LogFolders;
import io.plumbline.drift.internal.log.LogPaths;
import io.plumbline.drift.internal.log.Shipped;
import io.plumbline.internal.FileLocks;
import io.plumbline.internal.Time;
import io.plumbline.spi.RunStore;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Ships the closed parts of a log: each becomes an artifact of the run that its version belongs to,
 * and is noted beside it. A part whose note is missing is looked for at the destination before it
 * is sent, so whatever dies in between, each arrives once.
 */
public final class PartShipper {
  private static final String LOCK = "courier.lock";

  private final Path root;
  private final Homes homes;
  private final Time time;

  /** Makes one for a log's folder. */
  public PartShipper(Path root, Homes homes, Time time) {
    this.root = root.toAbsolutePath().normalize();
    this.homes = homes;
    this.time = time;
  }

  /** Is told what becomes of each part. */
  public interface Listener {
    /** The destination has a part of so many bytes. */
    void shipped(Path part, long bytes);

    /** A part is left where it is, for a reason that is its own. */
    void refused(Path part, String why);

    /** A part is not there any more, or another courier has shipped it. */
    void gone(Path part);
  }

  /** Returns the closed parts that were not shipped yet, the oldest first. */
  public List<Path> waiting() throws IOException {
    List<LogFolders.Found> parts = new ArrayList<>();
    for (LogFolders.Found file :
        LogFolders.find(root, name -> LogFolders.isPart(name) || Shipped.isNote(name))) {
      if (!Shipped.isNote(String.valueOf(file.path().getFileName()))) {
        parts.add(file);
      } else if (!Files.exists(Shipped.part(file.path()))) {
        Shipped.forget(Shipped.part(file.path())); // somebody has deleted the part by hand
      }
    }
    parts.removeIf(part -> Shipped.is(part.path()));
    parts.sort(
        Comparator.comparingLong(LogFolders.Found::modified).thenComparing(LogFolders.Found::path));
    return parts.stream().map(LogFolders.Found::path).toList();
  }

  /**
   * Ships parts, unless another courier of the log is at it.
   *
   * @param runs the destination
   * @param goesOn is asked before each part
   * @return whether it was this one's turn
   * @throws IOException if the log's folder can't be locked
   * @throws RuntimeException if the destination fails; the parts from this one on are left
   */
  public boolean ship(List<Path> parts, RunStore runs, Listener listener, BooleanSupplier goesOn)
      throws IOException {
    Path locks = root.resolve(LogPaths.WRITERS);
    LogFolders.create(locks);
    try (FileChannel lock =
        LogFolders.open(locks.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      if (!isOurs(lock)) {
        return false;
      }
      Map<Path, DayFolder> days = new HashMap<>();
      for (Path part : parts) {
        if (!goesOn.getAsBoolean()) {
          break;
        }
        ship(part, runs, days, listener);
      }
      return true;
    }
  }

  /** The lock saves work and no more: two couriers at once would find what the other has sent. */
  private static boolean isOurs(FileChannel channel) {
    try {
      return FileLocks.take(channel);
    } catch (IOException e) {
      return true; // a file system without locks
    }
  }

  private void ship(Path part, RunStore runs, Map<Path, DayFolder> days, Listener listener) {
    if (Shipped.is(part)) {
      listener.gone(part);
      return;
    }
    try {
      long size = Files.size(part);
      Path folder = part.resolveSibling(".").normalize();
      DayFolder day = days.get(folder);
      if (day == null) {
        day = DayFolder.of(root, folder, homes, runs);
        days.put(folder, day);
      }
      String sha256 = day.put(part, false);
      Shipped.write(part, day.run(), day.pathOf(part), sha256, time.millis());
      listener.shipped(part, size);
    } catch (NoSuchFileException e) {
      listener.gone(part); // the disk budget was faster
    } catch (Refused
        | NotFoundException
        | ConflictException
        | IntegrityException
        | ServerException.InvalidRequest
        | IllegalArgumentException
        | IOException e) {
      if (Files.exists(part)) {
        listener.refused(part, String.valueOf(e.getMessage()));
      } else {
        listener.gone(part);
      }
    }
  }
}
