package io.plumbline.tracking.internal;

import io.plumbline.Delivery;
import io.plumbline.internal.Engine;
import io.plumbline.internal.export.RunExport;
import io.plumbline.model.Page;
import io.plumbline.model.Run;
import io.plumbline.model.RunQuery;
import io.plumbline.model.RunStatus;
import io.plumbline.tracking.ExportFormat;
import io.plumbline.tracking.RunOptions;
import io.plumbline.tracking.Tracker;
import io.plumbline.tracking.TrackingClient;
import java.io.IOException;
import java.io.Writer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a client does in the same way whatever is behind it: the lambda forms and the delegation.
 */
abstract class AbstractClient implements TrackingClient {
  final Engine engine;
  private final boolean owned;

  AbstractClient(Engine engine, boolean owned) {
    this.engine = engine;
    this.owned = owned;
  }

  @Override
  public <X extends Exception> Run run(String experiment, Body<X> body) throws X {
    return run(experiment, RunOptions.none(), body);
  }

  @Override
  public <X extends Exception> Run run(Body<X> body) throws X {
    return run(engine.config().experiment(), RunOptions.none(), body);
  }

  @Override
  public <X extends Exception> Run run(String experiment, RunOptions options, Body<X> body)
      throws X {
    Instant start = Instant.now();
    Tracker ended =
        this.<Tracker, X>call(
            experiment,
            options,
            tracker -> {
              body.accept(tracker);
              return tracker;
            });
    return find(ended.id()).orElseGet(() -> unwritten(ended, start));
  }

  /** A run that is only in memory yet, because the disk does not take it. */
  private static Run unwritten(Tracker tracker, Instant start) {
    return Run.builder(tracker.id())
        .experiment("", tracker.experiment())
        .name(tracker.name())
        .status(RunStatus.FINISHED)
        .startTime(start)
        .endTime(Instant.now())
        .warning("the run is not on disk yet; see TrackingClient.delivery()")
        .build();
  }

  @Override
  public <T, X extends Exception> T call(String experiment, RunOptions options, Call<T, X> body)
      throws X {
    try (Tracker tracker = start(experiment, options)) {
      try {
        T result = body.apply(tracker);
        if (isOpen(tracker)) {
          tracker.finish();
        }
        return result;
      } catch (Throwable e) {
        fail(tracker, e);
        throw e;
      }
    }
  }

  /** Whatever goes wrong here, the caller gets the exception of the body. */
  private void fail(Tracker tracker, Throwable cause) {
    try {
      if (isOpen(tracker)) {
        tracker.fail(cause);
      }
    } catch (RuntimeException e) {
      cause.addSuppressed(e);
    }
  }

  /** Returns whether a run goes on: its body may have ended it. */
  abstract boolean isOpen(Tracker tracker);

  @Override
  public Tracker start() {
    return start(RunOptions.none());
  }

  @Override
  public Tracker start(RunOptions options) {
    return start(engine.config().experiment(), options);
  }

  @Override
  public Tracker start(String experiment) {
    return start(experiment, RunOptions.none());
  }

  @Override
  public List<Run> search(String experiment, String filter) {
    return search(RunQuery.builder().experiments(experiment).filter(filter).build()).items();
  }

  @Override
  public void exportRuns(RunQuery query, ExportFormat format, Writer out) throws IOException {
    RunExport.runs(all(query), format == ExportFormat.CSV, out);
    out.flush();
  }

  @Override
  public void exportMetrics(RunQuery query, ExportFormat format, Writer out) throws IOException {
    RunExport.points(
        all(query), this::metricHistory, format == ExportFormat.CSV, out, points -> {});
    out.flush();
  }

  private List<Run> all(RunQuery query) {
    List<Run> all = new ArrayList<>();
    Page<Run> page = search(query);
    all.addAll(page.items());
    while (page.pageToken() != null) {
      page = search(query.toBuilder().pageToken(page.pageToken()).build());
      all.addAll(page.items());
    }
    return all;
  }

  @Override
  public boolean flush(Duration timeout) {
    return engine.flush(timeout);
  }

  @Override
  public boolean awaitDelivery(Duration timeout) {
    return engine.awaitDelivery(timeout);
  }

  @Override
  public Delivery delivery() {
    return engine.delivery();
  }

  @Override
  public void close() {
    if (owned) {
      engine.close();
    }
  }
}
