package io.plumbline.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.ConfigException;
import io.plumbline.ConflictException;
import io.plumbline.NotFoundException;
import io.plumbline.model.AliasChange;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.ModelQuery;
import io.plumbline.model.ModelRef;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.Stage;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A registry")
class RegistryTest {
  @TempDir private Path folder;
  private ModelRegistry registry;

  @BeforeEach
  void open() {
    registry = Models.open(folder);
  }

  @AfterEach
  void close() {
    registry.close();
  }

  private ModelVersion register(String text) {
    return registry.register("flights", Models.rules(text), RegisterOptions.none());
  }

  private void registerThree() {
    register("one");
    register("two");
    register("three");
  }

  private int champion() {
    return registry.resolve("models:/flights@champion").version();
  }

  @Test
  @DisplayName(
      "registers what a run has logged, with the run, its parent and all datasets as lineage")
  void lineage() {
    LoggedModel logged = Models.log(folder, "one");
    ModelVersion version =
        registry.register(
            "flights",
            logged,
            RegisterOptions.described("of March").tag("team", "ops").parent("models:/base/1"));
    assertThat(version.version()).isEqualTo(1);
    assertThat(version.digest()).isEqualTo(logged.digest());
    assertThat(version.lineage().runId()).isEqualTo(logged.runId());
    assertThat(version.lineage().modelId()).isEqualTo(logged.id());
    assertThat(version.lineage().experiment()).isEqualTo("flights");
    assertThat(version.lineage().parentRunId()).isNotNull();
    assertThat(version.lineage().inputs())
        .extracting(input -> input.name())
        .containsExactly("fold.csv", "flights.csv");
    assertThat(version.lineage().parents()).containsExactly("models:/base/1");
    assertThat(version.description()).isEqualTo("of March");
    assertThat(version.tags()).containsExactly(Map.entry("team", "ops"));
    assertThat(version.user()).isEqualTo("tester");
    assertThat(registry.version("flights", 1)).isEqualTo(version);
  }

  @Test
  @DisplayName(
      "refuses a model of a run that it can't find, and one of a disabled run by the setting's name")
  void unknownRun() {
    LoggedModel stranger =
        new LoggedModel(
            "m-" + Models.newId(), "model", Models.newId(), "rules", "0", Instant.now(), List.of());
    assertThatThrownBy(() -> registry.register("flights", stranger))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining(stranger.runId());
    try (ModelRegistry disabled =
        ModelRegistry.create(Models.config(folder).enabled(false).build())) {
      assertThatThrownBy(() -> disabled.register("flights", stranger))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("plumbline.enabled");
      // Everything else works: what is registered must be found wherever tracking is off.
      register("one");
      assertThat(disabled.resolve("models:/flights/1").flavor()).isEqualTo("rules");
    }
  }

  @Test
  @DisplayName("resolves versions, aliases, stages, the latest, digests, logged models and runs")
  void resolves() {
    LoggedModel logged = Models.log(folder, "logged");
    registerThree();
    ModelVersion two = registry.version("flights", 2);
    registry.setAlias("flights", "champion", 2, "");
    registry.setStage(registry.version("flights", 1), Stage.PRODUCTION, "as ever");
    assertThat(registry.resolve("models:/flights/3").version()).isEqualTo(3);
    assertThat(registry.resolve("models:/flights@champion"))
        .isEqualTo(registry.version("flights", 2));
    assertThat(registry.resolve("models:/flights/production").version()).isEqualTo(1);
    assertThat(registry.resolve("models:/flights@production").version()).isEqualTo(1);
    assertThat(registry.resolve("models:/flights/latest").version()).isEqualTo(3);
    assertThat(registry.resolve("models:/flights@sha256:" + two.digest()).version()).isEqualTo(2);
    ModelVersion byId = registry.resolve("models:/" + logged.id());
    assertThat(byId.registered()).isFalse();
    assertThat(byId.digest()).isEqualTo(logged.digest());
    assertThat(byId.uri()).isEqualTo("models:/" + logged.id());
    assertThat(registry.resolve("runs:/" + logged.runId() + "/model")).isEqualTo(byId);
  }

  @Test
  @DisplayName("says what is missing, and what there is instead")
  void missing() {
    registerThree();
    registry.setAlias("flights", "champion", 2, "");
    assertThatThrownBy(() -> registry.resolve("models:/nights/1"))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("there is no registered model 'nights'");
    assertThatThrownBy(() -> registry.resolve("models:/flights/9"))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("its newest is 3");
    assertThatThrownBy(() -> registry.resolve("models:/flights@winner"))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("it has [champion]");
    assertThatThrownBy(() -> registry.resolve("runs:/" + Models.newId() + "/model"))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> registry.resolve("models:/m-" + Models.newId()))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> registry.resolve("no such thing"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName(
      "promotes with compare-and-set, says nothing twice, and keeps who, when, why and from what")
  void promote() {
    registerThree();
    registry.promote(registry.version("flights", 1), "champion", "first");
    registry.promote(registry.version("flights", 2), "champion", "better");
    registry.promote(registry.version("flights", 2), "champion", "again");
    List<AliasChange> history = registry.aliasHistory("flights", "champion");
    assertThat(history).extracting(AliasChange::reason).containsExactly("better", "first");
    assertThat(history).extracting(AliasChange::previous).containsExactly(1, null);
    assertThat(history).allMatch(change -> change.user().equals("tester"));
    assertThatThrownBy(() -> registry.moveAlias("flights", "champion", 1, 3, "late"))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("points to version 2")
        .hasMessageContaining("not to version 1");
    assertThat(champion()).isEqualTo(2);
  }

  @Test
  @DisplayName("rolls back step by step, over what is quarantined or deleted, and never to and fro")
  void rollback() {
    registerThree();
    register("four");
    for (int version = 1; version <= 4; version++) {
      registry.promote(registry.version("flights", version), "champion", "next");
    }
    registry.quarantine(registry.version("flights", 3), "leaks labels");
    assertThat(registry.rollback("flights", "champion", "latency").version()).isEqualTo(2);
    assertThat(registry.rollback("flights", "champion", "latency").version()).isEqualTo(1);
    assertThatThrownBy(() -> registry.rollback("flights", "champion", "latency"))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("nothing to go back to");
    registry.promote(registry.version("flights", 4), "champion", "mended");
    assertThat(registry.rollback("flights", "champion", "again").version()).isEqualTo(1);
    assertThat(registry.aliasHistory("flights", "champion").get(0).kind())
        .isEqualTo(AliasChange.Kind.ROLLBACK);
    assertThatThrownBy(() -> registry.rollback("flights", "never", ""))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("was never set");
  }

  @Test
  @DisplayName("resolves no quarantined version, whatever points to it, until it is released")
  void quarantine() {
    registerThree();
    ModelVersion three = registry.version("flights", 3);
    registry.setAlias("flights", "champion", 3, "");
    three = registry.quarantine(three, "precision fell to 71 %");
    for (String ref :
        List.of(
            "models:/flights/3",
            "models:/flights@champion",
            "models:/flights@sha256:" + three.digest())) {
      assertThatThrownBy(() -> registry.resolve(ref))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("precision fell to 71 %");
    }
    assertThat(registry.resolve("models:/flights/latest").version()).isEqualTo(2);
    assertThatThrownBy(() -> registry.setAlias("flights", "challenger", 3, ""))
        .isInstanceOf(ConflictException.class);
    registry.release(three);
    assertThat(champion()).isEqualTo(3);
    assertThatThrownBy(() -> registry.quarantine(registry.version("flights", 1), " "))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName("deletes and restores models and versions")
  void deletion() {
    registerThree();
    ModelVersion gone = registry.delete(registry.version("flights", 3));
    assertThatThrownBy(() -> registry.resolve("models:/flights/3"))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("deleted");
    assertThat(registry.resolve("models:/flights/latest").version()).isEqualTo(2);
    registry.delete("flights");
    assertThatThrownBy(() -> registry.resolve("models:/flights/1"))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("restore it first");
    assertThat(registry.search(ModelQuery.ALL).items()).isEmpty();
    registry.restore("flights");
    registry.restore(gone);
    assertThat(registry.resolve("models:/flights/3").version()).isEqualTo(3);
  }

  @Test
  @DisplayName("shows its own changes at once, and those of others after registry.metadata.age")
  void age() {
    registerThree();
    registry.setAlias("flights", "champion", 1, "");
    assertThat(champion()).isEqualTo(1);
    registry.setAlias("flights", "champion", 2, "");
    assertThat(champion()).isEqualTo(2);
    try (ModelRegistry other = Models.open(folder);
        ModelRegistry impatient =
            ModelRegistry.create(
                Models.config(folder).set("registry.metadata.age", "0s").build())) {
      assertThat(impatient.resolve("models:/flights@champion").version()).isEqualTo(2);
      other.setAlias("flights", "champion", 3, "");
      assertThat(champion()).as("an answer of 5 s").isEqualTo(2);
      assertThat(impatient.resolve("models:/flights@champion").version()).isEqualTo(3);
    }
  }

  @Test
  @DisplayName("keeps descriptions and tags of models and versions")
  void words() {
    registry.createModel("flights", "delays", Map.of("team", "ops"));
    ModelVersion version = register("one");
    registry.describe("flights", "delays of flights");
    registry.setTag("flights", "team", null);
    registry.setTag("flights", "tier", "high");
    assertThat(registry.model("flights").description()).isEqualTo("delays of flights");
    assertThat(registry.model("flights").tags()).containsExactly(Map.entry("tier", "high"));
    version = registry.setTag(version, "reviewed", "yes");
    version = registry.describe(version, "the first");
    assertThat(version.tags()).containsEntry("reviewed", "yes");
    assertThat(registry.setTag(version, "reviewed", null).tags()).isEmpty();
    assertThat(registry.version("flights", 1).description()).isEqualTo("the first");
  }

  @Test
  @DisplayName("names the setting and the address of a server for which there is no backend")
  void server() {
    assertThatThrownBy(
            () ->
                ModelRegistry.create(
                    Models.config(folder).set("registry.uri", "http://127.0.0.1:9").build()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("registry.uri")
        .hasMessageContaining("http://127.0.0.1:9");
  }

  @Test
  @DisplayName("that is closed watches nothing any more, and may be closed again")
  void closed() {
    registry.close();
    registry.close();
    assertThatThrownBy(() -> registry.watch(ModelRef.alias("flights", "champion"), (a, b) -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }
}
