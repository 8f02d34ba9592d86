package io.plumbline.registry.internal;

import io.plumbline.StoreException;
import io.plumbline.internal.Time;
import io.plumbline.internal.config.Keys;
import io.plumbline.model.ModelVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the cache within its size: the models that were not used for longest go first, but never
 * one that was used within the last hour, since somebody may be loading it, nor one that is the
 * last known good one of a reference.
 */
final class CacheRoom {
  private static final Logger LOG = LoggerFactory.getLogger("io.plumbline.registry");
  private static final long HOUR = 3_600_000;
  private static final long DAY = 24 * HOUR;

  private final Path root;
  private final long limit;
  private final Time time;

  CacheRoom(Path root, long limit, Time time) {
    this.root = root;
    this.limit = limit;
    this.time = time;
  }

  private record Kept(Path folder, long bytes, long used) {}

  /**
   * Makes room for a model.
   *
   * @throws StoreException if what must stay leaves too little
   */
  void make(ModelVersion version) {
    if (version.size() > limit) {
      throw tooLarge(version);
    }
    removeOld(root.resolve("tmp"), DAY);
    removeOld(root.resolve("partial"), 7 * DAY);
    List<Kept> kept = new ArrayList<>();
    for (Path folder : children(root.resolve("models"))) {
      kept.add(new Kept(folder, bytes(folder), modified(folder)));
    }
    kept.sort(Comparator.comparingLong(Kept::used));
    long total = kept.stream().mapToLong(Kept::bytes).sum() + version.size();
    Set<String> good = total > limit ? GoodVersions.digests(root) : Set.of();
    for (Kept model : kept) {
      boolean mayGo =
          time.millis() - model.used() > HOUR
              && !good.contains(String.valueOf(model.folder().getFileName()));
      boolean unused = modified(model.folder()) == model.used(); // nobody has come for it meanwhile
      if (total > limit && mayGo && unused && remove(model.folder())) {
        total -= model.bytes();
      }
    }
    if (total > limit) {
      throw tooLarge(version);
    }
  }

  private StoreException tooLarge(ModelVersion version) {
    return new StoreException(
        version.uri()
            + " has "
            + version.size()
            + " bytes, and the cache "
            + root
            + " may take "
            + limit
            + " with what is in use; raise "
            + Keys.CACHE_SIZE.property());
  }

  /** Away in one step, so that nobody sees half a model. */
  private boolean remove(Path folder) {
    Path going = root.resolve("tmp").resolve("gone-" + UUID.randomUUID());
    try {
      Files.createDirectories(going.resolveSibling("."));
      Files.move(folder, going, StandardCopyOption.ATOMIC_MOVE);
      deleteTree(going);
      LOG.debug("removed from the cache: {}", folder);
      return true;
    } catch (IOException e) {
      LOG.debug("stays in the cache: {}: {}", folder, e.toString());
      return false;
    }
  }

  private void removeOld(Path folder, long age) {
    for (Path child : children(folder)) {
      if (time.millis() - modified(child) > age) {
        deleteTree(child);
      }
    }
  }

  static List<Path> children(Path folder) {
    try (Stream<Path> children = Files.list(folder)) {
      return children.toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException | UncheckedIOException e) {
      throw new StoreException("the cache's folder " + folder + " can't be listed: " + e, e);
    }
  }

  private static long modified(Path path) {
    try {
      return Files.getLastModifiedTime(path).toMillis();
    } catch (IOException e) {
      return Long.MAX_VALUE;
    }
  }

  private static long bytes(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException | UncheckedIOException e) {
      return 0; // removed meanwhile
    }
  }

  static void deleteTree(Path root) {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.debug("not removed: {}: {}", root, e.toString());
    }
  }
}
