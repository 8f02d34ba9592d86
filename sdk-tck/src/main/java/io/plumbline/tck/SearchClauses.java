package io.plumbline.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.model.Experiment;
import io.plumbline.model.Page;
import io.plumbline.model.Run;
import io.plumbline.model.RunQuery;
import io.plumbline.model.RunStatus;
import io.plumbline.spi.NewRun;
import io.plumbline.spi.RunUpdate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What holds for the search of runs. */
abstract class SearchClauses extends Clauses {
  private static final List<String> DEPTHS = List.of("3", "6", "9", "6", "12");

  SearchClauses(BackendKit kit) {
    super(kit);
  }

  /** Makes runs {@code r0} to {@code r4}, each a second after the other. */
  private Experiment five() {
    Experiment in = experiment();
    for (int i = 0; i < DEPTHS.size(); i++) {
      String run = runs().createRun(startedAt(in, "r" + i, START + i * 1_000L));
      apply(
          run,
          param("depth", DEPTHS.get(i)),
          metric("auc", 0.5 + i / 10.0, 0),
          metric("val/loss", i == 4 ? Double.NaN : 1.0 - i / 10.0, 0),
          tag("team", i % 2 == 0 ? "ops" : "Weather"));
      if (i < 3) {
        apply(run, new RunUpdate.SetStatus(RunStatus.FINISHED, START + 60_000));
      }
    }
    return in;
  }

  private static NewRun startedAt(Experiment in, String name, long start) {
    return new NewRun(newId(), in.id(), name, "tester", null, start, Map.of());
  }

  private static RunQuery.Builder in(Experiment experiment) {
    return RunQuery.builder().experiments(experiment.name());
  }

  private List<String> names(RunQuery.Builder query) {
    return runs().search(query.build()).items().stream().map(Run::name).toList();
  }

  private List<String> filtered(Experiment in, String filter) {
    return names(in(in).filter(filter)).stream().sorted().toList();
  }

  @Test
  @DisplayName(
      "SEA-1 A query sees the runs of its experiments, given by name or by id, with all that they hold")
  void experiments() {
    Experiment first = five();
    Experiment second = experiment();
    run(second, "other");
    assertThat(names(in(first))).hasSize(5);
    assertThat(names(RunQuery.builder().experiments(second.id()))).containsExactly("other");
    assertThat(names(RunQuery.builder().experiments(first.name(), second.id()))).hasSize(6);
    Run r1 =
        runs().search(in(first).build()).items().stream()
            .filter(run -> run.name().equals("r1"))
            .findFirst()
            .orElseThrow();
    assertThat(r1.params()).isEqualTo(Map.of("depth", "6"));
    assertThat(r1.metric("auc")).hasValue(0.6);
    assertThat(r1.tags()).containsEntry("team", "Weather");
    assertThat(r1.status()).isEqualTo(RunStatus.FINISHED);
  }

  @Test
  @DisplayName("SEA-2 Without an order the newest run comes first")
  void newestFirst() {
    assertThat(names(in(five()))).containsExactly("r4", "r3", "r2", "r1", "r0");
  }

  @Test
  @DisplayName(
      "SEA-3 Pages of size-1, size and size+1 hold every run once and in order, and the last has no token")
  void pages() {
    Experiment in = five();
    for (int size : new int[] {1, 2, 4, 5, 6}) {
      List<String> all = new ArrayList<>();
      int pages = 0;
      @Nullable String token = null;
      do {
        Page<Run> page = runs().search(in(in).maxResults(size).pageToken(token).build());
        assertThat(page.items()).hasSizeBetween(pages == 0 ? 1 : 0, size);
        page.items().forEach(run -> all.add(run.name()));
        token = page.pageToken();
        pages++;
      } while (token != null && pages < 10);
      assertThat(all).as("pages of %d", size).containsExactly("r4", "r3", "r2", "r1", "r0");
      assertThat(token).as("the last token, with pages of %d", size).isNull();
    }
  }

  @Test
  @DisplayName("SEA-4 A query that finds nothing returns an empty page without a token")
  void nothing() {
    Page<Run> page = runs().search(in(experiment()).build());
    assertThat(page.items()).isEmpty();
    assertThat(page.nextToken()).isEqualTo(Optional.empty());
    assertThat(names(RunQuery.builder().experiments(unique("no such")))).isEmpty();
  }

  @Test
  @DisplayName("SEA-5 A query sees active runs, deleted runs or both, as it says")
  void views() {
    Experiment in = five();
    for (Run run : runs().search(in(in).build()).items()) {
      if (run.name().equals("r1") || run.name().equals("r4")) {
        runs().setDeleted(run.id(), true);
      }
    }
    assertThat(names(in(in))).containsExactly("r3", "r2", "r0");
    assertThat(names(in(in).view(RunQuery.View.DELETED))).containsExactly("r4", "r1");
    assertThat(names(in(in).view(RunQuery.View.ALL))).hasSize(5);
  }

  @Test
  @DisplayName("SEA-6 A filter compares metrics as numbers")
  void metrics() {
    Experiment in = five();
    assertThat(filtered(in, "metrics.auc > 0.65")).containsExactly("r2", "r3", "r4");
    assertThat(filtered(in, "metrics.auc >= 0.7 AND metrics.auc < 0.85"))
        .containsExactly("r2", "r3");
    assertThat(filtered(in, "metrics.`val/loss` <= 0.8")).containsExactly("r2", "r3");
    assertThat(filtered(in, "metrics.none > 0")).isEmpty();
  }

  @Test
  @DisplayName("SEA-7 A filter compares params and tags as texts")
  void texts() {
    Experiment in = five();
    assertThat(filtered(in, "params.depth = '6'")).containsExactly("r1", "r3");
    assertThat(filtered(in, "params.depth != '6'")).containsExactly("r0", "r2", "r4");
    assertThat(filtered(in, "tags.team = 'ops' and params.depth = '9'")).containsExactly("r2");
    assertThat(filtered(in, "tags.team LIKE 'Wea%'")).containsExactly("r1", "r3");
    assertThat(filtered(in, "tags.team ILIKE 'wea%'")).containsExactly("r1", "r3");
  }

  @Test
  @DisplayName("SEA-8 A filter compares the run's own attributes")
  void attributes() {
    Experiment in = five();
    assertThat(filtered(in, "attributes.status = 'FINISHED'")).containsExactly("r0", "r1", "r2");
    assertThat(filtered(in, "attributes.run_name = 'r3'")).containsExactly("r3");
    assertThat(filtered(in, "attributes.start_time >= " + (START + 3_000)))
        .containsExactly("r3", "r4");
  }

  @Test
  @DisplayName("SEA-9 Runs come in the order that the query asks for")
  void ordered() {
    Experiment in = five();
    assertThat(names(in(in).orderBy("metrics.auc ASC")))
        .containsExactly("r0", "r1", "r2", "r3", "r4");
    assertThat(names(in(in).orderBy("metrics.auc DESC")))
        .containsExactly("r4", "r3", "r2", "r1", "r0");
    assertThat(names(in(in).orderBy("params.depth ASC", "metrics.auc DESC")))
        .containsExactly("r4", "r0", "r3", "r1", "r2");
    assertThat(names(in(in).orderBy("attributes.start_time ASC").maxResults(2)))
        .containsExactly("r0", "r1");
  }

  @Test
  @DisplayName(
      "SEA-10 A filter or an order that can't be read is an IllegalArgumentException that quotes it")
  void unreadable() {
    Experiment in = five();
    for (String filter : List.of("metrics.auc >", "auc ~ 3", "metrics.auc > 'x", "nonsense")) {
      assertThatThrownBy(() -> runs().search(in(in).filter(filter).build()))
          .as("filter \"%s\"", filter)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> runs().search(in(in).orderBy("metrics.auc SIDEWAYS").build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("SIDEWAYS");
  }

  @Test
  @DisplayName("SEA-11 A page token that the backend did not give is an IllegalArgumentException")
  void foreignToken() {
    Experiment in = five();
    assertThatThrownBy(() -> runs().search(in(in).pageToken("not ours!").build()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
