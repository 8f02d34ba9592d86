package io.plumbline.internal.courier;

import io.plumbline.StoreException;
import io.plumbline.internal.journal.WriterFolder;
import io.plumbline.internal.journal.WriterLog;
import io.plumbline.internal.journal.WriterTail;
import io.plumbline.internal.store.EmbeddedStore;
import io.plumbline.model.Run;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds what programs that are gone have left undelivered. */
final class Backlog {
  /**
   * One writer's part of a run, of which something has not arrived.
   *
   * @param records whether there are records that have not
   * @param files whether there may be files that have not
   * @param since when all had arrived the last time, or the part began, in epoch milliseconds
   */
  record Part(String runId, String writer, boolean records, boolean files, long since) {}

  private static final Logger LOG = LoggerFactory.getLogger("io.plumbline.delivery");

  private final EmbeddedStore store;
  private final Destination destination;
  private final Map<String, String> unreadable = new LinkedHashMap<>();

  Backlog(EmbeddedStore store, Destination destination) {
    this.store = store;
    this.destination = destination;
  }

  /**
   * Returns the part of each writer that is gone, if it has not arrived whole.
   *
   * @throws IOException if that can't be found out now
   */
  List<Part> find() throws IOException {
    List<Part> parts = new ArrayList<>();
    try (DirectoryStream<Path> folders =
        Files.newDirectoryStream(store.root().resolve("runs"), folder -> goesThere(folder))) {
      for (Path folder : folders) {
        try {
          add(parts, folder);
        } catch (IOException e) {
          LOG.warn("what was left undelivered in {} can't be read: {}", folder, e.toString());
          unreadable.put(String.valueOf(folder.getFileName()), "it can't be read: " + e);
        }
      }
    } catch (NoSuchFileException e) {
      return parts;
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    } catch (StoreException e) {
      throw new IOException(e.getMessage(), e);
    }
    return parts;
  }

  /** Returns the folders that {@link #find} could not read, and why. */
  Map<String, String> unreadable() {
    return unreadable;
  }

  private boolean goesThere(Path folder) {
    // One with a dot was half erased when its program ended. What can't be looked into may go
    // there.
    return !String.valueOf(folder.getFileName()).startsWith(".")
        && Files.isDirectory(folder)
        && !Files.notExists(folder.resolve(DeliveryFiles.remoteName(destination.name())));
  }

  private void add(List<Part> parts, Path folder) throws IOException {
    DeliveryFiles files = new DeliveryFiles(folder, destination.name());
    Remote remote = files.remote().orElse(Remote.UNKNOWN);
    if (remote.gone() != null) {
      return;
    }
    String runId = null;
    for (String writer : WriterTail.writers(folder)) {
      Standing part = new Standing(folder, writer, files, remote);
      boolean records = !part.recordsHaveArrived();
      boolean late = !part.filesHaveArrived();
      // Only whoever brings the records finds out what the run is called at another address.
      records |= late && remote.hasMoved(destination.uri());
      if ((records || late)
          && !WriterFolder.lives(store.root(), writer, store.time(), store.lostNanos())) {
        runId = runId == null ? runId(folder) : runId;
        Optional<Long> heard = files.acknowledged(writer);
        long since = heard.isPresent() ? heard.get() : new WriterLog(folder, writer).opened();
        parts.add(new Part(runId, writer, records, late, since));
      }
    }
  }

  /** A folder is named by the run's id, or by a digest of it. */
  private String runId(Path folder) {
    String name = String.valueOf(folder.getFileName());
    return name.startsWith("x-")
        ? store.runs().all().stream()
            .map(Run::id)
            .filter(id -> store.runs().folder(id).equals(folder))
            .findFirst()
            .orElse(name)
        : name;
  }
}
