package io.plumbline.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.NotFoundException;
import io.plumbline.StoreException;
import io.plumbline.internal.journal.JournalOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Verifying a store")
class StoreVerifyTest {
  @TempDir Path folder;
  private Path store = Path.of("");

  @BeforeEach
  void makeStore() {
    store = StoreFixture.sound(folder.resolve("store"));
  }

  @Test
  @DisplayName("finds nothing in a sound store, counts what it has read, and changes no file")
  void sound() throws IOException {
    List<String> before = StoreFixture.picture(store);

    StoreVerify.Report report = StoreFixture.verify(store);

    assertThat(report.problems()).isEmpty();
    assertThat(report.notes()).isEmpty();
    assertThat(report.sound()).isTrue();
    assertThat(report.runs()).isEqualTo(2);
    assertThat(report.records()).isGreaterThanOrEqualTo(2_000);
    assertThat(report.blobs()).isEqualTo(3);
    assertThat(report.blobBytes()).isEqualTo("first".length() + "second".length() + 6);
    assertThat(report.lost()).isZero();
    assertThat(StoreFixture.picture(store)).isEqualTo(before);
  }

  @Test
  @DisplayName("names the segment and the place of a flipped byte, wherever in the file it is")
  void segment() throws IOException {
    Path segment = StoreFixture.file(store, StoreFixture.FIRST, ".seg");
    byte[] sound = Files.readAllBytes(segment);
    for (int at = 0; at < sound.length; at += 37) {
      byte[] damaged = sound.clone();
      damaged[at] ^= 0x01;
      Files.write(segment, damaged);

      StoreVerify.Report report = StoreFixture.verify(store);

      assertThat(report.sound()).as("byte %d of %d", at, sound.length).isFalse();
      assertThat(report.problems())
          .as("byte %d of %d", at, sound.length)
          .anyMatch(problem -> problem.file().contains(StoreFixture.FIRST));
    }
  }

  @Test
  @DisplayName("counts the records that a damaged frame has cost")
  void lost() throws IOException {
    Path segment = StoreFixture.file(store, StoreFixture.FIRST, ".seg");
    StoreFixture.flip(segment, Files.size(segment) / 2);

    StoreVerify.Report report = StoreFixture.verify(store);

    assertThat(report.lost()).isPositive();
    assertThat(report.problems().get(0).file())
        .isEqualTo(store.relativize(segment).toString().replace('\\', '/'));
    assertThat(report.problems().get(0).what()).contains("is damaged from byte");
  }

  @Test
  @DisplayName("names a content whose bytes do not have its digest, and the artifact that it is")
  void content() throws IOException {
    Path content = StoreFixture.content(store, "first");
    StoreFixture.flip(content, 2);

    StoreVerify.Report report = StoreFixture.verify(store);

    assertThat(report.problems()).hasSize(1);
    assertThat(report.problems().get(0).file()).endsWith(content.getFileName().toString());
    assertThat(report.problems().get(0).what())
        .startsWith("is damaged")
        .contains("the artifact own.txt of run " + StoreFixture.FIRST);
  }

  @Test
  @DisplayName("names a content that is missing")
  void missing() throws IOException {
    Files.delete(StoreFixture.content(store, "second"));

    assertThat(StoreFixture.verify(store).problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.what()).startsWith("is missing"));
  }

  @Test
  @DisplayName("finds a summary that is no JSON, or that says something else than the segments")
  void summary() throws IOException {
    Path summary = StoreFixture.file(store, StoreFixture.SECOND, ".run.json");
    String sound = Files.readString(summary);

    Files.writeString(summary, sound.replace("\"depth\":[\"6\"", "\"depth\":[\"7\""));
    assertThat(StoreFixture.verify(store).problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.file()).endsWith(summary.getFileName().toString());
              assertThat(problem.what()).contains("the params");
            });

    Files.writeString(summary, sound.substring(1));
    assertThat(StoreFixture.verify(store).problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.what()).startsWith("is damaged"));
  }

  @Test
  @DisplayName("takes a torn tail for what every crash leaves, unless a summary vouches for it")
  void tornTail() throws IOException {
    Path segment = StoreFixture.file(store, StoreFixture.FIRST, ".seg");
    byte[] sound = Files.readAllBytes(segment);

    byte[] longer = java.util.Arrays.copyOf(sound, sound.length + 10);
    Files.write(segment, longer);
    StoreVerify.Report report = StoreFixture.verify(store);
    assertThat(report.sound()).isTrue();
    assertThat(report.notes()).singleElement().asString().contains("10 bytes");

    Files.write(segment, java.util.Arrays.copyOf(sound, sound.length - 10));
    report = StoreFixture.verify(store);
    assertThat(report.lost()).isPositive();
    assertThat(report.problems())
        .anyMatch(problem -> problem.what().contains("vouches for segment"));
  }

  @Test
  @DisplayName("reads a store that is being written to without finding damage")
  void whileWritten() {
    EmbeddedStore living = EmbeddedStore.open(store, JournalOptions.DEFAULT);
    String id = "00000000000000000000000000000001";
    try (OpenRun run = StoreFixture.start(living, id)) {
      StoreFixture.keep(living, run, "late.txt", "late");
      for (int i = 0; i < 200; i++) {
        run.log(run.key("loss", null, null), i, i);
        assertThat(StoreFixture.verify(store).problems()).isEmpty();
      }
    } finally {
      living.close(Duration.ofSeconds(10));
    }
  }

  @Test
  @DisplayName("needs a store, of a format that this version knows")
  void noStore() throws IOException {
    assertThatThrownBy(() -> StoreFixture.view(folder.resolve("nowhere")))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("nowhere");
    assertThat(folder.resolve("nowhere")).doesNotExist();

    Files.writeString(store.resolve("store.json"), "{\"format\":2}");
    assertThatThrownBy(() -> StoreFixture.view(store))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("format 2");
  }
}
