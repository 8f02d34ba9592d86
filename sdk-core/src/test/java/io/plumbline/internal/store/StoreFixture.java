package io.plumbline.internal.store;

import io.plumbline.internal.Time;
import io.plumbline.internal.digest.Sha256;
import io.plumbline.internal.journal.JournalOptions;
import io.plumbline.internal.journal.KeySlot;
import io.plumbline.model.Experiment;
import io.plumbline.model.RunStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Makes stores with runs in them, and damages them. */
final class StoreFixture {
  static final String FIRST = "0123456789abcdef0123456789abcdef";
  static final String SECOND = "fedcba9876543210fedcba9876543210";

  private StoreFixture() {}

  /** Makes a store with two finished runs of three files, of which one is the same in both. */
  static Path sound(Path folder) {
    EmbeddedStore store = EmbeddedStore.open(folder, JournalOptions.DEFAULT);
    finish(store, FIRST, Map.of("own.txt", "first", "shared.txt", "shared"));
    finish(store, SECOND, Map.of("own.txt", "second", "shared.txt", "shared"));
    store.close(Duration.ofSeconds(10));
    return folder;
  }

  static void finish(EmbeddedStore store, String id, Map<String, String> files) {
    try (OpenRun run = start(store, id)) {
      files.forEach((path, text) -> keep(store, run, path, text));
      KeySlot loss = run.key("loss", null, null);
      for (int step = 0; step < 1_000; step++) {
        run.log(loss, 1.0 / (step + 1), step);
      }
      store.settle();
      run.status(RunStatus.FINISHED, 2_000, null, true);
    }
  }

  static OpenRun start(EmbeddedStore store, String id) {
    Experiment experiment = store.experiments().findOrCreate("fixture");
    OpenRun run =
        store.start(id, experiment.id(), experiment.name(), "run " + id, "me", null, Map.of());
    run.params(Map.of("depth", "6"));
    return run;
  }

  static void keep(EmbeddedStore store, OpenRun run, String path, String text) {
    run.artifacts(store.artifacts().capture(text.getBytes(StandardCharsets.UTF_8), path));
  }

  static StoreView view(Path folder) {
    return StoreView.open(folder, Time.SYSTEM, JournalOptions.DEFAULT.lostNanos());
  }

  static StoreVerify.Report verify(Path folder) {
    return StoreVerify.verify(view(folder), StoreProgress.NONE);
  }

  /** Returns the one file of a run whose name ends so. */
  static Path file(Path store, String run, String end) throws IOException {
    try (Stream<Path> files = Files.list(store.resolve("runs").resolve(run))) {
      return files.filter(file -> file.toString().endsWith(end)).findFirst().orElseThrow();
    }
  }

  static Path content(Path store, String text) {
    Blobs blobs = view(store).blobs();
    byte[] digest = Sha256.start().digest(text.getBytes(StandardCharsets.UTF_8));
    return blobs.path(java.util.HexFormat.of().formatHex(digest));
  }

  static void flip(Path file, long at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[(int) at] ^= 0x10;
    Files.write(file, bytes);
  }

  /** Makes all contents and temporary files look two hours old. */
  static void age(Path store) throws IOException {
    List<Path> all;
    try (Stream<Path> files = Files.walk(store)) {
      all = files.toList();
    }
    for (Path file : all) {
      Files.setLastModifiedTime(
          file, FileTime.fromMillis(System.currentTimeMillis() - Duration.ofHours(2).toMillis()));
    }
  }

  /** Returns every path in a folder with its content's length and time: what a reader must keep. */
  static List<String> picture(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .sorted()
          .map(
              file -> {
                try {
                  return file
                      + " "
                      + (Files.isDirectory(file) ? 0 : Files.size(file))
                      + " "
                      + Files.getLastModifiedTime(file);
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              })
          .toList();
    }
  }
}
