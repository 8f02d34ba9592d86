package io.plumbline.serving.internal.capture;

import io.plumbline.serving.LogRow;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The row of a lease that is not of this logger's live model: nothing can be said of its columns.
 */
record NoRow(Capture of) implements LogRow {
  @Override
  public LogRow features(double[] features) {
    return this;
  }

  @Override
  public LogRow features(float[] features) {
    return this;
  }

  @Override
  public LogRow features(Map<String, ? extends @Nullable Object> features) {
    return this;
  }

  @Override
  public LogRow set(String column, double value) {
    return this;
  }

  @Override
  public LogRow set(String column, long value) {
    return this;
  }

  @Override
  public LogRow set(String column, boolean value) {
    return this;
  }

  @Override
  public LogRow set(String column, String value) {
    return this;
  }

  @Override
  public LogRow set(String column, float[] value) {
    return this;
  }

  @Override
  public LogRow prediction(double[] outputs) {
    return this;
  }

  @Override
  public LogRow prediction(double output) {
    return this;
  }

  @Override
  public LogRow at(Instant time) {
    return this;
  }

  @Override
  public LogRow entity(String id) {
    return this;
  }

  @Override
  public LogRow role(Role role) {
    return this;
  }

  @Override
  public LogRow outcome(Outcome outcome) {
    return this;
  }

  @Override
  public LogRow latency(Duration time) {
    return this;
  }

  @Override
  public LogRow trace(String id) {
    return this;
  }

  @Override
  public LogRow slice(String name) {
    return this;
  }

  @Override
  public boolean commit() {
    return of.refuse("a row has a lease that is not of the logger's live model");
  }
}
