package io.plumbline.test;

import static io.plumbline.test.PlumblineAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelRef;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.Run;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.tracking.Tracker;
import io.plumbline.tracking.TrackingClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("The JUnit extension")
@ExtendWith(PlumblineExtension.class)
class PlumblineExtensionTest {
  /** Code such as a user has. */
  private static Run train(TrackingClient tracking) {
    return tracking.run(
        "flight-delay",
        tracker -> {
          tracker.logParam("max_depth", 6);
          tracker.logMetric("auc", 0.93);
        });
  }

  private static void epochs(Tracker tracker) {
    tracker.logMetric("loss", 0.9);
    tracker.logMetric("loss", 0.5);
  }

  @Test
  @DisplayName("gives a client, on which code that tracks can be tested")
  void client(TrackingClient tracking) {
    assertThat(train(tracking)).isFinished().hasParam("max_depth", "6").hasMetric("auc", 0.93);
  }

  @Test
  @DisplayName("gives a run, named after the test, and the client of its store")
  void tracker(Tracker tracker, TemporaryTracking tracking) {
    epochs(tracker);
    assertThat(tracking, tracker.id())
        .isRunning()
        .isInExperiment("test")
        .hasName("PlumblineExtensionTest.tracker")
        .hasHistory("loss", 0.9, 0.5);
  }

  @Test
  @DisplayName("gives one client to all parameters of a test")
  void same(TrackingClient first, TemporaryTracking second, Tracker a, Tracker b) {
    assertThat(first).isSameAs(second);
    assertThat(a).isSameAs(b);
    assertThat(second.onlyRun().id()).isEqualTo(a.id());
  }

  @Test
  @DisplayName("gives a registry on the same store, on which a release can be tested")
  void registry(TrackingClient tracking, ModelRegistry registry, TemporaryTracking same) {
    ModelPackage model = ModelPackage.of("rules", Map.of());
    Run run = tracking.run("flight-delay", tracker -> tracker.logModel("model", model));
    ModelVersion version = registry.register("flight-delay", run.model("model"));
    registry.promote(version, "champion", "the test's");
    assertThat(registry.resolve(ModelRef.parse("models:/flight-delay@champion")).version())
        .isEqualTo(1);
    assertThat(same.registry()).isSameAs(registry);
  }

  @Nested
  @DisplayName("gives each test a store of its own")
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  class Apart {
    private static final List<Path> STORES = new ArrayList<>();

    @BeforeEach
    void start(TemporaryTracking tracking) {
      tracking.start("before").close();
    }

    @Test
    @Order(1)
    @DisplayName("with what @BeforeEach has logged for it")
    void first(TemporaryTracking tracking) {
      STORES.add(tracking.store());
      assertThat(tracking.runs()).hasSize(1);
    }

    @Test
    @Order(2)
    @DisplayName("and nothing of the test before, whose store is gone")
    void second(TemporaryTracking tracking) {
      assertThat(STORES).singleElement().satisfies(old -> assertThat(old).doesNotExist());
      STORES.add(tracking.store());
      assertThat(tracking.runs()).hasSize(1);
    }

    @AfterAll
    static void allGone() {
      assertThat(STORES).hasSize(2).allSatisfy(store -> assertThat(store).doesNotExist());
    }
  }
}
