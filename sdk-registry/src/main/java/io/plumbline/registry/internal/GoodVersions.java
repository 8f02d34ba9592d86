package io.plumbline.registry.internal;

import io.plumbline.StoreException;
import io.plumbline.internal.Time;
import io.plumbline.internal.digest.Sha256;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.internal.store.RegistryJson;
import io.plumbline.model.ModelRef;
import io.plumbline.model.ModelVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which version has proven good under a reference: what a start without the registry takes. */
final class GoodVersions {
  private static final Logger LOG = LoggerFactory.getLogger("io.plumbline.registry");

  private final Path folder;
  private final String registry;
  private final Time time;

  GoodVersions(Path cache, String registry, Time time) {
    this.folder = folder(cache);
    this.registry = registry;
    this.time = time;
  }

  private static Path folder(Path cache) {
    return cache.resolve("good");
  }

  private Path file(ModelRef ref) {
    String name = registry + "\n" + ref;
    return folder.resolve(Sha256.of(name.getBytes(StandardCharsets.UTF_8)) + ".json");
  }

  void remember(ModelRef ref, ModelVersion version) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("format", 1L);
    json.put("registry", registry);
    json.put("ref", ref.toString());
    json.put("time", time.millis());
    json.put("version", RegistryJson.version(version));
    Path file = file(ref);
    try {
      Files.createDirectories(folder);
      Path fresh = folder.resolve(UUID.randomUUID() + ".tmp");
      Files.write(fresh, Json.bytes(json));
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new StoreException("the last good version can't be kept in " + file + ": " + e, e);
    }
  }

  Optional<ModelVersion> find(ModelRef ref) {
    Path file = file(ref);
    try {
      JsonObject json = Json.object(Files.readAllBytes(file), "it").object("version");
      ModelVersion version = RegistryJson.version(json, Set.of());
      if (!version.digest().matches("[0-9a-f]{64}")) {
        throw new JsonException("it has no digest");
      }
      return Optional.of(version);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | IllegalArgumentException | ArithmeticException e) {
      LOG.warn("the last good version of {} in {} can't be read: {}", ref, file, e.toString());
      return Optional.empty();
    }
  }

  /** Returns the digests of all models that are the last good one of some reference. */
  static Set<String> digests(Path cache) {
    Set<String> digests = new HashSet<>();
    for (Path file : CacheRoom.children(folder(cache))) {
      try {
        JsonObject json = Json.object(Files.readAllBytes(file), "it");
        digests.add(json.object("version").string("digest"));
      } catch (IOException | JsonException e) {
        LOG.debug("{} says nothing: {}", file, e.toString());
      }
    }
    return digests;
  }
}
