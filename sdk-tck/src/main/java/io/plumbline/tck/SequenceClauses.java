package io.plumbline.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.ConflictException;
import io.plumbline.model.Experiment;
import io.plumbline.model.Metric;
import io.plumbline.model.Run;
import io.plumbline.model.RunQuery;
import io.plumbline.model.RunStatus;
import io.plumbline.spi.Backend.Capability;
import io.plumbline.spi.RunUpdate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Compares a backend with a simple model of one, over random sequences of operations. */
abstract class SequenceClauses extends Clauses {
  private static final int SEQUENCES = 4;
  private static final int OPERATIONS = 60;

  SequenceClauses(BackendKit kit) {
    super(kit);
  }

  @Test
  @DisplayName("SEQ-1 After any sequence of operations a run is what a simple model says")
  void sequences() {
    Experiment in = experiment();
    for (int seed = 1; seed <= SEQUENCES; seed++) {
      Random random = new Random(seed);
      List<ModelRun> model = new ArrayList<>();
      for (int i = 0; i < OPERATIONS; i++) {
        String where = "seed " + seed + ", operation " + i;
        operate(random, in, model, where);
        if (i % 10 == 9) {
          model.forEach(run -> compare(run, where));
        }
      }
      compareSearch(in, model, "seed " + seed);
      for (ModelRun run : model) {
        runs().setDeleted(run.id, true);
      }
    }
  }

  private void operate(Random random, Experiment in, List<ModelRun> model, String where) {
    int what = random.nextInt(20);
    if (model.isEmpty() || what == 0) {
      model.add(new ModelRun(run(in, "a run")));
      return;
    }
    ModelRun run = model.get(random.nextInt(model.size()));
    if (what == 1) {
      run.deleted = !run.deleted;
      runs().setDeleted(run.id, run.deleted);
    } else if (what == 2) {
      reopen();
    } else if (what == 3 && backend().capabilities().contains(Capability.REPLAY)) {
      replay(random, run);
    } else {
      String key = newId();
      List<RunUpdate> batch = run.batch(random);
      if (run.accepts(batch)) {
        runs().apply(run.id, key, batch);
        run.apply(key, batch);
      } else {
        assertThatThrownBy(() -> runs().apply(run.id, key, batch))
            .as(where)
            .isInstanceOf(ConflictException.class);
      }
    }
  }

  private void replay(Random random, ModelRun run) {
    if (!run.deleted && !run.applied.isEmpty()) {
      ModelRun.Batch old = run.applied.get(random.nextInt(run.applied.size()));
      runs().apply(run.id, old.key(), old.updates());
    }
  }

  private void compare(ModelRun expected, String where) {
    Run run = read(expected.id);
    assertThat(run.name()).as(where).isEqualTo(expected.name);
    // Whoever set it to RUNNING may be closed since then, which some readers see.
    RunStatus status = run.status() == RunStatus.LOST ? RunStatus.RUNNING : run.status();
    assertThat(status).as(where).isEqualTo(expected.status);
    assertThat(run.deleted()).as(where).isEqualTo(expected.deleted);
    assertThat(run.params()).as(where).isEqualTo(expected.params);
    assertThat(run.tags()).as(where).containsAllEntriesOf(expected.tags);
    for (String key : ModelRun.KEYS) {
      assertThat(run.tags().containsKey(key))
          .as("%s, tag %s", where, key)
          .isEqualTo(expected.tags.containsKey(key));
      assertThat(points(expected.id, key))
          .as("%s, metric %s", where, key)
          .extracting(Metric::value)
          .containsExactlyInAnyOrderElementsOf(expected.values(key));
    }
  }

  private void compareSearch(Experiment in, List<ModelRun> model, String where) {
    List<String> active =
        runs().search(RunQuery.builder().experiments(in.name()).build()).items().stream()
            .map(Run::id)
            .toList();
    assertThat(active)
        .as(where)
        .containsExactlyInAnyOrderElementsOf(
            model.stream().filter(run -> !run.deleted).map(run -> run.id).toList());
  }
}
