package io.plumbline.benchmarks;

import io.plumbline.Config;
import io.plumbline.internal.config.Keys;
import io.plumbline.internal.spi.Providers;
import io.plumbline.spi.Backend;
import io.plumbline.spi.RunStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** One large file through a real server's artifact proxy, over curl, in turn. */
final class MlflowArtifactFigures implements Figures.Figure {
  @Override
  public void measure(Figures.Context context) throws Exception {
    try (MlflowPeer peer = MlflowPeer.start(context)) {
      if (peer == null) {
        return;
      }
      long bytes = context.quick() ? 256L << 20 : 1L << 30;
      int rounds = context.quick() ? 3 : 7;
      Path file = MlflowRunFigures.file(bytes);
      Path folder = Stores.folder();
      Config config = Config.builder().isolated().store(folder).trackingUri(peer.uri()).build();
      try (Backend backend = Providers.open(config, Keys.TRACKING_URI)) {
        RunStore runs = backend.runs();
        String run = peer.run();
        String url =
            peer.uri() + "/api/2.0/mlflow-artifacts/artifacts/0/" + run + "/artifacts/curl.bin";
        double[] up = new double[rounds];
        double[] down = new double[rounds];
        for (int i = -1; i < rounds; i++) {
          double curlUp = seconds(() -> curl("-T", file.toString(), url));
          double ourUp = seconds(() -> runs.putArtifact(run, "ours.bin", file));
          Path fetched = folder.resolve("curl.bin");
          double curlDown = seconds(() -> curl("-o", fetched.toString(), url));
          double ourDown = seconds(() -> runs.fetchArtifacts(run, "ours.bin", folder));
          check(folder, file, fetched);
          if (i >= 0) {
            up[i] = curlUp / ourUp;
            down[i] = curlDown / ourDown;
          }
          context.note(
              String.format(
                  "MB/s: curl up %.0f, ours %.0f; curl down %.0f, ours %.0f",
                  bytes / 1e6 / curlUp,
                  bytes / 1e6 / ourUp,
                  bytes / 1e6 / curlDown,
                  bytes / 1e6 / ourDown));
        }
        Spread ups = new Spread(up);
        Spread downs = new Spread(down);
        context.result("mlflow.artifact.up", ups.median(), "x", "" + ups);
        context.result("mlflow.artifact.down", downs.median(), "x", "" + downs);
      } finally {
        Files.delete(file);
        Stores.delete(folder);
      }
    }
  }

  /** What came down is what went up; it goes away, or the next one would find it. */
  private static void check(Path folder, Path sent, Path byCurl) throws Exception {
    Path ours = folder.resolve("ours.bin");
    if (Files.mismatch(sent, byCurl) >= 0 || Files.mismatch(sent, ours) >= 0) {
      throw new IllegalStateException("what came down is not what went up");
    }
    Files.delete(byCurl);
    Files.delete(ours);
  }

  private interface Work {
    void run() throws Exception;
  }

  private static double seconds(Work work) throws Exception {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e9;
  }

  private static void curl(String option, String file, String url) throws Exception {
    Process curl =
        new ProcessBuilder("curl", "-sS", "--fail", option, file, url)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (curl.waitFor() != 0) {
      throw new IllegalStateException("curl has failed with " + curl.exitValue());
    }
  }
}
