package io.plumbline.registry.internal;

import io.plumbline.IntegrityException;
import io.plumbline.NotFoundException;
import io.plumbline.StoreException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.Time;
import io.plumbline.model.Artifact;
import io.plumbline.model.ModelNames;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelVersion;
import io.plumbline.registry.FetchedModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models that were fetched, each whole in a folder named by its digest. The processes of a
 * machine share it: a folder appears in one step, and what is there is never changed.
 *
 * <pre>
 * models/DIGEST/...      a model: model.json and the parts that it lists
 * partial/SHA256         a file that is being fetched, or whose fetch was interrupted
 * good/HASH.json         which version has proven good under a reference
 * tmp/, damaged/         what is being put together; what was found damaged
 * </pre>
 */
final class ModelCache {
  /** Opens a file of the version that is fetched, without its first bytes. */
  interface Parts {
    InputStream open(String part, long offset);
  }

  private static final Logger LOG = LoggerFactory.getLogger("io.plumbline.registry");
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  private final Path root;
  private final CacheRoom room;
  private final Time time;
  private final ReentrantLock[] locks = new ReentrantLock[16];

  ModelCache(Path root, long limit, Time time) {
    this.root = root;
    this.room = new CacheRoom(root, limit, time);
    this.time = time;
    Arrays.setAll(locks, i -> new ReentrantLock());
  }

  Path root() {
    return root;
  }

  private Path folder(ModelVersion version) {
    // It becomes a path, and may come from a server.
    if (!DIGEST.matcher(version.digest()).matches()) {
      throw new IntegrityException(
          version.uri()
              + " has the digest "
              + Printable.quote(version.digest())
              + ", which is no SHA-256; without one its files can't be verified");
    }
    return root.resolve("models").resolve(version.digest());
  }

  // ---- what is there

  /** Returns a version if it is in the cache, whole. */
  Optional<FetchedModel> find(ModelVersion version) {
    Path folder = folder(version);
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try {
      ModelPackage model = ModelPackage.read(folder);
      if (model.digest().equals(version.digest())) {
        touch(folder);
        return Optional.of(new FetchedModel(version, folder, model));
      }
      setAside(folder, "its digest is " + model.digest());
    } catch (IntegrityException | NotFoundException e) {
      setAside(folder, String.valueOf(e.getMessage()));
    }
    return Optional.empty();
  }

  private void touch(Path folder) {
    try {
      Files.setLastModifiedTime(folder, FileTime.fromMillis(time.millis()));
    } catch (IOException e) {
      LOG.debug("{} does not look used: {}", folder, e.toString());
    }
  }

  /** Damaged files are kept for people to look at, where nobody takes them for a model. */
  private void setAside(Path folder, String why) {
    Path aside = root.resolve("damaged").resolve(folder.getFileName() + "-" + UUID.randomUUID());
    LOG.warn("the model in {} is damaged, and is moved to {}: {}", folder, aside, why);
    try {
      Files.createDirectories(aside.resolveSibling("."));
      Files.move(folder, aside, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new StoreException(
          "the damaged model in " + folder + " can't be moved away: " + e + "; remove it", e);
    }
  }

  // ---- what is fetched

  /** Returns a version, fetched if need be. */
  FetchedModel fetch(ModelVersion version, Parts parts) {
    Path folder = folder(version);
    ReentrantLock lock = locks[Math.floorMod(version.digest().hashCode(), locks.length)];
    lock.lock();
    try {
      Optional<FetchedModel> known = find(version);
      if (known.isPresent()) {
        return known.get();
      }
      room.make(version);
      put(version, folder, parts);
      return find(version)
          .orElseThrow(() -> new StoreException("the model in " + folder + " has just gone"));
    } catch (IOException e) {
      throw new StoreException(version.uri() + " can't be kept in the cache " + root + ": " + e, e);
    } finally {
      lock.unlock();
    }
  }

  private void put(ModelVersion version, Path folder, Parts parts) throws IOException {
    prepare();
    Path fresh = Files.createDirectories(root.resolve("tmp").resolve(UUID.randomUUID().toString()));
    try {
      for (Artifact part : version.parts()) {
        Path target = fresh.resolve(ModelNames.part(part.path()));
        Files.createDirectories(target.resolveSibling("."));
        new PartialFile(root.resolve("partial"), version, part).fetch(parts, target);
      }
      verify(version, fresh);
      publish(fresh, folder);
    } finally {
      CacheRoom.deleteTree(fresh);
    }
  }

  private static void publish(Path fresh, Path folder) throws IOException {
    Files.createDirectories(folder.resolveSibling("."));
    try {
      Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      if (!Files.isDirectory(folder)) {
        throw e;
      }
      LOG.debug("another process has fetched {} meanwhile", folder);
    }
  }

  private static void verify(ModelVersion version, Path fresh) {
    ModelPackage model;
    try {
      model = ModelPackage.read(fresh);
    } catch (NotFoundException e) {
      throw new IntegrityException(
          version.uri() + " is not a whole package: it has no " + ModelPackage.MANIFEST, e);
    }
    if (!model.digest().equals(version.digest())) {
      throw new IntegrityException(
          "the registry gave other files than it says for "
              + version.uri()
              + ": their digest is "
              + model.digest()
              + ", not "
              + version.digest());
    }
  }

  private void prepare() throws IOException {
    if (!Files.isDirectory(root)) {
      Files.createDirectories(root);
      if (Files.getFileStore(root).supportsFileAttributeView("posix")) {
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
      }
    }
  }
}
