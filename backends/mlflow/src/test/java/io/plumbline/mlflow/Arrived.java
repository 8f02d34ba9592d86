package io.plumbline.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.internal.courier.Delivered;
import io.plumbline.model.Artifact;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.Metric;
import io.plumbline.model.Page;
import io.plumbline.model.Run;
import io.plumbline.model.RunQuery;
import io.plumbline.model.RunTags;
import io.plumbline.spi.RunStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Holds what has arrived at a server against what was logged: all of it is to be there, once. */
final class Arrived {
  private final RunStore there;
  private final Path here;
  private final String where;

  /**
   * Makes it.
   *
   * @param there the server
   * @param here the store, which knows what the runs are called over there
   * @param where how a failure is to be found again
   */
  Arrived(RunStore there, Path here, String where) {
    this.there = there;
    this.here = here;
    this.where = where;
  }

  /** Compares an experiment with its runs, by their local ids. */
  void compare(String experiment, Map<String, LoggedRun> runs) {
    List<Run> all = all(experiment);
    assertThat(all).as(where).hasSize(runs.size());
    Map<String, String> remote = new HashMap<>();
    runs.keySet().forEach(id -> remote.put(id, remote(id)));
    for (Run found : all) {
      String id = String.valueOf(found.tags().get(RunTags.LOCAL_ID));
      assertThat(remote.get(id)).as(where).isEqualTo(found.id());
      LoggedRun logged = Objects.requireNonNull(runs.get(id), where);
      String parent = logged.parent;
      assertThat(found.parentId().orElse(null))
          .as(where)
          .isEqualTo(parent == null ? null : remote.get(parent));
      compare(logged, found);
    }
  }

  private List<Run> all(String experiment) {
    List<Run> all = new ArrayList<>();
    String token = null;
    do {
      RunQuery.Builder query = RunQuery.builder().experiments(experiment).maxResults(1_000);
      Page<Run> page = there.search((token == null ? query : query.pageToken(token)).build());
      all.addAll(page.items());
      token = page.pageToken();
    } while (token != null);
    return all;
  }

  private String remote(String id) {
    return Delivered.run(here, id, "mlflow")
        .orElseThrow(() -> new AssertionError(where + ": no run " + id));
  }

  private void compare(LoggedRun logged, Run found) {
    Run run = there.find(found.id()).orElseThrow();
    assertThat(run.status()).as(where).isEqualTo(logged.status);
    assertThat(run.params()).as(where).isEqualTo(logged.params);
    assertThat(run.tags()).as(where).containsAllEntriesOf(logged.tags);
    assertThat(run.inputs())
        .as(where)
        .extracting(input -> input.dataset().digest())
        .containsExactlyInAnyOrderElementsOf(logged.inputs);
    assertThat(run.models())
        .as(where)
        .extracting(model -> model.name() + " " + model.digest())
        .containsExactlyInAnyOrderElementsOf(logged.models);
    // A search also sees a model whose upload was begun and left.
    assertThat(found.models())
        .as(where)
        .extracting(LoggedModel::id)
        .containsExactlyInAnyOrderElementsOf(run.models().stream().map(LoggedModel::id).toList());
    logged.metrics.forEach((key, points) -> compare(found.id(), key, points));
    assertThat(there.artifacts(found.id(), ""))
        .as(where)
        .extracting(Artifact::path)
        .containsExactlyInAnyOrderElementsOf(logged.artifacts.keySet());
    logged.artifacts.forEach((path, text) -> compare(found.id(), path, text));
  }

  private void compare(String run, String key, List<Double> points) {
    try (Stream<Metric> history = there.metricHistory(run, key).stream()) {
      assertThat(history.sorted(Comparator.comparingLong(Metric::step)).map(Metric::value).toList())
          .as("%s, %s", where, key)
          .isEqualTo(points);
    }
  }

  private void compare(String run, String path, String text) {
    try (InputStream in = there.openArtifact(run, path)) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
          .as("%s, %s", where, path)
          .isEqualTo(text);
    } catch (IOException e) {
      throw new AssertionError(where, e);
    }
  }
}
