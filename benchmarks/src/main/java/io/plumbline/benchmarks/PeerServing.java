package io.plumbline.benchmarks;

import io.plumbline.data.CsvTable;
import io.plumbline.lightgbm.LightGbm;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.serving.LiveModel;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * One-row predictions a second of the LightGBM flights model by two threads: ours in the process,
 * over a server of Python's on the same cores, asked over connections that stay open.
 */
final class PeerServing implements Figures.Figure {
  private static final int THREADS = 2;

  private final String peer;
  private final String name;
  private final String environment;

  private PeerServing(String peer, String name, String environment) {
    this.peer = peer;
    this.name = name;
    this.environment = environment;
  }

  static PeerServing mlflow() {
    return new PeerServing("mlflow", "serving.vs_mlflow_server", "BENCH_MLFLOW_PYTHON");
  }

  static PeerServing mlserver() {
    return new PeerServing("mlserver", "serving.vs_mlserver", "BENCH_MLSERVER_PYTHON");
  }

  /** What one thread does until the time is over; returns the late score of a row. */
  private interface Call {
    double predict(int row) throws Exception;
  }

  @Override
  public void measure(Figures.Context context) throws Exception {
    String python = System.getenv(environment);
    if (python == null) {
      context.note("skipped: benchmarks/run sets " + environment + " where Python is to be had");
      return;
    }
    CsvTable flights = FlightModel.flights();
    double[][] rows = flights.matrix(FlightModel.FEATURES);
    ModelPackage model = FlightModel.lightgbm(flights, 31);
    Path folder = Stores.folder();
    Path peerFolder = Files.createDirectories(folder.resolve("peer"));
    Process server = null;
    try (ModelRegistry registry = FlightModel.registry(folder.resolve("store"))) {
      FlightModel.register(registry, model);
      int port = freePort();
      server = start(python, text(model, folder), peerFolder, port);
      HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
      awaitReady(client, port, server);
      try (LiveModel live = LiveModel.open(registry, "models:/flights@champion")) {
        Call ours = row -> live.predict(rows[row % rows.length])[0];
        Call theirs = row -> ask(client, port, rows[row % rows.length]);
        compare(ours, theirs);
        measure(context, ours, theirs);
      }
    } finally {
      if (server != null) {
        server.descendants().forEach(ProcessHandle::destroyForcibly);
        server.destroyForcibly().waitFor();
      }
      Stores.delete(folder);
    }
  }

  private void measure(Figures.Context context, Call ours, Call theirs) throws Exception {
    int rounds = context.quick() ? 3 : 7;
    double[] ratios = new double[rounds];
    double[] mine = new double[rounds];
    double[] peers = new double[rounds];
    double unused = rate(ours, 2) + rate(theirs, 5); // warm
    for (int i = 0; i < rounds; i++) {
      peers[i] = rate(theirs, 5);
      mine[i] = rate(ours, 2);
      ratios[i] = mine[i] / peers[i];
    }
    context.note(
        "predictions/s, " + peer + ": " + new Spread(peers).median() + " " + new Spread(peers));
    context.note("predictions/s, ours: " + new Spread(mine).median() + " " + new Spread(mine));
    context.result(name, new Spread(ratios).median(), "x", "" + new Spread(ratios));
  }

  /** Both must be the same model, or the ratio says nothing. */
  private static void compare(Call ours, Call theirs) throws Exception {
    for (int row = 0; row < 100; row++) {
      double a = ours.predict(row);
      double b = theirs.predict(row);
      if (Math.abs(a - b) > 1e-9) {
        throw new IllegalStateException("row " + row + ": we say " + a + ", the peer " + b);
      }
    }
  }

  private static double rate(Call call, int seconds) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try {
      long end = System.nanoTime() + seconds * 1_000_000_000L;
      List<Callable<Long>> work = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        int first = thread * 1_000;
        work.add(
            () -> {
              long done = 0;
              while (System.nanoTime() < end) {
                call.predict(first + (int) (done % 10_000));
                done++;
              }
              return done;
            });
      }
      long start = System.nanoTime();
      long total = 0;
      for (Future<Long> thread : pool.invokeAll(work)) {
        total += thread.get();
      }
      return total / ((System.nanoTime() - start) / 1e9);
    } finally {
      pool.shutdownNow();
    }
  }

  // ---- the peer

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }

  private static Path text(ModelPackage model, Path folder) throws IOException {
    ModelPart part =
        model.parts().stream()
            .filter(p -> p.name().equals(LightGbm.MODEL_FILE))
            .findFirst()
            .orElseThrow();
    Path file = folder.resolve("model.txt");
    try (InputStream in = part.open()) {
      Files.copy(in, file);
    }
    return file;
  }

  private Process start(String python, Path model, Path folder, int port) throws IOException {
    Path root = Path.of(System.getProperty("bench.root", ".")).toAbsolutePath();
    return new ProcessBuilder(
            python,
            root.resolve("benchmarks/peers/serve_lightgbm.py").toString(),
            peer,
            model.toString(),
            folder.toString(),
            String.valueOf(port),
            String.join(",", FlightModel.FEATURES))
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("server.log").toFile())
        .start();
  }

  private void awaitReady(HttpClient client, int port, Process server) throws Exception {
    String path = peer.equals("mlflow") ? "/ping" : "/v2/models/flights/ready";
    HttpRequest ready =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(5))
            .build();
    for (int i = 0; i < 600 && server.isAlive(); i++) {
      try {
        if (client.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
          return;
        }
      } catch (IOException e) {
        // not yet
      }
      Thread.sleep(200);
    }
    throw new IllegalStateException("the server of " + peer + " did not come up");
  }

  private double ask(HttpClient client, int port, double[] row) throws Exception {
    boolean mlflow = peer.equals("mlflow");
    String path = mlflow ? "/invocations" : "/v2/models/flights/infer";
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(mlflow ? mlflow(row) : inference(row)))
            .build();
    HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(answer.statusCode() + ": " + answer.body());
    }
    String body = answer.body(); // {"predictions": [0.1]}, or "data":[0.1]
    String before = mlflow ? "\"predictions\"" : "\"data\"";
    int from = body.indexOf('[', body.indexOf(before)) + 1;
    return Double.parseDouble(body.substring(from, body.indexOf(']', from)));
  }

  private static String values(double[] row) {
    StringBuilder text = new StringBuilder();
    for (double value : row) {
      text.append(text.isEmpty() ? "" : ",").append(Double.isNaN(value) ? "null" : value);
    }
    return text.toString();
  }

  private static String mlflow(double[] row) {
    String names = "\"" + String.join("\",\"", FlightModel.FEATURES) + "\"";
    return "{\"dataframe_split\":{\"columns\":[" + names + "],\"data\":[[" + values(row) + "]]}}";
  }

  private static String inference(double[] row) {
    return "{\"inputs\":[{\"name\":\"rows\",\"datatype\":\"FP64\",\"shape\":[1,"
        + row.length
        + "],\"data\":["
        + values(row)
        + "]}]}";
  }
}
