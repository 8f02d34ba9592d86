package io.plumbline.benchmarks;

import io.plumbline.MetricHandle;
import io.plumbline.tracking.Tracker;
import io.plumbline.tracking.TrackingClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.mlflow.tracking.MlflowClient;

/** How many metrics a second arrive at a real MLflow server, by us and by others, in turn. */
final class MlflowFigures {
  private MlflowFigures() {}

  /** From the first call of a run to the arrival of its last metric. */
  private static double courier(MlflowPeer peer, int metrics, int keys) throws Exception {
    Path store = Stores.folder();
    try (TrackingClient client = peer.tracking(store);
        Tracker tracker = client.start("courier")) {
      deliver(client); // the run itself: the others have theirs before the clock, too
      MetricHandle[] handles = new MetricHandle[keys];
      for (int i = 0; i < keys; i++) {
        handles[i] = tracker.metric("k" + i);
      }
      long start = System.nanoTime();
      for (int i = 0; i < metrics; i++) {
        handles[i % keys].log(Math.sin(i), i / keys);
      }
      deliver(client);
      double rate = metrics / ((System.nanoTime() - start) / 1e9);
      tracker.finish();
      return rate;
    } finally {
      Stores.delete(store);
    }
  }

  private static void deliver(TrackingClient client) {
    if (!client.awaitDelivery(Duration.ofMinutes(10))) {
      throw new IllegalStateException("not delivered: " + client.delivery());
    }
  }

  /** What the server takes, from a loop that only posts what was made before the clock. */
  private static double bare(MlflowPeer peer, int metrics, int keys) throws Exception {
    List<String> bodies = MlflowPeer.batches(peer.run(), metrics, keys);
    long start = System.nanoTime();
    for (String body : bodies) {
      peer.post("runs/log-batch", body);
    }
    return metrics / ((System.nanoTime() - start) / 1e9);
  }

  /** Over a bare loop of full posts. */
  static final class AgainstServer implements Figures.Figure {
    @Override
    public void measure(Figures.Context context) throws Exception {
      try (MlflowPeer peer = MlflowPeer.start(context)) {
        if (peer != null) {
          int metrics = context.quick() ? 50_000 : 100_000;
          bare(peer, 20_000, 1);
          courier(peer, 20_000, 1);
          Spread one = measure(context, peer, metrics, 1);
          Spread many = measure(context, peer, metrics, 100);
          Spread worse = one.median() < many.median() ? one : many;
          context.result("mlflow.delivered.vs_server", worse.median(), "x", "" + worse);
        }
      }
    }

    private static Spread measure(Figures.Context context, MlflowPeer peer, int metrics, int keys)
        throws Exception {
      int rounds = context.quick() ? 3 : 7;
      double[] ratios = new double[rounds];
      double[] server = new double[rounds];
      for (int i = 0; i < rounds; i++) {
        double before = bare(peer, metrics, keys);
        double ours = courier(peer, metrics, keys);
        server[i] = (before + bare(peer, metrics, keys)) / 2; // it slows down as it fills
        ratios[i] = ours / server[i];
      }
      Spread spread = new Spread(ratios);
      context.note(keys + " keys: " + new Spread(server).median() + " metrics/s by the bare loop,");
      context.note("  ours over it: " + spread.median() + " " + spread);
      return spread;
    }
  }

  /** Over {@code logMetric} of MLflow's own Java client. */
  static final class AgainstJavaClient implements Figures.Figure {
    @Override
    public void measure(Figures.Context context) throws Exception {
      try (MlflowPeer peer = MlflowPeer.start(context)) {
        if (peer == null) {
          return;
        }
        int rounds = context.quick() ? 3 : 7;
        double[] ratios = new double[rounds];
        double[] theirs = new double[rounds];
        javaClient(peer, 200);
        courier(peer, 20_000, 1);
        for (int i = 0; i < rounds; i++) {
          theirs[i] = javaClient(peer, 1_000);
          ratios[i] = courier(peer, 50_000, 1) / theirs[i];
        }
        Spread spread = new Spread(ratios);
        context.note("metrics/s, mlflow-client: " + new Spread(theirs).median());
        context.result("mlflow.delivered.vs_java_client", spread.median(), "x", "" + spread);
      }
    }

    private static double javaClient(MlflowPeer peer, int metrics) throws Exception {
      String run = peer.run();
      try (MlflowClient client = new MlflowClient(peer.uri())) {
        long start = System.nanoTime();
        for (int i = 0; i < metrics; i++) {
          client.logMetric(run, "k0", Math.sin(i), 1_700_000_000_000L + i, i);
        }
        return metrics / ((System.nanoTime() - start) / 1e9);
      }
    }
  }

  /** Over Python's {@code synchronous=False}. */
  static final class AgainstPython implements Figures.Figure {
    @Override
    public void measure(Figures.Context context) throws Exception {
      String python = MlflowPeer.python(context);
      try (MlflowPeer peer = MlflowPeer.start(context)) {
        if (peer == null || python == null) {
          return;
        }
        int rounds = context.quick() ? 3 : 7;
        double[] ratios = new double[rounds];
        double[] theirs = new double[rounds];
        courier(peer, 20_000, 1);
        for (int i = 0; i < rounds; i++) {
          theirs[i] = ProcessFigures.python(python, "mlflow_async.py", "metrics/s ", peer.uri());
          ratios[i] = courier(peer, 50_000, 1) / theirs[i];
        }
        Spread spread = new Spread(ratios);
        context.note("metrics/s, Python's asynchronous logging: " + new Spread(theirs).median());
        context.result("mlflow.delivered.vs_python_async", spread.median(), "x", "" + spread);
      }
    }
  }
}
