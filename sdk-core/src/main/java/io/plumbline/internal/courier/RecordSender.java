package io.plumbline.internal.courier;

import io.plumbline.PlumblineException;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.internal.store.EmbeddedStore;
import io.plumbline.internal.store.RunJson;
import io.plumbline.spi.RunStore;
import io.plumbline.spi.RunUpdate;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Brings all but files and models over, batch by batch, and finds out what in a batch is refused:
 * one record is no reason to lose those around it.
 */
final class RecordSender implements Sender {
  private final EmbeddedStore store;
  private final Destination destination;
  private final Refusals refusals;
  private final RunStarts starts;
  private final Rate points = new Rate();

  RecordSender(EmbeddedStore store, Destination destination, Refusals refusals) {
    this.store = store;
    this.destination = destination;
    this.refusals = refusals;
    this.starts = new RunStarts(store, destination);
  }

  /** Returns the points that have arrived. */
  Rate points() {
    return points;
  }

  @Override
  public void send(RunDelivery run, List<Parcel> batch, Duration patience) throws IOException {
    RunStore runs = destination.backend().runs(patience);
    if (batch.get(0) instanceof Parcel.Start start) {
      starts.send(run, runs, start);
      run.done(1, 0);
      return;
    }
    String remote = run.remoteId().orElseThrow(() -> new NotYetException("the run's start"));
    if (Batch.isUpdate(batch.get(0))) {
      updates(run, runs, remote, batch);
    } else {
      alone(run, runs, remote, batch.get(0));
    }
  }

  @Override
  public void settle(RunDelivery run, Duration patience) throws IOException {
    starts.settle(run, destination.backend().runs(patience));
  }

  // ---- updates

  private void updates(RunDelivery run, RunStore runs, String remote, List<Parcel> batch)
      throws IOException {
    List<RunUpdate> updates = new ArrayList<>();
    for (Parcel parcel : batch) {
      RunUpdate update = update(run, parcel);
      if (update != null) {
        updates.add(update);
      }
    }
    try {
      if (!updates.isEmpty()) {
        runs.apply(remote, run.key(batch), updates);
      }
    } catch (PlumblineException | IllegalArgumentException e) {
      Refusals.requireFinal(runs, remote, e);
      refused(run, runs, remote, batch, e);
      return;
    }
    points.add(
        updates.stream().filter(u -> u instanceof RunUpdate.LogMetric).count(),
        store.time().nanos());
    run.done(batch.size(), 0);
  }

  /** One of a batch is the culprit: the halves are sent one after the other. */
  private void refused(
      RunDelivery run, RunStore runs, String remote, List<Parcel> batch, RuntimeException why)
      throws IOException {
    if (batch.size() == 1) {
      refusals.reject(run, batch.get(0), why);
      return;
    }
    int half = batch.size() / 2;
    updates(run, runs, remote, List.copyOf(batch.subList(0, half)));
    updates(run, runs, remote, List.copyOf(batch.subList(half, batch.size())));
  }

  private static @Nullable RunUpdate update(RunDelivery run, Parcel parcel) {
    if (parcel instanceof Parcel.Change change) {
      return change.update();
    }
    if (parcel instanceof Parcel.Point point) {
      JsonObject input = point.input();
      return new RunUpdate.LogMetric(
          point.key(),
          point.value(),
          point.step(),
          point.time(),
          input == null ? null : RunJson.input(input),
          point.model() == null ? null : run.remoteModel(point.model()).orElse(null));
    }
    return null;
  }

  // ---- what goes alone

  private void alone(RunDelivery run, RunStore runs, String remote, Parcel parcel)
      throws IOException {
    try {
      if (parcel instanceof Parcel.Status status) {
        status(run, runs, remote, status);
      } else if (parcel instanceof Parcel.Deletion deletion) {
        runs.setDeleted(remote, deletion.deleted());
      }
    } catch (PlumblineException | IllegalArgumentException e) {
      Refusals.requireFinal(runs, remote, e);
      refusals.reject(run, parcel, e);
      return;
    }
    run.done(1, 0);
  }

  /** A run that has ended is whole: its files are there, too. Another one's run is not ended. */
  private static void status(RunDelivery run, RunStore runs, String remote, Parcel.Status parcel)
      throws IOException {
    Remote made = run.files().remote().orElseThrow(Route::erased);
    if (made.adopted()) {
      return;
    }
    if (parcel.status().ended()) {
      if (!run.filesHaveArrived()) {
        throw new NotYetException("the run's files");
      }
      runs.deleteTwins(remote, run.runId(), run.files().elsewhere());
    }
    RunUpdate update = new RunUpdate.SetStatus(parcel.status(), parcel.time());
    runs.apply(remote, run.key(List.of(parcel)), List.of(update));
  }
}
