package io.plumbline.mlflow;

import io.plumbline.Config;
import io.plumbline.tracking.Tracker;
import io.plumbline.tracking.TrackingClient;
import java.nio.file.Path;

/** Logs into a run until it is killed. */
final class LoggingProgram {
  private LoggingProgram() {}

  static Config config(Path store, String uri) {
    return Config.builder()
        .isolated()
        .store(store)
        .trackingUri(uri)
        .set("shutdown.hook", "off")
        .build();
  }

  public static void main(String[] args) throws InterruptedException {
    try (TrackingClient tracking = TrackingClient.create(config(Path.of(args[0]), args[1]))) {
      Tracker tracker = tracking.start(args[2]);
      System.out.println(tracker.id());
      for (int i = 0; ; i++) {
        tracker.logMetric("m", i % 97 == 0 ? Double.NaN : i, i);
        if (i % 50 == 0) {
          tracker.logParam("p" + i, i);
          tracker.logText("text " + i, "t" + i + ".txt");
          Thread.sleep(5);
        }
      }
    }
  }
}
