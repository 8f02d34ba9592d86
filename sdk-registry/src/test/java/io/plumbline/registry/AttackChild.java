package io.plumbline.registry;

import io.plumbline.ConflictException;
import io.plumbline.NotFoundException;
import io.plumbline.model.ModelRef;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/**
 * A program that registers, promotes, rolls back and fetches until it is killed, or races another
 * one for an alias. After each call that has returned it says so in a mapped file, which outlives
 * it.
 */
final class AttackChild {
  /** Where the mapped file has the number of versions that are registered. */
  static final int VERSIONS = 0;

  /** Where it has the number of changes of the alias. */
  static final int CHANGES = 64;

  /** Where it has the number of fetches. */
  static final int FETCHES = 128;

  static final int BYTES = 4096;

  private AttackChild() {}

  static ByteBuffer map(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES);
    }
  }

  static String text(int version) {
    return "version " + version;
  }

  /**
   * Works.
   *
   * @param args the folder, the mapped file, the seed, and {@code work} or {@code race}
   */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    ByteBuffer told = map(Path.of(args[1]));
    Random random = new Random(Long.parseLong(args[2]));
    try (ModelRegistry registry =
        ModelRegistry.create(Models.config(folder).set("registry.metadata.age", "0s").build())) {
      if (args[3].equals("race")) {
        race(registry, told);
        return;
      }
      registry.register("flights", Models.rules(text(1)), RegisterOptions.none());
      told.putInt(VERSIONS, 1);
      Thread fetching = new Thread(() -> fetch(folder, told, random));
      fetching.setDaemon(true);
      fetching.start();
      while (true) {
        change(registry, told, random);
      }
    }
  }

  private static void change(ModelRegistry registry, ByteBuffer told, Random random) {
    int versions = told.getInt(VERSIONS);
    int changes = told.getInt(CHANGES);
    String reason = "change " + (changes + 1);
    switch (random.nextInt(3)) {
      case 0 -> {
        registry.register("flights", Models.rules(text(versions + 1)), RegisterOptions.none());
        told.putInt(VERSIONS, versions + 1);
      }
      case 1 -> {
        registry.setAlias("flights", "champion", 1 + random.nextInt(versions), reason);
        told.putInt(CHANGES, changes + 1);
      }
      default -> {
        try {
          registry.rollback("flights", "champion", reason);
          told.putInt(CHANGES, changes + 1);
        } catch (NotFoundException e) {
          // There is nothing to go back to yet.
        }
      }
    }
  }

  /** Fetches versions, each into a cache that does not have it. */
  private static void fetch(Path folder, ByteBuffer told, Random random) {
    for (int n = 1; ; n++) {
      int version = 1 + random.nextInt(told.getInt(VERSIONS));
      Path cache = folder.resolve("caches").resolve(String.valueOf(n % 3));
      try (ModelRegistry registry =
          ModelRegistry.create(Models.config(folder).set("cache", cache.toString()).build())) {
        registry.fetch(registry.version("flights", version));
        registry.rememberGood(
            ModelRef.alias("flights", "champion"), registry.version("flights", version));
        told.putInt(FETCHES, n);
      }
    }
  }

  /** Moves the alias from where it is, for a second; counts how often that was so. */
  private static void race(ModelRegistry registry, ByteBuffer told) {
    long end = System.nanoTime() + 1_000_000_000L;
    while (System.nanoTime() < end) {
      int now = registry.resolve("models:/flights@champion").version();
      try {
        registry.moveAlias("flights", "champion", now, now % 3 + 1, "race");
        told.putInt(CHANGES, told.getInt(CHANGES) + 1);
      } catch (ConflictException e) {
        // The other one was first.
      }
    }
  }
}
