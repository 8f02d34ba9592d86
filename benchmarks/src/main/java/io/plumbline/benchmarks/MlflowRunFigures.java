package io.plumbline.benchmarks;

import com.sun.net.httpserver.HttpServer;
import io.plumbline.Config;
import io.plumbline.MetricHandle;
import io.plumbline.tracking.Tracker;
import io.plumbline.tracking.TrackingClient;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** What a program pays for a server behind it, good or bad. */
final class MlflowRunFigures {
  private MlflowRunFigures() {}

  /** One call while nothing can be delivered. */
  static final class Call implements Figures.Figure {
    @Override
    public void measure(Figures.Context context) throws Exception {
      InetAddress here = InetAddress.getLoopbackAddress();
      HttpServer slow = HttpServer.create(new InetSocketAddress(here, 0), 0);
      slow.setExecutor(Executors.newCachedThreadPool());
      slow.createContext(
          "/",
          exchange -> {
            try {
              Thread.sleep(3_000);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            exchange.sendResponseHeaders(503, -1);
            exchange.close();
          });
      slow.start();
      int dead;
      try (ServerSocket free = new ServerSocket(0, 1, here)) {
        dead = free.getLocalPort();
      }
      // The kernel takes connections, and nobody ever answers.
      try (ServerSocket hole = new ServerSocket(0, 100, here)) {
        Map<String, Integer> ports = new LinkedHashMap<>();
        ports.put("slow", slow.getAddress().getPort());
        ports.put("dead", dead);
        ports.put("black-holed", hole.getLocalPort());
        Spread worst = new Spread(0);
        for (Map.Entry<String, Integer> server : ports.entrySet()) {
          Spread p99 = measure(context, "http://127.0.0.1:" + server.getValue());
          context.note(server.getKey() + ": " + p99.median() + " " + p99);
          worst = p99.median() > worst.median() ? p99 : worst;
        }
        context.result("mlflow.call.p99", worst.median(), "ns", "" + worst);
      } finally {
        slow.stop(0);
      }
    }

    private static Spread measure(Figures.Context context, String uri) throws Exception {
      Path folder = Stores.folder();
      Config config =
          Config.builder()
              .isolated()
              .store(folder)
              .trackingUri(uri)
              .set("close.timeout", "2s")
              .build();
      int blocks = context.quick() ? 5 : 15;
      double[] p99 = new double[blocks];
      try (TrackingClient tracking = TrackingClient.create(config);
          Tracker tracker = tracking.start("figures")) {
        MetricHandle handle = tracker.metric("loss");
        CallFigures.paced(handle, 200_000);
        for (int i = 0; i < blocks; i++) {
          double empty = CallFigures.paced(null, 200_000).percentile(0.5);
          p99[i] = CallFigures.paced(handle, 200_000).percentile(0.99) - empty;
        }
        tracker.finish();
      } finally {
        Stores.delete(folder);
      }
      return new Spread(p99);
    }
  }

  /** A training loop of a thousand steps a second with ten metrics each. */
  static final class Overhead implements Figures.Figure {
    private static final int METRICS = 10;

    @Override
    public void measure(Figures.Context context) throws Exception {
      try (MlflowPeer peer = MlflowPeer.start(context)) {
        if (peer == null) {
          return;
        }
        int steps = context.quick() ? 10_000 : 60_000;
        int work = calibrate();
        int rounds = context.quick() ? 3 : 5;
        double[] ratios = new double[rounds];
        double[] others = new double[rounds];
        train(null, 2_000, work);
        for (int i = 0; i < rounds; i++) {
          double without = train(null, steps, work);
          others[i] = beside(peer, steps, work) / without;
          ratios[i] = with(peer, steps, work) / without;
        }
        Spread beside = new Spread(others);
        context.note(
            String.format(
                "the loop without the SDK, while another process posts as much: %.2f x %s",
                beside.median(), beside));
        Spread spread = new Spread(ratios);
        context.result("mlflow.run.overhead", spread.median(), "x", "" + spread);
      }
    }

    /** What of it is the server's, which has the same cores. */
    private static double beside(MlflowPeer peer, int steps, int work) throws Exception {
      Process posts = peer.posts();
      try {
        double seconds = train(null, steps, work);
        if (!posts.isAlive()) {
          throw new IllegalStateException("the posts have ended with " + posts.exitValue());
        }
        return seconds;
      } finally {
        posts.destroyForcibly().waitFor();
      }
    }

    private static double with(MlflowPeer peer, int steps, int work) throws Exception {
      Path store = Stores.folder();
      try (TrackingClient tracking = peer.tracking(store);
          Tracker tracker = tracking.start("training")) {
        MetricHandle[] handles = new MetricHandle[METRICS];
        Arrays.setAll(handles, i -> tracker.metric("m" + i));
        double seconds = train(handles, steps, work);
        if (tracking.delivery().droppedTotal() > 0) {
          throw new IllegalStateException("dropped: " + tracking.delivery());
        }
        tracker.finish();
        return seconds;
      } finally {
        Stores.delete(store);
      }
    }

    /** How many rounds of the work take a millisecond here. */
    private static int calibrate() {
      work(50_000_000);
      long start = System.nanoTime();
      work(50_000_000);
      return (int) (50_000_000 / ((System.nanoTime() - start) / 1e6));
    }

    private static double work(int rounds) {
      double x = 1;
      for (int i = 0; i < rounds; i++) {
        x = x * 0.999999 + 1e-6 * i;
      }
      return x;
    }

    private static double train(MetricHandle @Nullable [] handles, int steps, int work) {
      double sum = 0;
      long start = System.nanoTime();
      for (int step = 0; step < steps; step++) {
        double loss = work(work);
        sum += loss;
        if (handles != null) {
          for (MetricHandle handle : handles) {
            handle.log(loss, step);
          }
        }
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      return Double.isNaN(sum) ? Double.NaN : seconds;
    }
  }

  /** Live heap, looked at while much is under way. */
  static final class Memory implements Figures.Figure {
    @Override
    public void measure(Figures.Context context) throws Exception {
      try (MlflowPeer peer = MlflowPeer.start(context)) {
        if (peer == null) {
          return;
        }
        int metrics = context.quick() ? 100_000 : 1_000_000;
        long bytes = context.quick() ? 256L << 20 : 1L << 30;
        Path store = Stores.folder();
        Path artifact = file(bytes);
        try (TrackingClient tracking = peer.tracking(store);
            Tracker tracker = tracking.start("memory")) {
          tracking.awaitDelivery(Duration.ofMinutes(1));
          long before = live();
          MetricHandle handle = tracker.metric("loss");
          for (int i = 0; i < metrics; i++) {
            handle.log(i * 0.5, i);
            if (i % 10_000 == 9_999) {
              Thread.sleep(5); // the ring is not what is measured: none is dropped
            }
          }
          tracker.logArtifact(artifact);
          long most = 0;
          int samples = 0;
          while (!tracking.awaitDelivery(Duration.ofMillis(300))) {
            most = Math.max(most, live() - before);
            samples++;
          }
          if (tracking.delivery().droppedTotal() > 0) {
            throw new IllegalStateException("dropped: " + tracking.delivery());
          }
          tracker.finish();
          context.result(
              "mlflow.memory", most / 1e6, "MB", "(the most of " + samples + " looks after a GC)");
        } finally {
          Files.delete(artifact);
          Stores.delete(store);
        }
      }
    }

    private static long live() {
      System.gc();
      return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
  }

  /** Makes a file of random bytes. */
  static Path file(long bytes) throws IOException {
    Path file = Stores.folder().resolveSibling("artifact-" + System.nanoTime() + ".bin");
    byte[] block = new byte[1 << 20];
    Random random = new Random(1);
    try (OutputStream out = Files.newOutputStream(file)) {
      for (long left = bytes; left > 0; left -= block.length) {
        random.nextBytes(block);
        out.write(block, 0, (int) Math.min(block.length, left));
      }
    }
    return file;
  }
}
