package io.plumbline.internal.journal;

import io.plumbline.internal.Threads;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Syncs files beside the writer, which goes on writing meanwhile: an fsync takes as long as it
 * takes.
 */
final class SyncThread {
  /**
   * One round: files that have to be on the device before the segments that name them, then those.
   *
   * @param blobs whole files, by path
   * @param points segments
   * @param last whether the thread ends instead
   */
  record Round(List<Path> blobs, List<RunWriter.SyncPoint> points, boolean last) {
    Round(List<Path> blobs, List<RunWriter.SyncPoint> points) {
      this(blobs, points, false);
    }
  }

  /**
   * How a round went.
   *
   * @param failed the points whose fsync failed
   * @param error the first failure, or null
   */
  record Outcome(Round round, List<RunWriter.SyncPoint> failed, @Nullable IOException error) {}

  private final LinkedBlockingQueue<Round> rounds = new LinkedBlockingQueue<>();
  private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
  private final Runnable wake;
  private final Thread thread;

  SyncThread(Runnable wake) {
    this.wake = wake;
    this.thread = Threads.daemon("sync", this::loop);
    thread.start();
  }

  void submit(Round round) {
    rounds.add(round);
  }

  @Nullable Outcome poll() {
    return outcomes.poll();
  }

  void stop() {
    rounds.add(new Round(List.of(), List.of(), true));
  }

  boolean awaitEnd(long millis) {
    try {
      thread.join(Math.max(1, millis));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return !thread.isAlive();
  }

  private void loop() {
    while (true) {
      Round round;
      try {
        round = rounds.take();
      } catch (InterruptedException e) {
        continue; // nothing of ours interrupts this thread; whoever did has no claim on it
      }
      if (round.last()) {
        return;
      }
      outcomes.add(run(round));
      wake.run();
    }
  }

  static Outcome run(Round round) {
    List<RunWriter.SyncPoint> failed = new ArrayList<>();
    IOException error = null;
    for (Path blob : round.blobs()) {
      try {
        forcePath(blob, false);
      } catch (NoSuchFileException e) {
        // Erased meanwhile.
      } catch (IOException e) {
        error = error == null ? e : error;
      }
    }
    for (RunWriter.SyncPoint point : round.points()) {
      try {
        point.file().force();
        if (point.newFile()) {
          forcePath(point.run().folder(), true);
        }
        if (point.last()) {
          point.file().close();
        }
      } catch (IOException e) {
        failed.add(point);
        error = error == null ? e : error;
      }
    }
    return new Outcome(round, failed, error);
  }

  /** Syncs a file, or a folder's list of names; Windows has no such thing for folders. */
  static void forcePath(Path path, boolean folder) throws IOException {
    if (folder && path.getFileSystem().getSeparator().equals("\\")) {
      return;
    }
    if (!Files.exists(path)) {
      return;
    }
    try (FileChannel channel =
        FileChannel.open(path, folder ? StandardOpenOption.READ : StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }
}
