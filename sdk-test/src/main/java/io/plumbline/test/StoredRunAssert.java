package io.plumbline.test;

import io.plumbline.model.Artifact;
import io.plumbline.model.Metric;
import io.plumbline.model.Run;
import io.plumbline.tracking.TrackingClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** Assertions on a run with its artifacts and histories; made by {@link PlumblineAssertions}. */
public final class StoredRunAssert extends AbstractRunAssert<StoredRunAssert> {
  private final TrackingClient tracking;

  StoredRunAssert(TrackingClient tracking, Run run) {
    super(run, StoredRunAssert.class);
    this.tracking = tracking;
  }

  /** Verifies that the run has kept a file under that path. */
  public StoredRunAssert hasArtifact(String path) {
    List<String> found = files("");
    if (!found.contains(path)) {
      throw failure(
          "%nRun '%s' (%s): expected the artifact '%s', but it has %s",
          actual.name(), actual.id(), path, found);
    }
    return this;
  }

  /**
   * Verifies that the run has kept a file under that path, and that it holds that text in UTF-8.
   */
  public StoredRunAssert hasArtifact(String path, String text) {
    hasArtifact(path);
    String found;
    try (InputStream in = tracking.openArtifact(actual.id(), path)) {
      found = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!found.equals(text)) {
      throw failure(
          "%nRun '%s' (%s): expected the artifact '%s' to hold%n  %s%nbut it holds%n  %s",
          actual.name(), actual.id(), path, text, found);
    }
    return this;
  }

  private List<String> files(String directory) {
    List<String> files = new ArrayList<>();
    for (Artifact artifact : tracking.artifacts(actual.id(), directory)) {
      if (artifact.directory()) {
        files.addAll(files(artifact.path()));
      } else {
        files.add(artifact.path());
      }
    }
    return files;
  }

  /** Verifies all values of a metric, in the order in which they were logged. */
  public StoredRunAssert hasHistory(String key, double... values) {
    hasMetric(key);
    List<Double> found;
    try (Stream<Metric> points = tracking.metricHistory(actual.id(), key).stream()) {
      found = points.map(Metric::value).toList();
    }
    List<Double> expected = DoubleStream.of(values).boxed().toList();
    if (!found.equals(expected)) {
      throw failure(
          "%nRun '%s' (%s): expected the metric '%s' to run%n  %s%nbut it runs%n  %s",
          actual.name(), actual.id(), key, expected, found);
    }
    return this;
  }
}
