package io.plumbline.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.ConflictException;
import io.plumbline.model.Run;
import io.plumbline.model.RunStatus;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Runs of several processes")
class ProcessTest {
  private final List<Process> children = new ArrayList<>();
  private TrackingClient tracking;
  private Path folder;

  @BeforeEach
  void open(@TempDir Path folder) {
    this.folder = folder;
    this.tracking = Stores.open(folder);
  }

  @AfterEach
  void close() throws InterruptedException {
    for (Process child : children) {
      child.destroyForcibly().waitFor();
    }
    tracking.close();
  }

  private Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(ChildProgram.class.getName());
    command.addAll(List.of(arguments));
    Process child =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    children.add(child);
    return child;
  }

  private static BufferedReader output(Process child) {
    return new BufferedReader(
        new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Waits for the line that says that the run has begun, and returns its id. */
  private static String ready(BufferedReader output) throws IOException {
    String line = output.readLine();
    assertThat(line).as("the child's first line").startsWith("ready ");
    return line.substring("ready ".length());
  }

  private static int end(Process child) throws InterruptedException {
    assertThat(child.waitFor(60, TimeUnit.SECONDS)).as("the child has ended").isTrue();
    return child.exitValue();
  }

  private void assertKept(Run run) {
    assertThat(run.params()).containsEntry("depth", "6");
    assertThat(run.tags()).containsEntry("team", "ops");
    assertThat(run.metric("auc")).hasValue(0.9);
    long count = tracking.metricHistory(run.id(), "loss").summary().count();
    assertThat(tracking.metricHistory(run.id(), "loss").summary().lastStep())
        .as("no step is missing")
        .isEqualTo(count - 1);
  }

  @Test
  @DisplayName(
      "A run of a program that gets SIGTERM is KILLED, and its busy threads meet no exception")
  void sigterm() throws Exception {
    Process child = start("wait", folder.toString());
    BufferedReader output = output(child);
    String id = ready(output);
    assertThat(tracking.get(id).status()).isEqualTo(RunStatus.RUNNING);
    child.toHandle().destroy(); // the process's own destroy() would close its output
    assertThat(end(child)).isEqualTo(143);
    assertThat(output.readLine()).as("what the child said at its end").isNull();
    Run run = tracking.get(id);
    assertThat(run.status()).isEqualTo(RunStatus.KILLED);
    assertThat(run.endTime()).isPresent();
    assertKept(run);
  }

  @Test
  @DisplayName("A run of a program that calls System.exit is KILLED")
  void exit() throws Exception {
    Process child = start("exit", folder.toString());
    String id = ready(output(child));
    assertThat(end(child)).isEqualTo(3);
    Run run = tracking.get(id);
    assertThat(run.status()).isEqualTo(RunStatus.KILLED);
    assertThat(run.metric("auc")).hasValue(0.9);
  }

  @Test
  @DisplayName(
      "A run of a program that dies by SIGKILL is LOST, keeps what was logged, and can be resumed")
  void sigkill() throws Exception {
    Process child = start("wait", folder.toString());
    String id = ready(output(child));
    assertThat(tracking.get(id).status()).isEqualTo(RunStatus.RUNNING);
    child.destroyForcibly();
    assertThat(end(child)).isEqualTo(137);
    Stores.await("the run is lost", () -> tracking.get(id).status() == RunStatus.LOST);
    assertThat(tracking.get(id).endTime()).isEmpty();
    tracking.close();
    tracking = Stores.open(folder); // writes what the dead program has left in its ring
    assertKept(tracking.get(id));
    try (Tracker tracker = tracking.resume(id, Resume.MUST)) {
      assertThat(tracking.get(id).status()).isEqualTo(RunStatus.RUNNING);
      assertThatThrownBy(() -> tracker.logParam("depth", 7)).isInstanceOf(ConflictException.class);
      long next = tracking.metricHistory(id, "loss").summary().lastStep() + 1;
      tracker.logMetric("loss", 0);
      assertThat(tracking.metricHistory(id, "loss").summary().lastStep()).isEqualTo(next);
      tracker.finish();
    }
    assertThat(tracking.get(id).status()).isEqualTo(RunStatus.FINISHED);
    assertKept(tracking.get(id));
  }

  @Test
  @DisplayName("Programs that join a run write into it, and its owner ends it")
  void join() throws Exception {
    Tracker owner = tracking.start("joined");
    owner.logMetric("all", 0, 0);
    List<Process> helpers = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      helpers.add(start("join", folder.toString(), owner.id(), String.valueOf(i)));
    }
    for (Process helper : helpers) {
      assertThat(end(helper)).isZero();
    }
    assertThat(tracking.get(owner.id()).status()).isEqualTo(RunStatus.RUNNING);
    owner.finish();
    Run run = tracking.get(owner.id());
    assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
    assertThat(run.params()).containsOnlyKeys("of.1", "of.2", "of.3");
    assertThat(run.metrics()).containsOnlyKeys("all", "loss.1", "loss.2", "loss.3");
    assertThat(tracking.metricHistory(run.id(), "all").summary().count()).isEqualTo(301);
    for (int i = 1; i <= 3; i++) {
      assertThat(tracking.metricHistory(run.id(), "loss." + i).stream().map(m -> m.step()))
          .hasSize(100)
          .isSorted();
    }
    assertThat(tracking.artifacts(run.id(), "notes")).hasSize(3);
    assertThat(run.warnings()).isEmpty();
  }
}
