package io.plumbline.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.model.Run;
import io.plumbline.model.RunQuery;
import io.plumbline.model.RunStatus;
import io.plumbline.model.RunTags;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A run's life")
class RunLifecycleTest {
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

  private Run only() {
    return tracking.search(RunQuery.builder().build()).items().get(0);
  }

  @Test
  @DisplayName("is FINISHED when its body returns, and the run that is returned has everything")
  void finished() {
    Run run =
        tracking.run(
            "flights",
            tracker -> {
              tracker.logParam("depth", 6);
              tracker.logMetric("auc", 0.9);
              assertThat(tracking.get(tracker.id()).status()).isEqualTo(RunStatus.RUNNING);
            });
    assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
    assertThat(run.params()).containsEntry("depth", "6");
    assertThat(run.metric("auc")).hasValue(0.9);
    assertThat(run.experiment()).isEqualTo("flights");
    assertThat(run.duration()).isPresent();
    assertThat(run.warnings()).isEmpty();
  }

  @Test
  @DisplayName(
      "is FAILED when its body throws; the very exception goes on, checked or not, and what was logged stays")
  void failed() {
    for (Exception thrown : List.of(new IOException("disk"), new IllegalStateException("bug"))) {
      assertThatThrownBy(
              () ->
                  tracking.run(
                      "flights",
                      tracker -> {
                        tracker.logMetric("auc", 0.9);
                        throw thrown;
                      }))
          .isSameAs(thrown)
          .hasNoSuppressedExceptions();
      assertThat(only().status()).isEqualTo(RunStatus.FAILED);
      assertThat(only().metric("auc")).hasValue(0.9);
      assertThat(only().endTime()).isPresent();
      tracking.delete(only().id());
    }
  }

  @Test
  @DisplayName("that has failed says which exception it was and where, but not its message")
  void failure() {
    String secret = "jdbc:h2://user:hunter2@host";
    assertThatThrownBy(
            () ->
                tracking.run(
                    "flights",
                    tracker -> {
                      throw new IllegalStateException(secret, new IOException(secret));
                    }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(only().tags().get(RunTags.FAILURE))
        .startsWith("java.lang.IllegalStateException, caused by java.io.IOException at ")
        .contains("RunLifecycleTest.java:")
        .doesNotContain("hunter2");
  }

  @Test
  @DisplayName("that its caller fails with a cause says so, and later calls throw")
  void failedByCaller() {
    Tracker tracker = tracking.start("flights");
    tracker.fail(new OutOfMemoryError("Java heap space"));
    assertThat(only().status()).isEqualTo(RunStatus.FAILED);
    assertThat(only().tags().get(RunTags.FAILURE)).startsWith("java.lang.OutOfMemoryError at ");
    assertThatThrownBy(() -> tracker.fail(new RuntimeException()))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  @DisplayName("has the failure of its owner only, and no more once it is resumed")
  void failureOfOwner() {
    Tracker owner = tracking.start("flights");
    Tracker helper = tracking.join(owner.id());
    helper.fail(new IllegalStateException());
    owner.finish();
    assertThat(only().tags()).doesNotContainKey(RunTags.FAILURE);
    try (Tracker again = tracking.resume(owner.id(), Resume.MUST)) {
      again.fail(new IllegalStateException());
    }
    assertThat(only().tags()).containsKey(RunTags.FAILURE);
    try (Tracker mended = tracking.resume(owner.id(), Resume.MUST)) {
      mended.finish();
    }
    assertThat(only().status()).isEqualTo(RunStatus.FINISHED);
    assertThat(only().tags()).doesNotContainKey(RunTags.FAILURE);
  }

  /** An exception that can't even be described. */
  private static final class Hostile extends RuntimeException {
    private static final long serialVersionUID = 1;

    @Override
    public synchronized Throwable getCause() {
      throw new UnsupportedOperationException("no cause");
    }
  }

  @Test
  @DisplayName("passes the exception of its body on, whatever goes wrong with describing it")
  void hostileException() {
    Hostile hostile = new Hostile();
    assertThatThrownBy(
            () ->
                tracking.run(
                    "flights",
                    tracker -> {
                      throw hostile;
                    }))
        .isSameAs(hostile);
    assertThat(only().status()).isEqualTo(RunStatus.FAILED);
  }

  @Test
  @DisplayName("is FAILED when its body throws an error")
  void error() {
    AssertionError thrown = new AssertionError("not as expected");
    assertThatThrownBy(
            () ->
                tracking.run(
                    "flights",
                    tracker -> {
                      throw thrown;
                    }))
        .isSameAs(thrown);
    assertThat(only().status()).isEqualTo(RunStatus.FAILED);
  }

  @Test
  @DisplayName("needs no catch of exceptions that the body does not throw")
  void generic() throws IOException {
    String answer = tracking.call("flights", RunOptions.none(), tracker -> "forty-two");
    assertThat(answer).isEqualTo("forty-two");
    tracking.<IOException>run("flights", RunOptions.none(), tracker -> reads(tracker.id()));
  }

  private static void reads(String id) throws IOException {
    if (id.isEmpty()) {
      throw new IOException("no id");
    }
  }

  @Test
  @DisplayName("stays as its body has ended it")
  void endedByItself() {
    assertThat(tracking.run("flights", Tracker::fail).status()).isEqualTo(RunStatus.FAILED);
    assertThat(tracking.run("flights", tracker -> tracker.end(RunStatus.KILLED)).status())
        .isEqualTo(RunStatus.KILLED);
    assertThat(tracking.run("flights", Tracker::close).status()).isEqualTo(RunStatus.FAILED);
    assertThatThrownBy(
            () ->
                tracking.run(
                    "flights",
                    tracker -> {
                      tracker.finish();
                      throw new IllegalStateException("after the end");
                    }))
        .hasMessage("after the end");
    assertThat(only().status()).isEqualTo(RunStatus.FINISHED);
  }

  @Test
  @DisplayName("is FAILED when it is closed without having been finished, and FINISHED when it was")
  void closed() {
    Tracker unfinished = tracking.start("flights");
    unfinished.close();
    assertThat(tracking.get(unfinished.id()).status()).isEqualTo(RunStatus.FAILED);
    Tracker finished = tracking.start("flights");
    finished.finish();
    finished.close();
    finished.close();
    assertThat(tracking.get(finished.id()).status()).isEqualTo(RunStatus.FINISHED);
  }

  @Test
  @DisplayName("is FAILED when the client is closed before it")
  void clientClosed() {
    Tracker left = tracking.start("flights");
    left.logMetric("auc", 0.5);
    tracking.close();
    tracking = Stores.open(folder);
    assertThat(tracking.get(left.id()).status()).isEqualTo(RunStatus.FAILED);
    assertThat(tracking.get(left.id()).metric("auc")).hasValue(0.5);
    left.close();
  }

  @Test
  @DisplayName(
      "takes nothing after its end: each logging call is an IllegalStateException that says what to do")
  void afterTheEnd() {
    Tracker tracker = tracking.start("flights");
    var loss = tracker.metric("loss");
    tracker.finish();
    List<Runnable> calls =
        List.of(
            () -> tracker.logParam("p", "1"),
            () -> tracker.logMetric("m", 1),
            () -> loss.log(1),
            () -> loss.log(1, 1),
            () -> tracker.setTag("t", "1"),
            () -> tracker.deleteTag("t"),
            () -> tracker.logText("x", "x.txt"),
            tracker::finish);
    for (Runnable call : calls) {
      assertThatThrownBy(call::run)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(tracker.id())
          .hasMessageContaining("resume");
    }
    assertThat(tracking.get(tracker.id()).metrics()).isEmpty();
  }

  @Test
  @DisplayName("can't end as RUNNING, LOST or UNKNOWN")
  void noEnd() {
    try (Tracker tracker = tracking.start("flights")) {
      for (RunStatus status : List.of(RunStatus.RUNNING, RunStatus.LOST, RunStatus.UNKNOWN)) {
        assertThatThrownBy(() -> tracker.end(status))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining(status.name());
      }
    }
  }

  @Test
  @DisplayName("has children, which end on their own and name their parent, also when they fail")
  void children() {
    AtomicReference<String> parent = new AtomicReference<>();
    tracking.run(
        "search",
        RunOptions.named("parent"),
        tracker -> {
          parent.set(tracker.id());
          tracker.child("good", child -> child.child("grand", grand -> grand.logMetric("m", 1)));
          assertThatThrownBy(
                  () ->
                      tracker.<IOException>child(
                          "bad",
                          child -> {
                            throw new IOException("no memory");
                          }))
              .isInstanceOf(IOException.class);
          try (Tracker third = tracker.startChild(RunOptions.named("third").group("g"))) {
            third.finish();
          }
        });
    List<Run> runs = tracking.search("search", "");
    assertThat(runs).hasSize(5);
    assertThat(named(runs, "parent").status()).isEqualTo(RunStatus.FINISHED);
    assertThat(named(runs, "good").parentId()).hasValue(parent.get());
    assertThat(named(runs, "good").status()).isEqualTo(RunStatus.FINISHED);
    assertThat(named(runs, "grand").parentId()).hasValue(named(runs, "good").id());
    assertThat(named(runs, "bad").status()).isEqualTo(RunStatus.FAILED);
    assertThat(named(runs, "third").parentId()).hasValue(parent.get());
    assertThat(named(runs, "third").group()).hasValue("g");
    assertThat(runs).extracting(Run::experiment).containsOnly("search");
  }

  private static Run named(List<Run> runs, String name) {
    return runs.stream().filter(run -> run.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  @DisplayName(
      "begins with name, group, note, tags and parent as the options say, and with a name of its own if they do not")
  void options() {
    Tracker parent = tracking.start("flights");
    RunOptions options =
        RunOptions.named("gbm").group("cv").note("with weather").tag("team", "ops").tag("k", "v");
    try (Tracker tracker = tracking.start("flights", options.parent(parent.id()))) {
      Run run = tracking.get(tracker.id());
      assertThat(run.name()).isEqualTo(tracker.name()).isEqualTo("gbm");
      assertThat(run.group()).hasValue("cv");
      assertThat(run.note()).hasValue("with weather");
      assertThat(run.tags()).containsEntry("team", "ops").containsEntry("k", "v");
      assertThat(run.parentId()).hasValue(parent.id());
      assertThat(run.user()).isNotEmpty();
      assertThat(tracker.experiment()).isEqualTo("flights");
    }
    assertThat(parent.name()).matches("[a-z]+-[a-z]+-\\d{3}");
    assertThat(parent.id()).matches("[0-9a-f]{32}");
    parent.close();
  }

  @Test
  @DisplayName("keeps the interrupt flag of its thread, and loses nothing because of it")
  void interrupted() {
    Thread.currentThread().interrupt();
    Run run;
    try {
      run =
          tracking.run(
              "flights",
              tracker -> {
                tracker.logParam("depth", 6);
                tracker.setTag("t", "1");
                for (int i = 0; i < 1_000; i++) {
                  tracker.logMetric("loss", i, i);
                }
                tracker.logText("hello", "a.txt");
                assertThat(tracking.get(tracker.id()).params()).hasSize(1);
                assertThat(tracking.metricHistory(tracker.id(), "loss").summary().count())
                    .isEqualTo(1_000);
                assertThat(Thread.currentThread().isInterrupted()).isTrue();
              });
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }
    Run read = tracking.get(run.id());
    assertThat(read.status()).isEqualTo(RunStatus.FINISHED);
    assertThat(read.params()).containsEntry("depth", "6");
    assertThat(read.tags()).containsEntry("t", "1");
    assertThat(tracking.metricHistory(run.id(), "loss").summary().count()).isEqualTo(1_000);
    assertThat(tracking.artifacts(run.id(), "")).hasSize(1);
  }

  @Test
  @DisplayName("survives a kill as ever when an interrupted thread has opened the client")
  void openedByInterrupted(@TempDir Path other) {
    Thread.currentThread().interrupt();
    try (TrackingClient opened = Stores.open(other)) {
      assertThat(opened.delivery().ring()).isEqualTo(tracking.delivery().ring());
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }
  }
}
