package io.plumbline.internal.courier;

import io.plumbline.IntegrityException;
import io.plumbline.PlumblineException;
import io.plumbline.internal.Threads;
import io.plumbline.internal.store.EmbeddedStore;
import io.plumbline.spi.RunStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Brings files over, some at a time. */
final class FileSender implements Sender {
  /** How many at a time. */
  static final int WIDTH = 4;

  private final EmbeddedStore store;
  private final Destination destination;
  private final Refusals refusals;
  private final ThreadPoolExecutor threads;

  FileSender(EmbeddedStore store, Destination destination, Refusals refusals) {
    this.store = store;
    this.destination = destination;
    this.refusals = refusals;
    this.threads =
        new ThreadPoolExecutor(
            WIDTH,
            WIDTH,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Threads.factory("files-" + destination.name()));
    threads.allowCoreThreadTimeOut(true);
  }

  /** What came in order is noted in order: a file behind one that has failed is sent again. */
  @Override
  public void send(RunDelivery run, List<Parcel> batch, Duration patience)
      throws IOException, InterruptedException {
    RunStore runs = destination.backend().runs(patience);
    String remote = run.remoteId().orElseThrow(() -> new NotYetException("the run's start"));
    List<Future<?>> sending = new ArrayList<>();
    try {
      for (Parcel parcel : batch) {
        sending.add(threads.submit(() -> put(runs, remote, (Parcel.File) parcel)));
      }
      for (int i = 0; i < batch.size(); i++) {
        await(sending.get(i), run, runs, remote, batch.get(i));
      }
    } finally {
      sending.forEach(file -> file.cancel(true));
    }
  }

  private void put(RunStore runs, String remote, Parcel.File file) {
    Path content = store.blobs().path(file.sha256());
    if (!Files.isReadable(content)) {
      throw new IntegrityException("its content is not in the store any more: " + content);
    }
    runs.putArtifact(remote, file.path(), content);
  }

  private void await(
      Future<?> sending, RunDelivery run, RunStore runs, String remote, Parcel parcel)
      throws IOException, InterruptedException {
    try {
      sending.get();
      run.done(1, 0);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof PlumblineException
          || e.getCause() instanceof IllegalArgumentException) {
        RuntimeException why = (RuntimeException) e.getCause();
        Refusals.check(runs, remote, why);
        refusals.reject(run, parcel, why);
      } else {
        throw new IllegalStateException(parcel.what() + " can't be sent", e.getCause());
      }
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
