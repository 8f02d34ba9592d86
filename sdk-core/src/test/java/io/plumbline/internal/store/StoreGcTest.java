package io.plumbline.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.IntegrityException;
import io.plumbline.internal.Time;
import io.plumbline.internal.journal.JournalOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Cleaning up a store")
class StoreGcTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir Path folder;
  private Path store = Path.of("");

  @BeforeEach
  void makeStore() {
    store = StoreFixture.sound(folder.resolve("store"));
  }

  private StoreGc.Report clean(boolean dryRun) {
    return StoreGc.clean(StoreFixture.view(store), Time.SYSTEM, HOUR, dryRun, StoreProgress.NONE);
  }

  private void eraseFirst() {
    EmbeddedStore opened = EmbeddedStore.open(store, JournalOptions.DEFAULT);
    opened.setDeleted(StoreFixture.FIRST, true);
    opened.erase(StoreFixture.FIRST);
    opened.close(Duration.ofSeconds(10));
  }

  @Test
  @DisplayName("removes nothing while every content is referred to, by deleted runs too")
  void nothingToDo() throws IOException {
    EmbeddedStore opened = EmbeddedStore.open(store, JournalOptions.DEFAULT);
    opened.setDeleted(StoreFixture.FIRST, true);
    opened.close(Duration.ofSeconds(10));
    StoreFixture.age(store);

    StoreGc.Report report = clean(false);

    assertThat(report.removed()).isEmpty();
    assertThat(report.referenced()).isEqualTo(3);
    assertThat(StoreFixture.verify(store).problems()).isEmpty();
  }

  @Test
  @DisplayName("removes what only an erased run referred to, and keeps what others share with it")
  void erased() throws IOException {
    Path own = StoreFixture.content(store, "first");
    Path shared = StoreFixture.content(store, "shared");
    eraseFirst();
    StoreFixture.age(store);

    assertThat(clean(true).removed()).hasSize(1);
    assertThat(own).exists();

    StoreGc.Report report = clean(false);

    assertThat(report.removed())
        .containsExactly(
            new StoreGc.Removed(
                store.relativize(own).toString().replace('\\', '/'),
                5,
                StoreGc.Reason.UNREFERENCED));
    assertThat(report.bytes()).isEqualTo(5);
    assertThat(own).doesNotExist();
    assertThat(shared).exists();
    assertThat(StoreFixture.verify(store).problems()).isEmpty();
    assertThat(clean(false).removed()).isEmpty();
  }

  @Test
  @DisplayName("keeps what is younger than the grace, and says so")
  void grace() {
    eraseFirst();

    StoreGc.Report report = clean(false);

    assertThat(report.removed()).isEmpty();
    assertThat(report.tooYoung()).isEqualTo(1);
    assertThat(report.heldByWriters()).isFalse();
  }

  @Test
  @DisplayName("keeps what a living program has kept and not yet referred to, however old it is")
  void livingWriter() throws IOException {
    EmbeddedStore opened = EmbeddedStore.open(store, JournalOptions.DEFAULT);
    try {
      opened.artifacts().capture(new byte[] {1, 2, 3}, "pending.bin");

      // Long before the grace, as seen from two days later; yet not before the writer began.
      Time later = new LaterTime(Duration.ofDays(2));
      StoreGc.Report report =
          StoreGc.clean(StoreFixture.view(store), later, HOUR, false, StoreProgress.NONE);

      assertThat(report.removed()).isEmpty();
      assertThat(report.tooYoung()).isEqualTo(1);
      assertThat(report.heldByWriters()).isTrue();
      assertThat(report.writers()).hasSize(1);
    } finally {
      opened.close(Duration.ofSeconds(10));
    }
  }

  /** The machine's clock, ahead by some time. */
  private record LaterTime(Duration ahead) implements Time {
    @Override
    public long millis() {
      return System.currentTimeMillis() + ahead.toMillis();
    }

    @Override
    public long nanos() {
      return System.nanoTime();
    }
  }

  @Test
  @DisplayName("removes old temporary files and the rests of interrupted erasures")
  void leftOvers() throws IOException {
    Path temporary = Files.writeString(store.resolve("blobs/tmp/half"), "half");
    Path summary =
        Files.writeString(
            store.resolve("runs").resolve(StoreFixture.FIRST).resolve("0.run.tmp"), "half");
    Path going = Files.createDirectory(store.resolve("runs/." + StoreFixture.SECOND + ".x"));
    Files.writeString(going.resolve("0.000001.seg"), "rest");

    assertThat(clean(false).removed()).as("young").isEmpty();
    StoreFixture.age(store);
    List<StoreGc.Removed> removed = clean(false).removed();

    assertThat(removed).hasSize(3);
    assertThat(removed.stream().map(StoreGc.Removed::reason))
        .containsOnly(StoreGc.Reason.TEMPORARY, StoreGc.Reason.ERASED);
    assertThat(temporary).doesNotExist();
    assertThat(summary).doesNotExist();
    assertThat(going).doesNotExist();
    assertThat(StoreFixture.verify(store).problems()).isEmpty();
  }

  @Test
  @DisplayName("removes nothing when damage hides what a run refers to")
  void damaged() throws IOException {
    eraseFirst();
    StoreFixture.age(store);
    Path segment = StoreFixture.file(store, StoreFixture.SECOND, ".seg");
    Files.delete(StoreFixture.file(store, StoreFixture.SECOND, ".run.json"));
    StoreFixture.flip(segment, Files.size(segment) / 2);

    assertThatThrownBy(() -> clean(false))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining(StoreFixture.SECOND)
        .hasMessageContaining("nothing was removed");
    assertThat(StoreFixture.content(store, "first")).exists();
  }

  @Test
  @DisplayName("removes nothing from a store with a room that this version does not know")
  void unknownRoom() throws IOException {
    eraseFirst();
    StoreFixture.age(store);
    Files.createDirectory(store.resolve("tomorrow"));

    assertThatThrownBy(() -> clean(false))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("tomorrow");
    assertThat(StoreFixture.content(store, "first")).exists();
  }

  @Test
  @DisplayName("lets a content live that is kept again after its run was erased")
  void keptAgain() throws IOException {
    eraseFirst();
    StoreFixture.age(store);
    EmbeddedStore opened = EmbeddedStore.open(store, JournalOptions.DEFAULT);
    String id = "00000000000000000000000000000001";
    StoreFixture.finish(opened, id, Map.of("again.txt", "first"));
    clean(false);
    opened.close(Duration.ofSeconds(10));

    assertThat(StoreFixture.content(store, "first")).exists();
    assertThat(clean(false).removed()).isEmpty();
    assertThat(StoreFixture.verify(store).problems()).isEmpty();
  }
}
