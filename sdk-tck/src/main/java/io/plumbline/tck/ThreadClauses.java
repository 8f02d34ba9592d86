package io.plumbline.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.plumbline.ConflictException;
import io.plumbline.model.Experiment;
import io.plumbline.model.Metric;
import io.plumbline.model.Run;
import io.plumbline.model.RunQuery;
import io.plumbline.model.RunStatus;
import io.plumbline.spi.Backend;
import io.plumbline.spi.NewRun;
import io.plumbline.spi.RunUpdate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What holds under many threads. */
abstract class ThreadClauses extends Clauses {
  private static final int THREADS = 8;
  private static final int UPDATES = 25;

  ThreadClauses(BackendKit kit) {
    super(kit);
  }

  @Test
  @DisplayName(
      "CON-1 Threads that write into one run lose nothing, and each one's points stay in order")
  void oneRun() {
    String run = run();
    List<RuntimeException> failures =
        Threads.together(
            THREADS,
            t -> {
              for (int i = 0; i < UPDATES; i++) {
                apply(run, metric("m" + t, i, i), metric("all", t, i), param(t + "-" + i, "v"));
              }
            });
    assertThat(failures).isEmpty();
    assertThat(read(run).params()).hasSize(THREADS * UPDATES);
    assertThat(points(run, "all")).hasSize(THREADS * UPDATES);
    for (int t = 0; t < THREADS; t++) {
      assertThat(points(run, "m" + t)).extracting(Metric::step).hasSize(UPDATES).isSorted();
    }
  }

  @Test
  @DisplayName("CON-2 Threads that make runs make as many, each with what is its own")
  void manyRuns() {
    Experiment in = experiment();
    List<RuntimeException> failures =
        Threads.together(
            THREADS,
            t -> {
              for (int i = 0; i < 5; i++) {
                String name = "run " + t + "-" + i;
                String run = run(in, name);
                apply(run, tag("of", name), new RunUpdate.SetStatus(RunStatus.FINISHED, START));
              }
            });
    assertThat(failures).isEmpty();
    List<Run> found = runs().search(RunQuery.builder().experiments(in.name()).build()).items();
    assertThat(found).hasSize(THREADS * 5);
    assertThat(found).extracting(Run::name).doesNotHaveDuplicates();
    assertThat(found).allSatisfy(run -> assertThat(run.tags()).containsEntry("of", run.name()));
  }

  @Test
  @DisplayName(
      "CON-3 Of threads that make one experiment exactly one makes it; the others meet a ConflictException")
  void oneExperiment() {
    String name = unique("race");
    Backend first = backend();
    Backend second = another();
    List<RuntimeException> failures =
        Threads.together(
            THREADS, t -> (t % 2 == 0 ? first : second).runs().createExperiment(name, Map.of()));
    assertThat(failures).hasSize(THREADS - 1).allMatch(e -> e instanceof ConflictException);
    assertThat(runs().experiments().stream().filter(e -> e.name().equals(name))).hasSize(1);
  }

  @Test
  @DisplayName(
      "CON-4 Of threads that make a run with one id exactly one makes it; the others meet a ConflictException")
  void oneRunId() {
    Experiment in = experiment();
    NewRun probe = newRun(in, "probe");
    assumeTrue(
        runs().createRun(probe).equals(probe.id()),
        "this backend gives ids of its own, so none is ever taken");
    NewRun wanted = newRun(in, "only one");
    List<RuntimeException> failures = Threads.together(THREADS, t -> runs().createRun(wanted));
    assertThat(failures).hasSize(THREADS - 1).allMatch(e -> e instanceof ConflictException);
  }

  @Test
  @DisplayName("CON-5 A reader meets no half of a run while it is being written")
  void readers() {
    String run = run();
    List<RuntimeException> failures =
        Threads.together(
            4,
            t -> {
              for (int i = 0; i < UPDATES; i++) {
                if (t < 2) {
                  apply(run, metric("m" + t, i, i), tag("t" + t, "v" + i));
                } else {
                  Run read = read(run);
                  assertThat(read.name()).isEqualTo("a run");
                  assertThat(read.status()).isEqualTo(RunStatus.RUNNING);
                  assertThat(points(run, "m0")).extracting(Metric::step).isSorted();
                }
              }
            });
    assertThat(failures).isEmpty();
  }
}
