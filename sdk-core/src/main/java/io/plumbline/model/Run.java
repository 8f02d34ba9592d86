package io.plumbline.model;

import io.plumbline.NotFoundException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** A run as it was when it was read: an immutable picture, not a live view. */
public final class Run {
  private final String id;
  private final String experimentId;
  private final String experiment;
  private final String name;
  private final RunStatus status;
  private final Instant startTime;
  private final @Nullable Instant endTime;
  private final String user;
  private final @Nullable String parentId;
  private final boolean deleted;
  private final Map<String, String> params;
  private final Map<String, MetricSummary> metrics;
  private final List<LinkedMetric> linkedMetrics;
  private final Map<String, String> tags;
  private final List<DatasetInput> inputs;
  private final List<LoggedModel> models;
  private final List<String> warnings;

  private Run(Builder b) {
    this.id = b.id;
    this.experimentId = b.experimentId;
    this.experiment = b.experiment;
    this.name = b.name;
    this.status = b.status;
    this.startTime = b.startTime;
    this.endTime = b.endTime;
    this.user = b.user;
    this.parentId = b.parentId;
    this.deleted = b.deleted;
    this.params = Collections.unmodifiableMap(new LinkedHashMap<>(b.params));
    this.metrics = Collections.unmodifiableMap(new LinkedHashMap<>(b.metrics));
    this.linkedMetrics = List.copyOf(b.linkedMetrics);
    this.tags = Collections.unmodifiableMap(new LinkedHashMap<>(b.tags));
    this.inputs = List.copyOf(b.inputs);
    this.models = List.copyOf(b.models);
    this.warnings = List.copyOf(b.warnings);
  }

  /** Starts a run with that id; everything else has a default. */
  public static Builder builder(String id) {
    return new Builder(id);
  }

  /** Returns a builder with this run's values. */
  public Builder toBuilder() {
    Builder b = new Builder(id);
    b.experimentId = experimentId;
    b.experiment = experiment;
    b.name = name;
    b.status = status;
    b.startTime = startTime;
    b.endTime = endTime;
    b.user = user;
    b.parentId = parentId;
    b.deleted = deleted;
    b.params = params;
    b.metrics = metrics;
    b.linkedMetrics = linkedMetrics;
    b.tags = tags;
    b.inputs = inputs;
    b.models = models;
    b.warnings.addAll(warnings);
    return b;
  }

  /** Returns the run's id: 32 hex digits for runs of Plumbline. */
  public String id() {
    return id;
  }

  /** Returns the id of the experiment that the run belongs to. */
  public String experimentId() {
    return experimentId;
  }

  /** Returns the name of that experiment. */
  public String experiment() {
    return experiment;
  }

  /** Returns the run's name; not unique. */
  public String name() {
    return name;
  }

  /** Returns the status when the run was read. */
  public RunStatus status() {
    return status;
  }

  /** Returns when the run started. */
  public Instant startTime() {
    return startTime;
  }

  /** Returns when the run ended, or nothing while it has not. */
  public Optional<Instant> endTime() {
    return Optional.ofNullable(endTime);
  }

  /** Returns how long the run took, or nothing while it has not ended. */
  public Optional<Duration> duration() {
    return endTime().map(end -> Duration.between(startTime, end));
  }

  /** Returns who started the run; may be empty. */
  public String user() {
    return user;
  }

  /** Returns the id of the run that this one is a child of. */
  public Optional<String> parentId() {
    return Optional.ofNullable(parentId);
  }

  /** Returns the name of the group that the run was started in. */
  public Optional<String> group() {
    return Optional.ofNullable(tags.get(RunTags.GROUP));
  }

  /** Returns the run's note. */
  public Optional<String> note() {
    return Optional.ofNullable(tags.get(RunTags.NOTE));
  }

  /** Returns whether the run was deleted; a deleted run can be restored until it is erased. */
  public boolean deleted() {
    return deleted;
  }

  /** Returns the params in the order in which they were logged. */
  public Map<String, String> params() {
    return params;
  }

  /** Returns the metrics by key: the last value of each, its range and its count. */
  public Map<String, MetricSummary> metrics() {
    return metrics;
  }

  /** Returns the metrics that were linked to a dataset input or a model, by key and link. */
  public List<LinkedMetric> linkedMetrics() {
    return linkedMetrics;
  }

  /** Returns the last value of a metric, or nothing if the run has no such metric. */
  public OptionalDouble metric(String key) {
    MetricSummary summary = metrics.get(key);
    return summary == null ? OptionalDouble.empty() : OptionalDouble.of(summary.last());
  }

  /** Returns the tags. */
  public Map<String, String> tags() {
    return tags;
  }

  /** Returns the datasets that the run has read. */
  public List<DatasetInput> inputs() {
    return inputs;
  }

  /** Returns the models that the run has logged. */
  public List<LoggedModel> models() {
    return models;
  }

  /**
   * Returns the model that was logged under that name; of several, the newest.
   *
   * @throws NotFoundException if the run has no such model; the message names those that it has
   */
  public LoggedModel model(String modelName) {
    LoggedModel newest = null;
    for (LoggedModel model : models) {
      if (model.name().equals(modelName)
          && (newest == null || !model.created().isBefore(newest.created()))) {
        newest = model;
      }
    }
    if (newest != null) {
      return newest;
    }
    throw new NotFoundException(
        "run "
            + id
            + " has no model '"
            + modelName
            + "'; it has "
            + models.stream().map(LoggedModel::name).toList());
  }

  /**
   * Returns what a reader should know before it trusts the run: damage that was skipped, metrics
   * that were dropped, params that two processes set to different values. Empty for a sound run.
   */
  public List<String> warnings() {
    return warnings;
  }

  @Override
  public String toString() {
    return "Run[" + id + " '" + name + "' of '" + experiment + "', " + status + "]";
  }

  /** Collects what a {@link Run} shows; used by backends. */
  public static final class Builder {
    private final String id;
    private String experimentId = "";
    private String experiment = "";
    private String name = "";
    private RunStatus status = RunStatus.UNKNOWN;
    private Instant startTime = Instant.EPOCH;
    private @Nullable Instant endTime;
    private String user = "";
    private @Nullable String parentId;
    private boolean deleted;
    private Map<String, String> params = Map.of();
    private Map<String, MetricSummary> metrics = Map.of();
    private List<LinkedMetric> linkedMetrics = List.of();
    private Map<String, String> tags = Map.of();
    private List<DatasetInput> inputs = List.of();
    private List<LoggedModel> models = List.of();
    private final List<String> warnings = new ArrayList<>();

    private Builder(String id) {
      this.id = Objects.requireNonNull(id, "id");
    }

    /** Sets the experiment's id and name. */
    public Builder experiment(String experimentId, String experiment) {
      this.experimentId = Objects.requireNonNull(experimentId, "experimentId");
      this.experiment = Objects.requireNonNull(experiment, "experiment");
      return this;
    }

    /** Sets the name. */
    public Builder name(String name) {
      this.name = Objects.requireNonNull(name, "name");
      return this;
    }

    /** Sets the status. */
    public Builder status(RunStatus status) {
      this.status = Objects.requireNonNull(status, "status");
      return this;
    }

    /** Sets the start. */
    public Builder startTime(Instant startTime) {
      this.startTime = Objects.requireNonNull(startTime, "startTime");
      return this;
    }

    /** Sets the end, or null for a run that has not ended. */
    public Builder endTime(@Nullable Instant endTime) {
      this.endTime = endTime;
      return this;
    }

    /** Sets the user. */
    public Builder user(String user) {
      this.user = Objects.requireNonNull(user, "user");
      return this;
    }

    /** Sets the parent's id, or null for a run without a parent. */
    public Builder parentId(@Nullable String parentId) {
      this.parentId = parentId;
      return this;
    }

    /** Sets whether the run is deleted. */
    public Builder deleted(boolean deleted) {
      this.deleted = deleted;
      return this;
    }

    /** Sets the params; the order is kept. */
    public Builder params(Map<String, String> params) {
      this.params = params;
      return this;
    }

    /** Sets the metrics; the order is kept. */
    public Builder metrics(Map<String, MetricSummary> metrics) {
      this.metrics = metrics;
      return this;
    }

    /** Sets the metrics that are linked to a dataset input or a model. */
    public Builder linkedMetrics(List<LinkedMetric> linkedMetrics) {
      this.linkedMetrics = linkedMetrics;
      return this;
    }

    /** Sets the tags; the order is kept. */
    public Builder tags(Map<String, String> tags) {
      this.tags = tags;
      return this;
    }

    /** Sets the dataset inputs. */
    public Builder inputs(List<DatasetInput> inputs) {
      this.inputs = inputs;
      return this;
    }

    /** Sets the logged models. */
    public Builder models(List<LoggedModel> models) {
      this.models = models;
      return this;
    }

    /** Adds a warning. */
    public Builder warning(String warning) {
      warnings.add(warning);
      return this;
    }

    /** Returns the run. */
    public Run build() {
      return new Run(this);
    }
  }
}
