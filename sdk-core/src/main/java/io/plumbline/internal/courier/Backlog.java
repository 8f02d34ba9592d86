package io.plumbline.internal.courier;

import io.plumbline.internal.journal.WriterFolder;
import io.plumbline.internal.journal.WriterLog;
import io.plumbline.internal.journal.WriterTail;
import io.plumbline.internal.store.EmbeddedStore;
import io.plumbline.model.Run;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds what programs that are gone have left undelivered. */
final class Backlog {
  private static final Logger LOG = LoggerFactory.getLogger("io.plumbline.delivery");

  private final EmbeddedStore store;
  private final String destination;

  Backlog(EmbeddedStore store, String destination) {
    this.store = store;
    this.destination = destination;
  }

  /** Returns a route for each writer that is gone and whose part of a run has not arrived whole. */
  List<Route> find() {
    List<Route> routes = new ArrayList<>();
    try (DirectoryStream<Path> folders =
        Files.newDirectoryStream(store.root().resolve("runs"), folder -> goesThere(folder))) {
      for (Path folder : folders) {
        add(routes, folder);
      }
    } catch (NoSuchFileException e) {
      return routes;
    } catch (IOException e) {
      LOG.warn("what was left undelivered in {} can't be listed: {}", store.root(), e.toString());
    }
    return routes;
  }

  private boolean goesThere(Path folder) {
    return Files.exists(folder.resolve(DeliveryFiles.remoteName(destination)));
  }

  private void add(List<Route> routes, Path folder) throws IOException {
    DeliveryFiles files = new DeliveryFiles(folder, destination);
    String runId = null;
    for (String writer : WriterTail.writers(folder)) {
      DeliveryFiles.Ack ack = files.ack(writer);
      List<Integer> segments = new WriterLog(folder, writer).segments();
      boolean whole =
          ack.complete()
              && !segments.isEmpty()
              && segments.get(segments.size() - 1) <= ack.segment();
      if (!whole && !WriterFolder.lives(store.root(), writer, store.time(), store.lostNanos())) {
        runId = runId == null ? runId(folder) : runId;
        routes.add(Route.left(runId, writer));
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
