package io.plumbline.test;

import io.plumbline.model.DatasetInput;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.Run;
import io.plumbline.model.RunStatus;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.DoubleConsumer;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/**
 * What can be asserted of every run; a failure's message shows what the run has instead.
 *
 * @param <S> the type of the assertions themselves
 */
public abstract class AbstractRunAssert<S extends AbstractRunAssert<S>>
    extends AbstractAssert<S, Run> {
  AbstractRunAssert(@Nullable Run run, Class<S> type) {
    super(run, type);
  }

  private Run run() {
    isNotNull();
    return actual;
  }

  /** Says which run failed, in front of what is wrong with it. */
  private AssertionError wrong(String format, Object... arguments) {
    String message = String.format(format, arguments).replace("%", "%%");
    return failure("%nRun '%s' (%s): " + message, actual.name(), actual.id());
  }

  // ---- the run

  /** Verifies that the run has ended in order. */
  public S isFinished() {
    return hasStatus(RunStatus.FINISHED);
  }

  /** Verifies that the run was ended by an exception, or closed without having been finished. */
  public S isFailed() {
    return hasStatus(RunStatus.FAILED);
  }

  /** Verifies that the run has not ended. */
  public S isRunning() {
    return hasStatus(RunStatus.RUNNING);
  }

  /** Verifies the run's status. */
  public S hasStatus(RunStatus status) {
    if (run().status() != status) {
      throw wrong("expected the status %s, but it is %s", status, run().status());
    }
    return myself;
  }

  /** Verifies the run's name. */
  public S hasName(String name) {
    if (!run().name().equals(name)) {
      throw wrong("expected the name '%s'", name);
    }
    return myself;
  }

  /** Verifies the name of the run's experiment. */
  public S isInExperiment(String experiment) {
    if (!run().experiment().equals(experiment)) {
      throw wrong("expected the experiment '%s', but it is '%s'", experiment, run().experiment());
    }
    return myself;
  }

  /** Verifies that the run is a child of that run. */
  public S isChildOf(String runId) {
    if (!run().parentId().equals(java.util.Optional.of(runId))) {
      throw wrong("expected the parent %s, but it is %s", runId, run().parentId().orElse("none"));
    }
    return myself;
  }

  /** Verifies that nothing was dropped, damaged or in conflict. */
  public S hasNoWarnings() {
    if (!run().warnings().isEmpty()) {
      throw wrong("expected no warnings, but it has %s", run().warnings());
    }
    return myself;
  }

  // ---- params and tags

  /** Verifies that the run has a param, with any value. */
  public S hasParam(String key) {
    if (!run().params().containsKey(key)) {
      throw wrong("expected the param '%s', but it has %s", key, list(run().params()));
    }
    return myself;
  }

  /** Verifies that the run has a param with that value. */
  public S hasParam(String key, String value) {
    String found = run().params().get(key);
    if (!Objects.equals(found, value)) {
      throw wrong(
          "expected the param '%s' to be '%s', but %s",
          key, value, butIs(found, "params", run().params()));
    }
    return myself;
  }

  /** Verifies that the run has these params, perhaps among others. */
  public S hasParams(Map<String, String> params) {
    params.forEach(this::hasParam);
    return myself;
  }

  /** Verifies that the run does not have a param. */
  public S doesNotHaveParam(String key) {
    if (run().params().containsKey(key)) {
      throw wrong("expected no param '%s', but it is '%s'", key, run().params().get(key));
    }
    return myself;
  }

  /** Verifies that the run has a tag with that value. */
  public S hasTag(String key, String value) {
    String found = run().tags().get(key);
    if (!Objects.equals(found, value)) {
      throw wrong(
          "expected the tag '%s' to be '%s', but %s",
          key, value, butIs(found, "tags", run().tags()));
    }
    return myself;
  }

  private static String butIs(@Nullable String found, String what, Map<String, String> all) {
    return found == null ? "it has only the " + what + " " + list(all) : "it is '" + found + "'";
  }

  private static String list(Map<String, ?> map) {
    return map.isEmpty() ? "none" : new TreeMap<>(map).toString();
  }

  // ---- metrics

  private double last(String key) {
    Map<String, Double> all = new TreeMap<>();
    run().metrics().forEach((k, summary) -> all.put(k, summary.last()));
    Double last = all.get(key);
    if (last == null) {
      throw wrong("expected the metric '%s', but it has %s", key, list(all));
    }
    return last;
  }

  /** Verifies that the run has a metric, with any value. */
  public S hasMetric(String key) {
    last(key);
    return myself;
  }

  /** Verifies that a metric's last value is exactly that one; NaN is equal to NaN. */
  public S hasMetric(String key, double value) {
    double last = last(key);
    if (Double.compare(last, value) != 0 && last != value) {
      throw wrong("expected the metric '%s' to end at %s, but it ends at %s", key, value, last);
    }
    return myself;
  }

  /** Verifies that a metric's last value is at most {@code tolerance} away from that one. */
  public S hasMetricCloseTo(String key, double value, double tolerance) {
    double last = last(key);
    if (!(Math.abs(last - value) <= tolerance)) {
      throw wrong(
          "expected the metric '%s' to end within %s of %s, but it ends at %s",
          key, tolerance, value, last);
    }
    return myself;
  }

  /** Verifies that a metric's last value satisfies other assertions. */
  public S hasMetricSatisfying(String key, DoubleConsumer assertions) {
    assertions.accept(last(key));
    return myself;
  }

  /** Verifies the number of points of a metric. */
  public S hasPoints(String key, long count) {
    last(key);
    long found = Objects.requireNonNull(run().metrics().get(key)).count();
    if (found != count) {
      throw wrong("expected %s points of the metric '%s', but it has %s", count, key, found);
    }
    return myself;
  }

  // ---- inputs and models

  /** Verifies that the run has read a dataset of that name in that context. */
  public S hasInput(String dataset, String context) {
    List<String> found =
        run().inputs().stream()
            .map((DatasetInput input) -> input.dataset().name() + " for " + input.context())
            .toList();
    if (!found.contains(dataset + " for " + context)) {
      throw wrong("expected the input %s for %s, but it has %s", dataset, context, found);
    }
    return myself;
  }

  /** Verifies that the run has logged a model under that name. */
  public S hasModel(String name) {
    List<String> found = run().models().stream().map(LoggedModel::name).toList();
    if (!found.contains(name)) {
      throw wrong("expected the model '%s', but it has %s", name, found);
    }
    return myself;
  }
}
