package io.plumbline.internal.courier;

import io.plumbline.internal.store.EmbeddedStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Marks runs as those that go to a destination. Who starts a run does not wait for the disk, and
 * does not fail where it is full: the lanes' threads make sure of the mark. For many threads.
 */
final class Announcements {
  private static final Logger LOG = LoggerFactory.getLogger("io.plumbline.delivery");

  private final EmbeddedStore store;
  private final String destination;

  /** What no power cut must take, and may do so yet. */
  private final Map<String, Remote> unsure = new ConcurrentHashMap<>();

  /**
   * The runs of which more is wanted than before, by their experiment's ids there, if configured.
   */
  private final Map<String, Optional<String>> wanted = new ConcurrentHashMap<>();

  Announcements(EmbeddedStore store, String destination) {
    this.store = store;
    this.destination = destination;
  }

  private DeliveryFiles files(String runId) {
    return new DeliveryFiles(store.runs().folder(runId), destination);
  }

  /** Marks a run, unless it is. */
  void announce(String runId, Remote remote) {
    if (goesThere(runId)) {
      return;
    }
    unsure.put(runId, remote);
    try {
      Path folder = store.runs().folder(runId);
      Files.createDirectories(folder);
      files(runId).write(remote, false);
    } catch (IOException e) {
      LOG.warn("run {} is not marked as one for {} yet: {}", runId, destination, e.toString());
    }
  }

  boolean goesThere(String runId) {
    return unsure.containsKey(runId)
        || Files.exists(store.runs().folder(runId).resolve(DeliveryFiles.remoteName(destination)));
  }

  /** Makes sure of a run's mark. */
  void keep(String runId) throws IOException {
    Remote remote = unsure.get(runId);
    if (remote != null) {
      DeliveryFiles notes = files(runId);
      // Another program may have made it meanwhile.
      Optional<Remote> noted = notes.remote().filter(each -> each.id() != null);
      if (noted.isEmpty() || noted.get().equals(remote)) {
        notes.write(remote, true);
      }
      unsure.remove(runId);
    }
  }

  /**
   * Wants a run again that was given up.
   *
   * @param experimentId its experiment's id there, if it was not made yet; null if the name decides
   */
  void want(String runId, @Nullable String experimentId) {
    wanted.put(runId, Optional.ofNullable(experimentId));
  }

  /**
   * Notes what is wanted of a run; by the thread that delivers it, so that nothing it has noted
   * itself is lost.
   *
   * @return whether its mark is another one now
   */
  boolean revise(String runId) throws IOException {
    Optional<String> experiment = wanted.get(runId);
    if (experiment == null) {
      return false;
    }
    DeliveryFiles notes = files(runId);
    Remote remote = notes.remote().orElseThrow(Route::erased);
    boolean asksAgain =
        remote.id() == null && !Objects.equals(remote.experiment(), experiment.orElse(null));
    if (asksAgain) {
      notes.write(new Remote(null, experiment.orElse(null), false, null, 0, null), true);
    } else if (remote.gone() != null) {
      notes.write(remote.gone(null));
    }
    wanted.remove(runId);
    return asksAgain || remote.gone() != null;
  }
}
