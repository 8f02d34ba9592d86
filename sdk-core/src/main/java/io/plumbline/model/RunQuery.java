package io.plumbline.model;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A question to a store: which runs, in which order.
 *
 * <p>The filter is MLflow's: conditions joined by {@code AND}, such as {@code metrics.auc > 0.9 AND
 * params.max_depth = '6' AND attributes.status = 'FINISHED'}. The order is a list such as {@code
 * metrics.auc DESC}; without one, the newest run comes first.
 */
public final class RunQuery {
  /** Which runs a query sees. */
  public enum View {
    /** Runs that are not deleted. */
    ACTIVE,
    /** Deleted runs. */
    DELETED,
    /** Both. */
    ALL
  }

  private final List<String> experiments;
  private final String filter;
  private final List<String> orderBy;
  private final int maxResults;
  private final @Nullable String pageToken;
  private final View view;

  private RunQuery(Builder b) {
    this.experiments = List.copyOf(b.experiments);
    this.filter = b.filter;
    this.orderBy = List.copyOf(b.orderBy);
    this.maxResults = b.maxResults;
    this.pageToken = b.pageToken;
    this.view = b.view;
  }

  /** Starts a query for all active runs, newest first, 1,000 a page. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder with this query's values. */
  public Builder toBuilder() {
    Builder b = new Builder();
    b.experiments = experiments;
    b.filter = filter;
    b.orderBy = orderBy;
    b.maxResults = maxResults;
    b.pageToken = pageToken;
    b.view = view;
    return b;
  }

  /** Returns the experiments to look in, by name or id; empty for all. */
  public List<String> experiments() {
    return experiments;
  }

  /** Returns the filter; empty for none. */
  public String filter() {
    return filter;
  }

  /** Returns the order; empty for newest first. */
  public List<String> orderBy() {
    return orderBy;
  }

  /** Returns the largest number of runs in one page. */
  public int maxResults() {
    return maxResults;
  }

  /** Returns the token of the page to read, or null for the first. */
  public @Nullable String pageToken() {
    return pageToken;
  }

  /** Returns which runs the query sees. */
  public View view() {
    return view;
  }

  /** Collects a query. */
  public static final class Builder {
    private List<String> experiments = List.of();
    private String filter = "";
    private List<String> orderBy = List.of();
    private int maxResults = 1_000;
    private @Nullable String pageToken;
    private View view = View.ACTIVE;

    private Builder() {}

    /** Looks only in these experiments, given by name or id. */
    public Builder experiments(String... namesOrIds) {
      this.experiments = List.of(namesOrIds);
      return this;
    }

    /** Sets the filter, in MLflow's grammar. */
    public Builder filter(String filter) {
      this.filter = Objects.requireNonNull(filter, "filter");
      return this;
    }

    /** Sets the order, such as {@code "metrics.auc DESC"}; earlier ones weigh more. */
    public Builder orderBy(String... orderBy) {
      this.orderBy = List.of(orderBy);
      return this;
    }

    /** Sets the page size, from 1 to 50,000. */
    public Builder maxResults(int maxResults) {
      if (maxResults < 1 || maxResults > 50_000) {
        throw new IllegalArgumentException(
            "maxResults must be between 1 and 50,000, not " + maxResults);
      }
      this.maxResults = maxResults;
      return this;
    }

    /** Sets the page to read: the token of the page before it, or null for the first. */
    public Builder pageToken(@Nullable String pageToken) {
      this.pageToken = pageToken;
      return this;
    }

    /** Sets which runs the query sees. */
    public Builder view(View view) {
      this.view = Objects.requireNonNull(view, "view");
      return this;
    }

    /** Returns the query. */
    public RunQuery build() {
      return new RunQuery(this);
    }
  }
}
