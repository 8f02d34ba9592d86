package io.plumbline.tracking;

import io.plumbline.Config;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A program of its own that tracks a run: what tests start, watch and kill. */
public final class ChildProgram {
  private ChildProgram() {}

  /**
   * Starts.
   *
   * @param args what to do, the folder of the test, and for {@code join} a run's id and a number
   */
  public static void main(String[] args) throws InterruptedException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Config config = Config.builder().isolated().store(Path.of(args[1]).resolve("store")).build();
    TrackingClient tracking = TrackingClient.create(config);
    if (args[0].equals("join")) {
      join(tracking, args[2], Integer.parseInt(args[3]));
      tracking.close();
      return;
    }
    Tracker tracker = tracking.start("child");
    tracker.logParam("depth", 6);
    tracker.setTag("team", "ops");
    tracker.logMetric("auc", 0.9);
    if (args[0].equals("exit")) {
      out.println("ready " + tracker.id());
      System.exit(3);
    }
    Thread busy = new Thread(() -> log(tracker, out), "busy");
    busy.setDaemon(true);
    busy.start();
    while (tracking.metricHistory(tracker.id(), "loss").summary().count() == 0) {
      Thread.onSpinWait();
    }
    out.println("ready " + tracker.id());
    new CountDownLatch(1).await(); // until somebody ends this program
  }

  private static void log(Tracker tracker, PrintStream out) {
    var loss = tracker.metric("loss");
    try {
      for (long step = 0; true; step++) {
        loss.log(1.0 / (step + 1), step);
        if (step % 100 == 0) {
          tracker.setTag("step", String.valueOf(step));
        }
      }
    } catch (RuntimeException e) {
      out.println("failed: " + e);
    }
  }

  private static void join(TrackingClient tracking, String run, int number) {
    try (Tracker tracker = tracking.join(run)) {
      tracker.logParam("of." + number, number);
      for (int step = 0; step < 100; step++) {
        tracker.logMetric("loss." + number, step, step);
        tracker.logMetric("all", number, step);
      }
      tracker.logText("by " + number, "notes/" + number + ".txt");
      tracker.finish();
    }
  }
}
