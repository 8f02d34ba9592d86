package io.plumbline.mlflow;

import io.plumbline.ConflictException;
import io.plumbline.spi.RunUpdate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The updates of a batch, sorted by the requests that they need. Their order matters only among
 * updates of one key, which this keeps: the last tag wins, as do the last name and status.
 */
final class RunBatch {
  final Map<String, String> params = new LinkedHashMap<>();
  final List<RunUpdate.LogMetric> metrics = new ArrayList<>();

  /** Nothing stands for a tag that is deleted. */
  final Map<String, Optional<String>> tags = new LinkedHashMap<>();

  final List<RunUpdate.LogInput> inputs = new ArrayList<>();
  @Nullable String name;
  RunUpdate.@Nullable SetStatus status;

  /**
   * Sorts the updates.
   *
   * @throws ConflictException if they have two values for a param
   * @throws io.plumbline.ServerException.InvalidRequest if one is more than the server takes
   */
  RunBatch(String runId, List<RunUpdate> updates) {
    for (RunUpdate update : updates) {
      add(runId, update);
    }
  }

  private void add(String runId, RunUpdate update) {
    Limits.check(update);
    if (update instanceof RunUpdate.LogMetric metric) {
      metrics.add(metric);
    } else if (update instanceof RunUpdate.LogParam param) {
      String old = params.putIfAbsent(param.key(), param.value());
      if (old != null && !old.equals(param.value())) {
        throw conflict(runId, param.key(), old, param.value());
      }
    } else if (update instanceof RunUpdate.SetTag tag) {
      tags.put(tag.key(), Optional.of(tag.value()));
    } else if (update instanceof RunUpdate.DeleteTag tag) {
      tags.put(tag.key(), Optional.empty());
    } else if (update instanceof RunUpdate.LogInput input) {
      inputs.add(input);
    } else if (update instanceof RunUpdate.Rename rename) {
      name = rename.name();
    } else if (update instanceof RunUpdate.SetStatus set) {
      status = set;
    }
  }

  /** Returns the tags that are set. */
  Map<String, String> tagsToSet() {
    Map<String, String> set = new LinkedHashMap<>();
    tags.forEach((key, value) -> value.ifPresent(text -> set.put(key, text)));
    return set;
  }

  /** Returns the keys of the tags that are deleted. */
  List<String> tagsToDelete() {
    return tags.entrySet().stream()
        .filter(tag -> tag.getValue().isEmpty())
        .map(Map.Entry::getKey)
        .toList();
  }

  static ConflictException conflict(String runId, String key, String old, String wanted) {
    return new ConflictException(
        "param '"
            + key
            + "' of run "
            + runId
            + " is '"
            + old
            + "' and cannot become '"
            + wanted
            + "'");
  }
}
