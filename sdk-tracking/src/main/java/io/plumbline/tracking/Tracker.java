package io.plumbline.tracking;

import io.plumbline.ConflictException;
import io.plumbline.MetricHandle;
import io.plumbline.MetricLogger;
import io.plumbline.model.Dataset;
import io.plumbline.model.DatasetInput;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.RunStatus;
import java.awt.image.RenderedImage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * Logs into one run.
 *
 * <p>Safe for many threads. Metrics cost tens of nanoseconds and do not wait for a disk or a
 * server; params, tags, inputs and artifacts are on disk when the call returns. Calls throw only
 * for a programmer's error: an empty key, a closed run, a param set to two values, a file that is
 * not there. What goes wrong behind them is told by {@link TrackingClient#delivery()}.
 *
 * <p>Keys have at most 250 characters and no control characters, names at most 500, paths at most
 * 1,000; values may be long. What breaks that is an {@link IllegalArgumentException} that names it,
 * a call after the end of the run an {@link IllegalStateException}. Metrics whose ring is full make
 * one caller wait, for 100 ms at most; then they are dropped and counted until there is room.
 *
 * <p>A run that is closed without {@link #finish()} has FAILED: {@code close()} cannot see whether
 * it was reached by an exception. The lambda forms of {@link TrackingClient} finish by themselves.
 */
public interface Tracker extends MetricLogger, AutoCloseable {
  /** Returns the run's id. */
  String id();

  /** Returns the run's name. */
  String name();

  /** Returns the name of the run's experiment. */
  String experiment();

  // ---- params

  /**
   * Logs a param. Params do not change: the same value again is fine, another one is not.
   *
   * @throws ConflictException if the param has another value; the message names both
   */
  void logParam(String key, String value);

  /** Logs a param as text. */
  void logParam(String key, char value);

  /** Logs a param as text. */
  void logParam(String key, long value);

  /** Logs a param as text, as {@link Double#toString(double)} writes it. */
  void logParam(String key, double value);

  /** Logs a param as text, as {@link Float#toString(float)} writes it. */
  void logParam(String key, float value);

  /** Logs a param as {@code true} or {@code false}. */
  void logParam(String key, boolean value);

  /** Logs a param by the constant's name. */
  void logParam(String key, Enum<?> value);

  /**
   * Logs many params at once; values are written as {@link String#valueOf(Object)} says, enums by
   * name. All or none are logged.
   *
   * @throws ConflictException if one of them has another value already; the message names both
   */
  void logParams(Map<String, ?> params);

  // ---- metrics

  @Override
  void logMetric(String key, double value, long step);

  @Override
  void logMetric(String key, double value);

  /** Logs several metrics at each key's next step. */
  void logMetrics(Map<String, ? extends Number> metrics);

  /** Logs several metrics at one step. */
  void logMetrics(Map<String, ? extends Number> metrics, long step);

  @Override
  MetricHandle metric(String key);

  /** Returns the handle of a metric whose points were measured on that dataset input. */
  MetricHandle metric(String key, DatasetInput input);

  /** Returns the handle of a metric whose points belong to that model. */
  MetricHandle metric(String key, LoggedModel model);

  // ---- tags

  /** Sets a tag; the last value wins. */
  void setTag(String key, String value);

  /** Sets several tags. */
  void setTags(Map<String, String> tags);

  /** Removes a tag; one that is not there is no error. */
  void deleteTag(String key);

  /** Sets the note that people read beside the run. */
  void note(String text);

  // ---- inputs

  /**
   * Logs that the run reads a dataset.
   *
   * @param context what it is used for, such as {@code training}
   */
  DatasetInput logInput(Dataset dataset, String context);

  // ---- artifacts and models

  /** Keeps a file, or a directory with all in it, under its own name. */
  void logArtifact(Path file);

  /**
   * Keeps a file, or a directory with all in it, under that path. The content is captured before
   * the call returns: the file may change or go afterwards.
   *
   * @param path relative, with {@code /} between its parts
   */
  void logArtifact(Path file, String path);

  /** Keeps a text, in UTF-8. */
  void logText(String text, String path);

  /** Keeps a document as JSON: maps, iterables, text, numbers, booleans and null. */
  void logJson(Object document, String path);

  /** Keeps a picture, as PNG. */
  void logImage(RenderedImage image, String path);

  /**
   * Keeps a model.
   *
   * @param name the name under which {@link io.plumbline.model.Run#model} finds it
   */
  LoggedModel logModel(String name, ModelPackage model);

  // ---- children

  /** Runs the body in a child run; finished on return, failed and rethrown on an exception. */
  <X extends Exception> void child(String name, TrackingClient.Body<X> body) throws X;

  /** Runs the body in a child run and returns what it returns. */
  <T, X extends Exception> T callChild(String name, TrackingClient.Call<T, X> body) throws X;

  /** Starts a child run, which the caller finishes or closes. */
  Tracker startChild(RunOptions options);

  // ---- the end

  /** Ends the run as FINISHED. Later calls of its logging methods throw. */
  void finish();

  /** Ends the run as FAILED. */
  void fail();

  /**
   * Ends the run as FAILED, and says what has ended it in the tag {@link
   * io.plumbline.model.RunTags#FAILURE}: the exception's class and where it was thrown. Its message
   * is left out, since it may hold a secret.
   */
  void fail(Throwable cause);

  /** Ends the run with that status: FINISHED, FAILED or KILLED. */
  void end(RunStatus status);

  /**
   * Waits until everything that was logged before this call is on disk, as far as the fsync policy
   * says.
   *
   * @return whether that was so within the time
   */
  boolean flush(Duration timeout);

  /** Ends the run as FAILED if nothing has ended it, and gives its resources back. Idempotent. */
  @Override
  void close();
}
