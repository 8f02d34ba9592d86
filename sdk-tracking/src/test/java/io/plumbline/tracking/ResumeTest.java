package io.plumbline.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.ConflictException;
import io.plumbline.NotFoundException;
import io.plumbline.model.Metric;
import io.plumbline.model.Run;
import io.plumbline.model.RunStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("Going on with a run")
class ResumeTest {
  private TrackingClient tracking;
  private Path folder;

  @BeforeEach
  void open(@TempDir Path folder) {
    this.folder = folder;
    this.tracking = Stores.open(folder);
  }

  @AfterEach
  void close() {
    tracking.close();
  }

  @Test
  @DisplayName("NEVER starts the run, and is a ConflictException if it exists")
  void never() {
    tracking.resume("run-1", Resume.NEVER).close();
    assertThatThrownBy(() -> tracking.resume("run-1", Resume.NEVER))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("run-1");
  }

  @ParameterizedTest
  @EnumSource(
      value = Resume.class,
      names = {"NEVER", "ALLOW"})
  @DisplayName("starts a chosen id once, however many processes ask for it at the same moment")
  void race(Resume mode) throws Exception {
    // Two clients with journals of their own are to each other as two processes are.
    try (TrackingClient other = Stores.open(folder)) {
      for (int round = 0; round < 20; round++) {
        String id = "race-" + mode + "-" + round;
        CyclicBarrier barrier = new CyclicBarrier(2);
        Callable<Boolean> here = () -> starts(tracking, id, mode, barrier);
        Callable<Boolean> there = () -> starts(other, id, mode, barrier);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        List<Future<Boolean>> started;
        try {
          started = threads.invokeAll(List.of(here, there), 1, TimeUnit.MINUTES);
        } finally {
          threads.shutdown();
        }
        boolean both = started.get(0).get() && started.get(1).get();
        assertThat(started.get(0).get() || started.get(1).get()).isTrue();
        assertThat(both).as(id).isEqualTo(mode == Resume.ALLOW);
        assertThat(tracking.get(id).status()).isEqualTo(RunStatus.FAILED);
      }
    }
  }

  private static boolean starts(
      TrackingClient client, String id, Resume mode, CyclicBarrier barrier) throws Exception {
    barrier.await(1, TimeUnit.MINUTES);
    try {
      client.resume(id, mode).close();
      return true;
    } catch (ConflictException e) {
      return false;
    }
  }

  @Test
  @DisplayName(
      "takes an id that was claimed by a process which died before it had written a record")
  void abandonedClaim() throws Exception {
    Path claimed =
        Files.createDirectories(
            folder.resolve("store").resolve("runs").resolve("0123456789abcdef0123456789abcdef"));
    assertThatThrownBy(
            () -> tracking.resume("0123456789abcdef0123456789abcdef", Resume.ALLOW).close())
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("being started by another process");
    Files.setLastModifiedTime(claimed, FileTime.fromMillis(System.currentTimeMillis() - 61_000));
    tracking.resume("0123456789abcdef0123456789abcdef", Resume.NEVER).finish();
    assertThat(tracking.get("0123456789abcdef0123456789abcdef").status())
        .isEqualTo(RunStatus.FINISHED);
  }

  @Test
  @DisplayName(
      "ALLOW starts the run under that id in the default experiment, and goes on with it the next time")
  void allow() {
    try (Tracker first = tracking.resume("nightly-2026", Resume.ALLOW)) {
      first.logParam("depth", 6);
      first.finish();
    }
    try (Tracker second = tracking.resume("nightly-2026", Resume.ALLOW)) {
      assertThat(tracking.get(second.id()).status()).isEqualTo(RunStatus.RUNNING);
      second.logMetric("auc", 0.9);
      second.finish();
    }
    Run run = tracking.get("nightly-2026");
    assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
    assertThat(run.params()).containsEntry("depth", "6");
    assertThat(run.metric("auc")).hasValue(0.9);
    assertThat(run.experiment()).isEqualTo("default");
  }

  @Test
  @DisplayName("MUST is a NotFoundException if there is no such run")
  void must() {
    assertThatThrownBy(() -> tracking.resume("none", Resume.MUST))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("none");
    assertThatThrownBy(() -> tracking.join("none")).isInstanceOf(NotFoundException.class);
    assertThat(tracking.find("none")).isEmpty();
  }

  @Test
  @DisplayName(
      "keeps the params: the same value is fine, another one a conflict, also after the store was opened again")
  void params() {
    String id = tracking.run("flights", tracker -> tracker.logParam("depth", "six")).id();
    tracking.close();
    tracking = Stores.open(folder);
    try (Tracker tracker = tracking.resume(id, Resume.MUST)) {
      tracker.logParam("depth", "six");
      assertThatThrownBy(() -> tracker.logParam("depth", "seven"))
          .isInstanceOf(ConflictException.class)
          .hasMessageContainingAll("depth", "six", "seven");
      assertThat(tracker.experiment()).isEqualTo("flights");
    }
  }

  @Test
  @DisplayName("goes on with the next step of each metric")
  void steps() {
    String id =
        tracking
            .run(
                "flights",
                tracker -> {
                  tracker.logMetric("loss", 0.9);
                  tracker.logMetric("loss", 0.8);
                  tracker.logMetric("auc", 0.5, 41);
                })
            .id();
    tracking.close();
    tracking = Stores.open(folder);
    try (Tracker tracker = tracking.resume(id, Resume.MUST)) {
      tracker.logMetric("loss", 0.7);
      tracker.logMetric("auc", 0.6);
      tracker.logMetric("new", 1);
      tracker.finish();
    }
    assertThat(tracking.metricHistory(id, "loss").stream().map(Metric::step))
        .containsExactly(0L, 1L, 2L);
    assertThat(tracking.metricHistory(id, "auc").stream().map(Metric::step))
        .containsExactly(41L, 42L);
    assertThat(tracking.metricHistory(id, "new").stream().map(Metric::step)).containsExactly(0L);
  }

  @Test
  @DisplayName("of a deleted run is a ConflictException that says to restore it")
  void deleted() {
    String id = tracking.run("flights", tracker -> {}).id();
    tracking.delete(id);
    assertThatThrownBy(() -> tracking.resume(id, Resume.ALLOW))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("restore");
    assertThatThrownBy(() -> tracking.join(id)).isInstanceOf(ConflictException.class);
    tracking.restore(id);
    tracking.resume(id, Resume.MUST).close();
  }

  @Test
  @DisplayName("by joining does not end it: the owner does")
  void join() {
    Tracker owner = tracking.start("flights");
    try (TrackingClient other = Stores.open(folder)) {
      Tracker joined = other.join(owner.id());
      joined.logMetric("from.other", 1);
      joined.logParam("other", "yes");
      joined.finish();
      joined.close();
      assertThat(other.get(owner.id()).status()).isEqualTo(RunStatus.RUNNING);
    }
    owner.logMetric("from.owner", 2);
    owner.finish();
    Run run = tracking.get(owner.id());
    assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
    assertThat(run.metrics()).containsOnlyKeys("from.other", "from.owner");
    assertThat(run.params()).containsEntry("other", "yes");
  }

  @Test
  @DisplayName(
      "in two programs at once: of two values of one param the first is kept, and the run warns of the other")
  void conflictOfTwo() {
    Tracker owner = tracking.start("flights");
    try (TrackingClient other = Stores.open(folder)) {
      other.join(owner.id()).logParam("depth", "six");
      long first = System.currentTimeMillis();
      Stores.await("a later millisecond", () -> System.currentTimeMillis() > first);
      owner.logParam("depth", "seven");
      owner.finish();
    }
    Run run = tracking.get(owner.id());
    assertThat(run.params()).isEqualTo(Map.of("depth", "six"));
    assertThat(run.warnings()).singleElement().asString().contains("depth", "six", "seven");
  }

  @Test
  @DisplayName("takes ids of letters, digits, '_' and '-' only, and says so")
  void ids() {
    for (String id :
        new String[] {"", "../x", "a b", "a/b", "ü", "-x", "x".repeat(257), "a\u0000"}) {
      assertThatThrownBy(() -> tracking.resume(id, Resume.ALLOW))
          .as("id '%s'", id)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("letters, digits");
    }
    String longest = "Z" + "x".repeat(255);
    tracking.resume(longest, Resume.NEVER).close();
    tracking.resume("CON", Resume.NEVER).close();
    tracking.resume("con", Resume.NEVER).close();
    assertThat(tracking.get(longest).id()).isEqualTo(longest);
    assertThat(tracking.get("CON").id()).isEqualTo("CON");
    assertThat(tracking.get("con").id()).isEqualTo("con");
  }
}
