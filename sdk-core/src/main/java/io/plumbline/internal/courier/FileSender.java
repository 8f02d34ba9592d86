package io.plumbline.internal.courier;

import io.plumbline.IntegrityException;
import io.plumbline.PlumblineException;
import io.plumbline.TransportException;
import io.plumbline.internal.digest.Sha256;
import io.plumbline.internal.store.EmbeddedStore;
import io.plumbline.spi.RunStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Brings files over, as many at a time as the backend likes, and models one by one. After a failure
 * they go one by one for a while, so that what has arrived is not sent again for the sake of one
 * that has not.
 */
final class FileSender implements Sender {
  private final EmbeddedStore store;
  private final Destination destination;
  private final Refusals refusals;
  private final ModelSender models;
  private int width = Batch.FILES;

  FileSender(EmbeddedStore store, Destination destination, Refusals refusals) {
    this.store = store;
    this.destination = destination;
    this.refusals = refusals;
    this.models = new ModelSender(store);
  }

  @Override
  public void send(RunDelivery run, List<Parcel> batch, Duration patience) throws IOException {
    RunStore runs = destination.backend().runs(patience);
    String remote = run.remoteId().orElseThrow(() -> new NotYetException("the run's start"));
    try {
      if (batch.size() == 1 || batch.size() > width || !together(runs, remote, batch)) {
        for (Parcel parcel : batch) {
          alone(run, runs, remote, parcel);
        }
      } else {
        run.done(batch.size(), 0);
      }
      width = Math.min(Batch.FILES, 2 * width);
    } catch (PlumblineException e) {
      width = 1;
      throw e;
    }
  }

  /** Whoever brings the records does that. */
  @Override
  public void settle(RunDelivery run, Duration patience) {
    throw new NotYetException("the run's start");
  }

  /** Returns whether all have arrived; if not, one of them is refused. */
  private boolean together(RunStore runs, String remote, List<Parcel> batch) {
    try {
      Map<String, Path> files = new LinkedHashMap<>();
      for (Parcel parcel : batch) {
        Parcel.File file = (Parcel.File) parcel;
        files.put(file.path(), content(file));
      }
      runs.putArtifacts(remote, files);
      return true;
    } catch (PlumblineException | IllegalArgumentException e) {
      Refusals.requireFinalOfFile(runs, remote, e);
      return false;
    }
  }

  private void alone(RunDelivery run, RunStore runs, String remote, Parcel parcel)
      throws IOException {
    try {
      if (parcel instanceof Parcel.Model model) {
        models.send(run, runs, remote, model);
      } else if (parcel instanceof Parcel.File file) {
        runs.putArtifact(remote, file.path(), content(file));
      } else if (parcel instanceof Parcel.Unreadable unreadable) {
        throw new IntegrityException("it can't be read: " + unreadable.why());
      }
    } catch (PlumblineException | IllegalArgumentException e) {
      Refusals.requireFinalOfFile(runs, remote, e);
      refusals.reject(run, parcel, e);
      return;
    }
    run.done(1, 0);
  }

  private Path content(Parcel.File file) {
    Path content = store.blobs().path(file.sha256());
    if (Files.notExists(content)) {
      throw new IntegrityException("its content is not in the store any more: " + content);
    }
    if (!digest(content).equals(file.sha256())) {
      throw new IntegrityException("its content is damaged: " + content);
    }
    return content;
  }

  private static String digest(Path content) {
    try {
      return Sha256.of(content).sha256();
    } catch (IOException e) {
      throw new TransportException("a file can't be read here now: " + content + ": " + e, e);
    }
  }
}
