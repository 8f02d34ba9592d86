package io.plumbline.internal.store;

import io.plumbline.internal.search.RunFilter;
import io.plumbline.internal.search.RunOrder;
import io.plumbline.model.Page;
import io.plumbline.model.Run;
import io.plumbline.model.RunQuery;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers queries over runs that are in memory. */
public final class RunSearch {
  private RunSearch() {}

  /** Returns the page of the runs that the query asks for. */
  public static Page<Run> page(List<Run> runs, RunQuery query) {
    RunFilter filter = RunFilter.parse(query.filter());
    List<Run> found = new ArrayList<>();
    for (Run run : runs) {
      if (sees(query, run) && filter.matches(run)) {
        found.add(run);
      }
    }
    found.sort(RunOrder.parse(query.orderBy()));
    int from = offset(query.pageToken(), found.size());
    int to = Math.min(found.size(), from + query.maxResults());
    return new Page<>(found.subList(from, to), to < found.size() ? String.valueOf(to) : null);
  }

  private static boolean sees(RunQuery query, Run run) {
    boolean view =
        switch (query.view()) {
          case ACTIVE -> !run.deleted();
          case DELETED -> run.deleted();
          case ALL -> true;
        };
    return view
        && (query.experiments().isEmpty()
            || query.experiments().contains(run.experiment())
            || query.experiments().contains(run.experimentId()));
  }

  private static int offset(@Nullable String token, int size) {
    if (token == null) {
      return 0;
    }
    try {
      int offset = Integer.parseInt(token);
      if (offset >= 0) {
        return Math.min(offset, size);
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new IllegalArgumentException("'" + token + "' is no page token of this store");
  }
}
