package io.plumbline.mlflow;

import io.plumbline.internal.Printable;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.Experiment;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.Page;
import io.plumbline.model.Run;
import io.plumbline.model.RunQuery;
import io.plumbline.model.RunTags;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Searches runs. */
final class RunSearch {
  /** More runs than anything makes of one request. */
  private static final int TWINS = 20;

  private final Rest rest;
  private final MlflowRuns runs;
  private final LoggedModels models;

  RunSearch(Rest rest, MlflowRuns runs, LoggedModels models) {
    this.rest = rest;
    this.runs = runs;
    this.models = models;
  }

  Page<Run> search(RunQuery query) {
    Map<String, String> experiments = experiments(query.experiments());
    if (experiments.isEmpty()) {
      return new Page<>(List.of(), null);
    }
    JsonObject page = ask(query, List.copyOf(experiments.keySet()));
    List<JsonObject> found = page.objects("runs");
    Map<String, List<LoggedModel>> logged = models.of(found);
    List<Run> read = new ArrayList<>();
    for (JsonObject run : found) {
      JsonObject info = run.object("info");
      read.add(
          RunJson.run(
              run,
              experiments.getOrDefault(info.string("experiment_id"), ""),
              logged.getOrDefault(info.string("run_id"), List.of())));
    }
    String token = page.stringOrEmpty("next_page_token");
    return new Page<>(read, token.isEmpty() ? null : token);
  }

  private JsonObject ask(RunQuery query, List<String> experimentIds) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("experiment_ids", experimentIds);
    body.put("filter", query.filter());
    body.put(
        "run_view_type",
        switch (query.view()) {
          case ACTIVE -> "ACTIVE_ONLY";
          case DELETED -> "DELETED_ONLY";
          case ALL -> "ALL";
        });
    body.put("max_results", query.maxResults());
    body.put("order_by", query.orderBy());
    if (query.pageToken() != null) {
      body.put("page_token", query.pageToken());
    }
    try {
      return rest.post("runs/search", body);
    } catch (Refused e) {
      if (e.refusal().isOfInput()) {
        throw new IllegalArgumentException(
            "the search for " + Printable.quote(query.filter()) + ": " + e.refusal().message());
      }
      throw e.refusal().exception();
    }
  }

  /** Returns the experiments that are meant, by name or id, with their names; all if none is. */
  private Map<String, String> experiments(List<String> namesOrIds) {
    Map<String, String> found = new LinkedHashMap<>();
    if (namesOrIds.isEmpty()) {
      runs.experiments().forEach(each -> found.put(each.id(), each.name()));
    }
    for (String nameOrId : namesOrIds) {
      Optional<Experiment> experiment = runs.findExperiment(nameOrId);
      if (experiment.isEmpty() && nameOrId.matches("[0-9]{1,20}")) {
        experiment = byId(nameOrId);
      }
      experiment.ifPresent(each -> found.put(each.id(), each.name()));
    }
    return found;
  }

  private Optional<Experiment> byId(String id) {
    try {
      return Optional.of(runs.experiment(id));
    } catch (io.plumbline.NotFoundException e) {
      return Optional.empty();
    }
  }

  /**
   * Finds the runs of an experiment that were made with a program's own id; active ones come first.
   *
   * @param writer who has made them; null for anybody
   */
  List<String> created(String experimentId, String localId, @Nullable String writer) {
    String filter = "tags.`" + RunTags.LOCAL_ID + "` = '" + localId + "'";
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("experiment_ids", List.of(experimentId));
    body.put(
        "filter",
        writer == null ? filter : filter + " AND tags.`" + RunTags.WRITER + "` = '" + writer + "'");
    body.put("run_view_type", "ALL");
    body.put("max_results", TWINS);
    try {
      return rest.post("runs/search", body).objects("runs").stream()
          .map(run -> run.object("info"))
          .sorted(Comparator.comparing(info -> info.stringOrEmpty("lifecycle_stage")))
          .map(info -> Ids.of(info, "run_id"))
          .toList();
    } catch (Refused e) {
      throw e.refusal().exception();
    }
  }
}
