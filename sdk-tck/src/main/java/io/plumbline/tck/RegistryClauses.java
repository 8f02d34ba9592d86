package io.plumbline.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.ConflictException;
import io.plumbline.NotFoundException;
import io.plumbline.model.AliasChange;
import io.plumbline.model.Artifact;
import io.plumbline.model.Lineage;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import io.plumbline.model.ModelQuery;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.Page;
import io.plumbline.model.RegisteredModel;
import io.plumbline.spi.Backend.Capability;
import io.plumbline.spi.ModelStore;
import io.plumbline.spi.NewAlias;
import io.plumbline.spi.NewVersion;
import io.plumbline.spi.RegistryUpdate;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What holds for registered models and their versions. */
abstract class RegistryClauses extends Clauses {
  RegistryClauses(BackendKit kit) {
    super(kit);
  }

  @BeforeEach
  void needsRegistry() {
    needs(Capability.REGISTRY);
  }

  final ModelStore models() {
    return backend().models();
  }

  static String name() {
    return "kit-" + newId();
  }

  static ModelPackage rules(String text) {
    return ModelPackage.of("rules", Map.of("rules_version", "1"))
        .with(ModelPart.of("rules.txt", "text/plain", text.getBytes(StandardCharsets.UTF_8)))
        .with(ModelPart.of("data/empty.txt", "text/plain", new byte[0]));
  }

  static NewVersion version(String name, NewVersion.Source source) {
    return new NewVersion(newId(), name, source, Lineage.UNKNOWN, "tester", "", Map.of());
  }

  /** Registers a package of its own. */
  static ModelVersion register(ModelStore models, String name) {
    return models.createVersion(version(name, new NewVersion.Source.Packed(rules(newId()))));
  }

  private ModelVersion read(String name, int version) {
    return models()
        .findVersion(name, version)
        .orElseThrow(() -> new AssertionError(name + " has no version " + version));
  }

  private String text(ModelVersion version, String part, long offset) throws IOException {
    try (InputStream in = models().openPart(version, part, offset)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  // ---- models

  @Test
  @DisplayName("REG-1 A registered model comes back with its description and tags")
  void model() {
    String name = name();
    models().createModel(name, "delays of flights", Map.of("team", "ops"));
    RegisteredModel found = models().findModel(name).orElseThrow();
    assertThat(found.name()).isEqualTo(name);
    assertThat(found.description()).isEqualTo("delays of flights");
    assertThat(found.tags()).containsExactly(Map.entry("team", "ops"));
    assertThat(found.latestVersion()).isZero();
    assertThat(found.deleted()).isFalse();
    assertThat(models().findModel(name())).isEmpty();
  }

  @Test
  @DisplayName("REG-2 A name that is taken is a ConflictException that names it")
  void taken() {
    String name = name();
    models().createModel(name, "", Map.of());
    assertThatThrownBy(() -> models().createModel(name, "", Map.of()))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining(name);
  }

  @Test
  @DisplayName("REG-3 Description and tags can be changed, and a change survives reopening")
  void change() {
    String name = name();
    models().createModel(name, "old", Map.of("a", "1", "b", "2"));
    models().updateModel(name, new RegistryUpdate.Describe("new"));
    models().updateModel(name, new RegistryUpdate.SetTag("a", "3"));
    models().updateModel(name, new RegistryUpdate.DeleteTag("b"));
    models().updateModel(name, new RegistryUpdate.DeleteTag("never there"));
    reopen();
    RegisteredModel found = models().findModel(name).orElseThrow();
    assertThat(found.description()).isEqualTo("new");
    assertThat(found.tags()).containsExactly(Map.entry("a", "3"));
  }

  @Test
  @DisplayName(
      "REG-4 A deleted model takes no versions and aliases, is listed only on request, and comes back")
  void deleted() {
    String name = name();
    register(models(), name);
    models().updateModel(name, new RegistryUpdate.SetDeleted(true));
    assertThat(models().findModel(name).orElseThrow().deleted()).isTrue();
    assertThatThrownBy(() -> register(models(), name)).isInstanceOf(ConflictException.class);
    NewAlias alias = new NewAlias(name, "a", 1, null, AliasChange.Kind.SET, "tester", "");
    assertThatThrownBy(() -> models().changeAlias(alias)).isInstanceOf(ConflictException.class);
    assertThat(models().searchModels(ModelQuery.named(name)).items()).isEmpty();
    assertThat(models().searchModels(ModelQuery.named(name).withDeleted()).items()).hasSize(1);
    models().updateModel(name, new RegistryUpdate.SetDeleted(false));
    assertThat(register(models(), name).version()).isEqualTo(2);
  }

  @Test
  @DisplayName("REG-5 Models are found by a part of their name and by tags, page by page")
  void search() {
    String prefix = name();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      names.add(prefix + "-" + i);
      models().createModel(prefix + "-" + i, "", Map.of("odd", String.valueOf(i % 2)));
    }
    List<String> found = new ArrayList<>();
    ModelQuery query = ModelQuery.named(prefix.toUpperCase(java.util.Locale.ROOT)).page(3, null);
    Page<RegisteredModel> page = models().searchModels(query);
    while (true) {
      page.items().forEach(model -> found.add(model.name()));
      if (page.pageToken() == null) {
        break;
      }
      assertThat(page.items()).hasSize(3);
      page = models().searchModels(query.page(3, page.pageToken()));
    }
    assertThat(found).containsExactlyElementsOf(names);
    assertThat(models().searchModels(ModelQuery.named(prefix).tag("odd", "1")).items()).hasSize(3);
  }

  // ---- versions

  @Test
  @DisplayName("REG-6 Versions are numbered from 1, and each has its content, byte for byte")
  void versions() throws IOException {
    String name = name();
    ModelPackage first = rules("one");
    ModelPackage second = rules("two");
    ModelVersion v1 = models().createVersion(version(name, new NewVersion.Source.Packed(first)));
    ModelVersion v2 = models().createVersion(version(name, new NewVersion.Source.Packed(second)));
    assertThat(v1.version()).isEqualTo(1);
    assertThat(v2.version()).isEqualTo(2);
    reopen();
    ModelVersion found = read(name, 2);
    assertThat(found.digest()).isEqualTo(second.digest());
    assertThat(found.flavor()).isEqualTo("rules");
    assertThat(found.user()).isEqualTo("tester");
    assertThat(found.parts())
        .extracting(Artifact::path)
        .containsExactlyInAnyOrderElementsOf(second.parts().stream().map(ModelPart::name).toList());
    assertThat(text(found, "rules.txt", 0)).isEqualTo("two");
    assertThat(text(read(name, 1), "rules.txt", 0)).isEqualTo("one");
    assertThat(models().findModel(name).orElseThrow().latestVersion()).isEqualTo(2);
    assertThat(models().findVersion(name, 3)).isEmpty();
    assertThat(models().findVersion(name(), 1)).isEmpty();
  }

  @Test
  @DisplayName("REG-7 A file is opened from an offset, and one that is not there is not found")
  void offset() throws IOException {
    ModelVersion version =
        models().createVersion(version(name(), new NewVersion.Source.Packed(rules("0123456789"))));
    assertThat(text(version, "rules.txt", 4)).isEqualTo("456789");
    assertThat(text(version, "rules.txt", 10)).isEmpty();
    assertThatThrownBy(() -> models().openPart(version, "other.bin", 0))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("other.bin");
    assertThatThrownBy(() -> models().openPart(version, "rules.txt", -1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> models().openPart(version, "rules.txt", 11))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> models().openPart(version, "../rules.txt", 0))
        .isInstanceOfAny(NotFoundException.class, IllegalArgumentException.class);
  }

  @Test
  @DisplayName("REG-8 A model that a run has logged is registered with its lineage")
  void logged() throws IOException {
    String run = run();
    LoggedModel logged = runs().putModel(run, "model", rules("logged"));
    Lineage lineage =
        new Lineage(
            run,
            logged.id(),
            "flights",
            null,
            List.of(new Lineage.Input("flights.csv", "0123abcd", "training")),
            List.of("models:/base/3"));
    String name = name();
    ModelVersion made =
        models()
            .createVersion(
                new NewVersion(
                    newId(),
                    name,
                    new NewVersion.Source.Logged(logged),
                    lineage,
                    "tester",
                    "of November",
                    Map.of("k", "v")));
    assertThat(made.digest()).isEqualTo(logged.digest());
    ModelVersion found = read(name, 1);
    assertThat(found.lineage()).isEqualTo(lineage);
    assertThat(found.description()).isEqualTo("of November");
    assertThat(found.tags()).containsExactly(Map.entry("k", "v"));
    assertThat(text(found, "rules.txt", 0)).isEqualTo("logged");
  }

  @Test
  @DisplayName("REG-9 A registration that comes again returns the version that it has made")
  void again() {
    String name = name();
    NewVersion wanted = version(name, new NewVersion.Source.Packed(rules("once")));
    ModelVersion made = models().createVersion(wanted);
    register(models(), name);
    reopen();
    assertThat(models().createVersion(wanted).version()).isEqualTo(made.version());
    assertThat(models().findModel(name).orElseThrow().latestVersion()).isEqualTo(2);
  }

  @Test
  @DisplayName("REG-13 A registration that comes several times at once makes one version")
  void againAtOnce() {
    ModelStore one = models();
    ModelStore two = another().models();
    for (int round = 0; round < 5; round++) {
      String name = name();
      NewVersion wanted = version(name, new NewVersion.Source.Packed(rules("at once")));
      List<Integer> numbers = new java.util.concurrent.CopyOnWriteArrayList<>();
      assertThat(
              Threads.together(
                  4,
                  thread ->
                      numbers.add((thread % 2 == 0 ? one : two).createVersion(wanted).version())))
          .isEmpty();
      assertThat(numbers).containsExactly(1, 1, 1, 1);
      assertThat(one.findModel(name).orElseThrow().latestVersion()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("REG-14 A registration that fails leaves no model behind")
  void failed() {
    String name = name();
    LoggedModel nowhere =
        new LoggedModel(
            "m-" + newId(),
            "model",
            newId(),
            "rules",
            "0".repeat(64),
            java.time.Instant.EPOCH,
            List.of(new Artifact("rules.txt", false, 1, "0".repeat(64))));
    assertThatThrownBy(
            () -> models().createVersion(version(name, new NewVersion.Source.Logged(nowhere))))
        .isInstanceOf(NotFoundException.class);
    assertThat(models().findModel(name)).isEmpty();
  }

  @Test
  @DisplayName("REG-10 Versions are listed from the newest on, page by page")
  void list() {
    String name = name();
    for (int i = 0; i < 5; i++) {
      register(models(), name);
    }
    List<Integer> numbers = new ArrayList<>();
    String token = null;
    do {
      Page<ModelVersion> page = models().versions(name, 2, token);
      page.items().forEach(version -> numbers.add(version.version()));
      token = page.pageToken();
    } while (token != null);
    assertThat(numbers).containsExactly(5, 4, 3, 2, 1);
    assertThatThrownBy(() -> models().versions(name(), 2, null))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  @DisplayName("REG-11 A version's description, tags, quarantine and deletion can be changed")
  void changeVersion() {
    String name = name();
    register(models(), name);
    register(models(), name);
    models().updateVersion(name, 1, new RegistryUpdate.Describe("scores too high"));
    models().updateVersion(name, 1, new RegistryUpdate.SetTag("reviewed", "no"));
    models().updateVersion(name, 1, new RegistryUpdate.Quarantine("leaks labels"));
    models().updateVersion(name, 2, new RegistryUpdate.SetDeleted(true));
    reopen();
    assertThat(read(name, 1).description()).isEqualTo("scores too high");
    assertThat(read(name, 1).tags()).containsEntry("reviewed", "no");
    assertThat(read(name, 1).quarantine()).hasValue("leaks labels");
    assertThat(read(name, 1).usable()).isFalse();
    assertThat(read(name, 2).deleted()).isTrue();
    models().updateVersion(name, 1, new RegistryUpdate.Quarantine(null));
    models().updateVersion(name, 2, new RegistryUpdate.SetDeleted(false));
    assertThat(read(name, 1).usable()).isTrue();
    assertThat(read(name, 2).usable()).isTrue();
    assertThatThrownBy(() -> models().updateVersion(name, 3, new RegistryUpdate.SetDeleted(true)))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  @DisplayName("REG-12 Threads of several instances that register at once get different numbers")
  void threads() {
    String name = name();
    ModelStore one = models();
    ModelStore two = another().models();
    List<Integer> numbers = new java.util.concurrent.CopyOnWriteArrayList<>();
    assertThat(
            Threads.together(
                8,
                thread -> {
                  ModelStore store = thread % 2 == 0 ? one : two;
                  for (int i = 0; i < 5; i++) {
                    numbers.add(register(store, name).version());
                  }
                }))
        .isEmpty();
    assertThat(numbers).hasSize(40).doesNotHaveDuplicates();
    assertThat(one.findModel(name).orElseThrow().latestVersion()).isGreaterThanOrEqualTo(40);
  }
}
