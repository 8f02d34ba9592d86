package io.plumbline.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.NotFoundException;
import io.plumbline.StoreException;
import io.plumbline.internal.Time;
import io.plumbline.internal.journal.JournalOptions;
import io.plumbline.model.AliasChange;
import io.plumbline.model.Artifact;
import io.plumbline.model.Lineage;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.RegisteredModel;
import io.plumbline.spi.NewAlias;
import io.plumbline.spi.NewVersion;
import io.plumbline.spi.RegistryUpdate;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The registry of a store")
class RegistryFilesTest {
  @TempDir private Path folder;
  private Path store = Path.of("");
  private RegistryFiles registry = RegistryFiles.of(store, Time.SYSTEM);

  @BeforeEach
  void open() {
    store = folder.resolve("store");
    registry = RegistryFiles.of(store, Time.SYSTEM);
  }

  private static ModelPackage model(String text) {
    return ModelPackage.of("rules", Map.of())
        .with(ModelPart.of("rules.txt", "text/plain", text.getBytes(StandardCharsets.UTF_8)));
  }

  private ModelVersion register(String name, String text) {
    return registry.createVersion(
        new NewVersion(
            model(name + text).digest(),
            name,
            new NewVersion.Source.Packed(model(text)),
            Lineage.UNKNOWN,
            "tester",
            "",
            Map.of()));
  }

  private AliasChange set(String name, String alias, int version) {
    return registry.changeAlias(
        new NewAlias(name, alias, version, null, AliasChange.Kind.SET, "tester", ""));
  }

  @Test
  @DisplayName("works on a folder that is no store yet, and is then part of the store")
  void fresh() {
    assertThat(registry.findModel("flights")).isEmpty();
    register("flights", "one");
    EmbeddedStore.open(store, JournalOptions.DEFAULT).close(Duration.ofSeconds(10));
    assertThat(StoreFixture.verify(store).problems()).isEmpty();
    assertThat(StoreFixture.view(store).registry().findModel("flights")).isPresent();
  }

  @Test
  @DisplayName("keeps names that no file system would take, each apart")
  void names() {
    List<String> names =
        List.of(
            "con", "Flights", "flights", "FLIGHTS", "a.b.c", "ünï", "x".repeat(250), "emoji 👩‍🚀");
    for (String name : names) {
      register(name, name);
    }
    for (String name : names) {
      RegisteredModel found = registry.findModel(name).orElseThrow();
      assertThat(found.name()).isEqualTo(name);
      assertThat(found.latestVersion()).isEqualTo(1);
      assertThat(registry.findVersion(name, 1).orElseThrow().digest())
          .isEqualTo(model(name).digest());
    }
    for (String bad : List.of("", " ", "a/b", "a:b", "a\\b", "a\nb", "..", "x".repeat(251), " a")) {
      assertThatThrownBy(() -> registry.createModel(bad, "", Map.of()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("the model name");
    }
  }

  @Test
  @DisplayName(
      "keeps the content of a version when the run that logged it is erased and cleaned up")
  void erasedRun() throws IOException {
    EmbeddedStore runs = EmbeddedStore.open(store, JournalOptions.DEFAULT);
    OpenRun run = runs.start("0".repeat(32), "1", "e", "r", "u", null, Map.of());
    LoggedModel logged = runs.putModel(run, "model", model("kept"));
    LoggedModel other = runs.putModel(run, "other", model("gone"));
    registry.createVersion(
        new NewVersion(
            "k",
            "flights",
            new NewVersion.Source.Logged(logged),
            Lineage.UNKNOWN,
            "tester",
            "",
            Map.of()));
    run.status(io.plumbline.model.RunStatus.FINISHED, 1, null, true);
    run.close();
    runs.setDeleted("0".repeat(32), true);
    runs.erase("0".repeat(32));
    runs.close(Duration.ofSeconds(10));
    StoreFixture.age(store);

    StoreGc.clean(
        StoreFixture.view(store), Time.SYSTEM, Duration.ofHours(1), false, StoreProgress.NONE);

    ModelVersion version = registry.findVersion("flights", 1).orElseThrow();
    for (Artifact part : version.parts()) {
      try (InputStream in = registry.openPart(version, part.path(), 0)) {
        assertThat(in.readAllBytes()).hasSize((int) part.size());
      }
    }
    assertThat(StoreFixture.verify(store).problems()).isEmpty();
    NewVersion late =
        new NewVersion(
            "l",
            "flights",
            new NewVersion.Source.Logged(other),
            Lineage.UNKNOWN,
            "tester",
            "",
            Map.of());
    assertThatThrownBy(() -> registry.createVersion(late))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("the model was logged into another store");
  }

  @Test
  @DisplayName("is copied with the store, and its damage is named by a verification")
  void backup() throws IOException {
    EmbeddedStore.open(store, JournalOptions.DEFAULT).close(Duration.ofSeconds(10));
    register("flights", "one");
    set("flights", "champion", 1);
    Path copy = folder.resolve("copy.zip");
    StoreBackup.backup(StoreFixture.view(store), copy, StoreProgress.NONE);
    Path back = folder.resolve("back");
    StoreBackup.restore(copy, back, StoreProgress.NONE);
    assertThat(RegistryFiles.of(back, Time.SYSTEM).findByAlias("flights", "champion")).isPresent();

    Path alias = store.resolve("registry/flights/aliases/champion/000001.json");
    Files.writeString(alias, "{");
    assertThat(StoreFixture.verify(store).problems())
        .anyMatch(problem -> problem.file().endsWith("champion/000001.json"));
    assertThatThrownBy(() -> registry.findByAlias("flights", "champion"))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("change 1 of the alias 'champion'");
    assertThat(register("flights", "two").version()).isEqualTo(2);
    assertThat(registry.findVersion("flights", 1)).isPresent();

    Files.writeString(store.resolve("registry/flights/versions/1/000001.json"), "[]");
    StoreView view = StoreFixture.view(store);
    assertThatThrownBy(
            () -> StoreGc.clean(view, Time.SYSTEM, Duration.ZERO, false, StoreProgress.NONE))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("version 1 of model 'flights' is damaged");
  }

  @Test
  @DisplayName("passes over a version whose making was interrupted")
  void interrupted() throws IOException {
    register("flights", "one");
    Files.createDirectories(store.resolve("registry/flights/versions/2"));
    Files.createFile(store.resolve("registry/flights/versions/2/half.tmp"));
    assertThat(registry.findModel("flights").orElseThrow().latestVersion()).isEqualTo(1);
    assertThat(register("flights", "two").version()).isEqualTo(2);
    assertThat(registry.versions("flights", 10, null).items()).hasSize(2);
  }

  @Test
  @DisplayName("makes a change of an alias once for its key, also beside a damaged earlier one")
  void repeatedChange() throws IOException {
    register("flights", "one");
    set("flights", "champion", 1);
    Files.writeString(store.resolve("registry/flights/aliases/champion/000001.json"), "{");
    NewAlias again =
        new NewAlias("k", "flights", "champion", 1, null, AliasChange.Kind.SET, "tester", "");
    Path last = store.resolve("registry/flights/aliases/champion/000002.json");
    Files.copy(
        Files.writeString(
            store.resolve("other"),
            "{\"format\":1,\"name\":\"champion\",\"version\":1,\"previous\":null,\"kind\":\"SET\","
                + "\"time\":5,\"user\":\"tester\",\"reason\":\"\"}"),
        last);
    AliasChange made = registry.changeAlias(again);
    assertThat(registry.changeAlias(again)).isEqualTo(made);
    try (Stream<Path> files = Files.list(last.resolveSibling("."))) {
      assertThat(files).hasSize(3);
    }
  }

  @Test
  @DisplayName("keeps what each change was, one small file a change")
  void files() throws IOException {
    Instant before = Instant.now().minusMillis(1);
    register("flights", "one");
    registry.updateVersion("flights", 1, new RegistryUpdate.Quarantine("leaks"));
    set("flights", "champion", 1);
    assertThat(registry.aliasHistory("flights", "champion").get(0).time()).isAfter(before);
    try (Stream<Path> files = Files.walk(store.resolve("registry"))) {
      assertThat(
              files
                  .filter(Files::isRegularFile)
                  .map(file -> store.relativize(file).toString().replace('\\', '/'))
                  .sorted())
          .containsExactly(
              "registry/flights/aliases/champion/000001.json",
              "registry/flights/model/000001.json",
              "registry/flights/versions/1/000001.json",
              "registry/flights/versions/1/000002.json");
    }
  }
}
