package io.plumbline.cli;

import io.plumbline.NotFoundException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.store.StoreView;
import io.plumbline.model.Experiment;
import io.plumbline.model.Page;
import io.plumbline.model.Run;
import io.plumbline.model.RunQuery;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which runs, for the commands that look at many. */
final class Selection {
  private static final int PAGE = 50_000;

  @Option(
      names = {"-e", "--experiment"},
      paramLabel = "NAME",
      description = "Only runs of this experiment, by name or id; may be given several times.")
  private List<String> experiments = new ArrayList<>();

  @Option(
      names = {"-f", "--filter"},
      paramLabel = "FILTER",
      description =
          "Only runs that fit, in MLflow's grammar, such as \"metrics.auc > 0.9 AND"
              + " params.max_depth = '6'\".")
  private String filter = "";

  @Option(
      names = {"-o", "--order-by"},
      paramLabel = "KEY",
      description =
          "The order, such as \"metrics.auc DESC\"; may be given several times. Without it the"
              + " newest run comes first.")
  private List<String> orderBy = new ArrayList<>();

  @Option(names = "--deleted", description = "Deleted runs instead of the others.")
  private boolean deleted;

  /** Returns the selection of a command where {@code -o} is not the order. */
  static Selection of(List<String> experiments, String filter) {
    Selection selection = new Selection();
    selection.experiments = experiments;
    selection.filter = filter;
    return selection;
  }

  /**
   * Returns the runs.
   *
   * @param limit at most so many; null for all
   */
  List<Run> find(StoreView view, @Nullable Integer limit) {
    checkExperiments(view);
    RunQuery query =
        RunQuery.builder()
            .experiments(experiments.toArray(String[]::new))
            .filter(filter)
            .orderBy(orderBy.toArray(String[]::new))
            .view(deleted ? RunQuery.View.DELETED : RunQuery.View.ACTIVE)
            .maxResults(limit == null ? PAGE : Math.min(PAGE, limit))
            .build();
    List<Run> found = new ArrayList<>();
    Page<Run> page = view.search(query);
    found.addAll(page.items());
    while (page.pageToken() != null && (limit == null || found.size() < limit)) {
      page = view.search(query.toBuilder().pageToken(page.pageToken()).build());
      found.addAll(page.items());
    }
    return limit == null || found.size() <= limit ? found : found.subList(0, limit);
  }

  private void checkExperiments(StoreView view) {
    for (String text : experiments) {
      boolean known =
          view.experiments().get(text).isPresent()
              || view.experiments().find(text).isPresent()
              || view.runs().all().stream().anyMatch(run -> run.experiment().equals(text));
      if (!known) {
        List<String> names = view.experiments().all().stream().map(Experiment::name).toList();
        throw new NotFoundException(
            "there is no experiment "
                + Printable.quote(text)
                + (names.isEmpty() ? "" : "; there are " + names));
      }
    }
  }

  boolean deleted() {
    return deleted;
  }
}
