package io.plumbline.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.ConflictException;
import io.plumbline.IntegrityException;
import io.plumbline.NotFoundException;
import io.plumbline.internal.journal.JournalOptions;
import io.plumbline.internal.journal.KeySlot;
import io.plumbline.model.Run;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A backup of a store")
class StoreBackupTest {
  private static final String LIVE = "00000000000000000000000000000001";

  @TempDir Path folder;

  private Path store() {
    return StoreFixture.sound(folder.resolve("store"));
  }

  private StoreBackup.Report backup(Path store, String name) {
    return StoreBackup.backup(StoreFixture.view(store), folder.resolve(name), StoreProgress.NONE);
  }

  private Path restore(String name) {
    Path place = folder.resolve("restored-" + name);
    StoreBackup.restore(folder.resolve(name), place, StoreProgress.NONE);
    return place;
  }

  private static List<String> describe(Path store) {
    return StoreFixture.view(store).runs().all().stream()
        .sorted(Comparator.comparing(Run::id))
        .map(
            run ->
                run
                    + " "
                    + run.params()
                    + run.metrics()
                    + run.warnings()
                    + StoreFixture.view(store).files(run.id()))
        .toList();
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"copy.zip", "copy"})
  @DisplayName("restores to the same runs and files, from a zip file and from a folder")
  void roundTrip(String name) {
    Path store = store();

    StoreBackup.Report report = backup(store, name);
    Path restored = restore(name);

    assertThat(report.check()).isEmpty();
    assertThat(report.runs()).isEqualTo(2);
    assertThat(describe(restored)).isEqualTo(describe(store)).hasSize(2);
    assertThat(StoreFixture.verify(restored).problems()).isEmpty();
    assertThat(StoreFixture.verify(restored).blobs()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"copy.zip", "copy"})
  @DisplayName("has all that was accepted before it began, though the store is written to")
  void whileWritten(String name) throws InterruptedException {
    Path store = store();
    EmbeddedStore living = EmbeddedStore.open(store, JournalOptions.DEFAULT);
    OpenRun run = StoreFixture.start(living, LIVE);
    KeySlot loss = run.key("loss", null, null);
    AtomicLong accepted = new AtomicLong();
    AtomicBoolean stop = new AtomicBoolean();
    Thread trainer =
        new Thread(
            () -> {
              while (!stop.get()) {
                long step = accepted.get();
                run.log(loss, (double) step, step);
                accepted.set(step + 1);
                if ((step & 0x3FF) == 0) {
                  living.settle(); // on a slow machine a full ring would refuse some
                }
              }
            },
            "trainer");
    trainer.start();
    long before;
    try {
      while (accepted.get() < 100_000) {
        Thread.onSpinWait();
      }
      before = accepted.get();
      assertThat(backup(store, name).check()).isEmpty();
    } finally {
      stop.set(true);
      trainer.join();
      run.close();
      living.close(Duration.ofSeconds(10));
    }
    assertThat(living.journal().delivery().droppedTotal()).isZero();

    Path restored = restore(name);
    EmbeddedStore recovered = EmbeddedStore.open(restored, JournalOptions.DEFAULT);
    try {
      long[] next = new long[1];
      recovered
          .history(LIVE, "loss")
          .forEach(
              (value, step, time) -> {
                assertThat(step).isEqualTo(next[0]++);
                assertThat(value).isEqualTo((double) step);
              });
      assertThat(next[0]).isGreaterThanOrEqualTo(before);
      assertThat(recovered.get(LIVE).params()).containsEntry("depth", "6");
      assertThat(recovered.get(LIVE).warnings()).isEmpty();
    } finally {
      recovered.close(Duration.ofSeconds(10));
    }
    assertThat(StoreFixture.verify(restored).problems()).isEmpty();
  }

  @Test
  @DisplayName("overwrites nothing, neither a file nor a store, and leaves no half copy")
  void noOverwriting() throws IOException {
    Path store = store();
    backup(store, "copy.zip");

    assertThatThrownBy(() -> backup(store, "copy.zip")).isInstanceOf(ConflictException.class);
    assertThatThrownBy(
            () -> StoreBackup.restore(folder.resolve("copy.zip"), store, StoreProgress.NONE))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("not overwritten");
    assertThatThrownBy(() -> backup(store, "store/copy.zip")).isInstanceOf(ConflictException.class);
    assertThat(names()).containsExactly("copy.zip", "store");
  }

  @Test
  @DisplayName("that is damaged, missing, or no backup at all is refused, and no store is made")
  void refused() throws IOException {
    Path zip = backup(store(), "copy.zip").place();
    byte[] sound = Files.readAllBytes(zip);
    for (int at = sound.length / 10; at < sound.length / 2; at += sound.length / 10) {
      StoreFixture.flip(zip, at);
      assertThatThrownBy(() -> restore("copy.zip"))
          .as("byte %d of %d", at, sound.length)
          .isInstanceOf(IntegrityException.class);
      Files.write(zip, sound);
    }
    assertThatThrownBy(() -> restore("nowhere.zip")).isInstanceOf(NotFoundException.class);
    Files.createDirectory(folder.resolve("empty"));
    assertThatThrownBy(() -> restore("empty")).isInstanceOf(IntegrityException.class);
    assertThat(names()).containsExactly("copy.zip", "empty", "store");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../evil", "/evil", "a/../../evil", "a\\evil", "C:/evil", "a//b"})
  @DisplayName("cannot write outside of the store's folder")
  void hostileNames(String name) throws IOException {
    try (OutputStream file = Files.newOutputStream(folder.resolve("hostile.zip"));
        ZipOutputStream zip = new ZipOutputStream(file)) {
      zip.putNextEntry(new ZipEntry(name));
      zip.write(1);
    }

    assertThatThrownBy(() -> restore("hostile.zip"))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("leads out");
    assertThat(names()).containsExactly("hostile.zip");
  }

  @Test
  @DisplayName("of a damaged store is made all the same, and the damage is told")
  void ofDamaged() throws IOException {
    Path store = store();
    StoreFixture.flip(StoreFixture.content(store, "first"), 1);

    assertThat(backup(store, "copy.zip").check()).hasSize(1);
    assertThat(backup(store, "copy").check()).hasSize(1);
    Path restored = folder.resolve("again");
    assertThat(
            StoreBackup.restore(folder.resolve("copy.zip"), restored, StoreProgress.NONE).check())
        .hasSize(1);
    assertThat(describe(restored)).isEqualTo(describe(store));
  }
}
