package io.plumbline.tracking.internal;

import io.plumbline.MetricHandle;
import io.plumbline.model.Dataset;
import io.plumbline.model.DatasetInput;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.RunStatus;
import io.plumbline.tracking.RunOptions;
import io.plumbline.tracking.Tracker;
import io.plumbline.tracking.TrackingClient;
import java.awt.image.RenderedImage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A tracker that keeps nothing and refuses nothing. */
final class DisabledTracker implements Tracker {
  private final String id;
  private final String name;
  private final String experiment;

  DisabledTracker(String id, String name, String experiment) {
    this.id = id;
    this.name = name;
    this.experiment = experiment;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String experiment() {
    return experiment;
  }

  @Override
  public void logParam(String key, String value) {}

  @Override
  public void logParam(String key, char value) {}

  @Override
  public void logParam(String key, long value) {}

  @Override
  public void logParam(String key, double value) {}

  @Override
  public void logParam(String key, float value) {}

  @Override
  public void logParam(String key, boolean value) {}

  @Override
  public void logParam(String key, Enum<?> value) {}

  @Override
  public void logParams(Map<String, ?> params) {}

  @Override
  public void logMetric(String key, double value, long step) {}

  @Override
  public void logMetric(String key, double value) {}

  @Override
  public void logMetrics(Map<String, ? extends Number> metrics) {}

  @Override
  public void logMetrics(Map<String, ? extends Number> metrics, long step) {}

  @Override
  public MetricHandle metric(String key) {
    return new MetricHandle() {
      @Override
      public String key() {
        return key;
      }

      @Override
      public void log(double value, long step) {}

      @Override
      public void log(double value) {}
    };
  }

  @Override
  public MetricHandle metric(String key, DatasetInput input) {
    return metric(key);
  }

  @Override
  public MetricHandle metric(String key, LoggedModel model) {
    return metric(key);
  }

  @Override
  public void setTag(String key, String value) {}

  @Override
  public void setTags(Map<String, String> tags) {}

  @Override
  public void deleteTag(String key) {}

  @Override
  public void note(String text) {}

  @Override
  public DatasetInput logInput(Dataset dataset, String context) {
    return new DatasetInput(dataset, context, Map.of());
  }

  @Override
  public void logArtifact(Path file) {}

  @Override
  public void logArtifact(Path file, String path) {}

  @Override
  public void logText(String text, String path) {}

  @Override
  public void logJson(Object document, String path) {}

  @Override
  public void logImage(RenderedImage image, String path) {}

  @Override
  public LoggedModel logModel(String modelName, ModelPackage model) {
    return Disabled.model(id, modelName, model);
  }

  @Override
  public <X extends Exception> void child(String childName, TrackingClient.Body<X> body) throws X {
    body.accept(startChild(RunOptions.named(childName)));
  }

  @Override
  public <T, X extends Exception> T callChild(String childName, TrackingClient.Call<T, X> body)
      throws X {
    return body.apply(startChild(RunOptions.named(childName)));
  }

  @Override
  public Tracker startChild(RunOptions options) {
    return DisabledClient.tracker(experiment, options);
  }

  @Override
  public void finish() {}

  @Override
  public void fail() {}

  @Override
  public void fail(Throwable cause) {}

  @Override
  public void end(RunStatus status) {}

  @Override
  public boolean flush(Duration timeout) {
    return true;
  }

  @Override
  public void close() {}
}
