package io.plumbline.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.model.ModelRef;
import io.plumbline.model.ModelVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Watching a reference")
class WatchTest {
  private static final ModelRef CHAMPION = ModelRef.alias("flights", "champion");

  @TempDir private Path folder;
  private ModelRegistry registry;
  private final List<String> told = new CopyOnWriteArrayList<>();

  @BeforeEach
  void open() {
    registry = Models.open(folder);
  }

  @AfterEach
  void close() {
    registry.close();
  }

  private static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited in vain: " + what).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private ModelWatch watch() {
    told.clear();
    return registry.watch(
        CHAMPION,
        (before, now) -> {
          String version = now.version().map(v -> String.valueOf(v.version())).orElse("none");
          String news = now.state() + " " + version;
          // A FAILED watch may say first that there is no such model, and then no such alias.
          if (told.isEmpty() || !told.get(told.size() - 1).equals(news)) {
            told.add(news);
          }
          throw new IllegalStateException("listeners may fail");
        });
  }

  private void register(String text) {
    ModelVersion version = registry.register("flights", Models.rules(text), RegisterOptions.none());
    registry.promote(version, "champion", "");
  }

  @Test
  @DisplayName("tells each change of version and state once, and goes on when a listener fails")
  void changes() {
    ModelWatch watch = watch();
    await("the first answer", () -> told.contains("FAILED none"));
    register("one");
    await("the first version", () -> told.contains("READY 1"));
    register("two");
    await("the second version", () -> told.contains("READY 2"));
    registry.deleteAlias("flights", "champion", "by mistake");
    await("the end of the alias", () -> told.contains("STALE 2"));
    registry.setAlias("flights", "champion", 2, "sorry");
    await("its return", () -> told.get(told.size() - 1).equals("READY 2"));
    registry.quarantine(registry.version("flights", 2), "leaks");
    await("the quarantine", () -> watch.status().reason().contains("quarantined: leaks"));
    assertThat(watch.status().state()).isEqualTo(ModelWatch.State.STALE);
    assertThat(told)
        .containsExactly("FAILED none", "READY 1", "READY 2", "STALE 2", "READY 2", "STALE 2");
  }

  @Test
  @DisplayName("ends with its close or the registry's, and leaves no thread")
  void closes() {
    register("one");
    ModelWatch first = watch();
    ModelWatch second = watch();
    await(
        "both",
        () -> first.status().version().isPresent() && second.status().version().isPresent());
    first.close();
    first.close();
    assertThat(first.status().state()).isEqualTo(ModelWatch.State.CLOSED);
    assertThat(first.status().version()).isPresent();
    assertThat(second.status().state()).isEqualTo(ModelWatch.State.READY);
    registry.close();
    assertThat(second.status().state()).isEqualTo(ModelWatch.State.CLOSED);
    await(
        "the thread's end",
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(t -> t.getName().startsWith("plumbline-registry-watch")));
  }

  @Test
  @DisplayName("asks at once when told to, long before the next poll")
  void refresh() {
    try (ModelRegistry patient =
        ModelRegistry.create(Models.config(folder).set("registry.poll", "1d").build())) {
      register("one");
      ModelWatch watch = patient.watch(CHAMPION, (before, now) -> {});
      await("the first answer", () -> watch.status().version().isPresent());
      register("two");
      assertThat(watch.refresh(Duration.ofMinutes(1))).isTrue();
      assertThat(watch.status().version().orElseThrow().version()).isEqualTo(2);
      watch.close();
      assertThat(watch.refresh(Duration.ofMinutes(1))).isFalse();
    }
  }

  @Test
  @DisplayName("The last good version is found without the registry, if it is whole")
  void lastKnownGood() throws Exception {
    register("one");
    ModelVersion version = registry.resolve(CHAMPION);
    assertThat(registry.lastKnownGood(CHAMPION)).isEmpty();
    FetchedModel fetched = registry.fetch(version);
    registry.rememberGood(CHAMPION, version);
    Path gone = folder.resolve("gone");
    Files.move(folder.resolve("store/registry"), gone);
    Files.move(folder.resolve("store/blobs"), folder.resolve("gone-blobs"));
    try (ModelRegistry offline = Models.open(folder)) {
      FetchedModel good = offline.lastKnownGood(CHAMPION).orElseThrow();
      assertThat(good.version().version()).isEqualTo(1);
      assertThat(good.model().digest()).isEqualTo(version.digest());
      assertThat(offline.lastKnownGood(ModelRef.alias("flights", "challenger"))).isEmpty();
    }
    Files.writeString(fetched.folder().resolve("rules.txt"), "changed");
    assertThat(registry.lastKnownGood(CHAMPION)).isEmpty();
  }
}
