package io.plumbline.benchmarks;

import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import io.plumbline.model.ModelRef;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.Signature;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.registry.RegisterOptions;
import io.plumbline.serving.Functions;
import io.plumbline.serving.LiveModel;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** What fetching, verifying and starting cost. */
final class RegistryFigures {
  private RegistryFigures() {}

  /**
   * The time of OpenSSL's command for the digest of a large model's files over ours, which reads
   * the model as a package.
   */
  static final class Verify implements Figures.Figure {
    private static final int FILES = 8;

    @Override
    public void measure(Figures.Context context) throws Exception {
      Path folder = Stores.folder();
      int megabytes = context.quick() ? 256 : 2_048;
      List<Path> files = new ArrayList<>();
      ModelPackage model = ModelPackage.of("figures", java.util.Map.of());
      for (int i = 0; i < FILES; i++) {
        Path file = folder.resolve("part-" + i + ".bin");
        write(file, megabytes / FILES, i);
        files.add(file);
        model = model.with(ModelPart.file("part-" + i + ".bin", "application/octet-stream", file));
      }
      Files.write(
          folder.resolve(ModelPackage.MANIFEST),
          model.part(ModelPackage.MANIFEST).orElseThrow().bytes());
      int rounds = context.quick() ? 3 : 7;
      double[] ratios = new double[rounds];
      openssl(files);
      ModelPackage.read(folder);
      for (int i = 0; i < rounds; i++) {
        double theirs = openssl(files);
        long start = System.nanoTime();
        String digest = ModelPackage.read(folder).digest();
        ratios[i] = theirs / (System.nanoTime() - start);
        if (!digest.equals(model.digest())) {
          throw new IllegalStateException("another digest: " + digest);
        }
      }
      context.result(
          "registry.verify.vs_openssl",
          new Spread(ratios).median(),
          "x",
          new Spread(ratios) + ", one thread and one process, " + megabytes + " MiB");
      Stores.delete(folder);
    }

    private static void write(Path file, int megabytes, int seed) throws Exception {
      byte[] block = new byte[1 << 20];
      new Random(seed).nextBytes(block);
      try (OutputStream out = Files.newOutputStream(file)) {
        for (int i = 0; i < megabytes; i++) {
          out.write(block);
        }
      }
    }

    private static double openssl(List<Path> files) throws Exception {
      List<String> command = new ArrayList<>(List.of("openssl", "dgst", "-sha256"));
      files.forEach(file -> command.add(file.toString()));
      long start = System.nanoTime();
      Process process =
          new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
      if (process.waitFor() != 0) {
        throw new IllegalStateException("openssl has failed");
      }
      return System.nanoTime() - start;
    }
  }

  /** A fresh JVM to its first prediction, with a model of 10 MB in the cache. */
  static final class ColdStart implements Figures.Figure {
    @Override
    public void measure(Figures.Context context) throws Exception {
      Path folder = Stores.folder();
      byte[] weights = new byte[10_000_000];
      new Random(1).nextBytes(weights);
      try (ModelRegistry registry = FlightModel.registry(folder)) {
        ModelVersion version =
            registry.register(
                "cold",
                Functions.pack("cold", Signature.doubles(List.of("x"), "y"))
                    .with(ModelPart.of("weights.bin", "application/octet-stream", weights)),
                RegisterOptions.none());
        registry.setAlias("cold", "champion", 1, "figures");
        registry.fetch(version);
        registry.rememberGood(ModelRef.alias("cold", "champion"), version);
      }
      int rounds = context.quick() ? 5 : 21;
      double[] up = new double[rounds];
      double[] empty = new double[rounds];
      double[] away = new double[rounds];
      for (int i = 0; i < rounds; i++) {
        up[i] = millis(folder, "predict");
        empty[i] = millis(folder, "nothing");
      }
      Path registry = folder.resolve("registry");
      Files.move(registry, folder.resolveSibling(folder.getFileName() + "-registry"));
      Files.createFile(registry); // which can't be read as a folder: the registry is away
      for (int i = 0; i < rounds; i++) {
        away[i] = millis(folder, "predict");
      }
      context.note("the same JVM without a prediction: " + new Spread(empty).median() + " ms");
      context.note("registry away: " + new Spread(away).median() + " ms " + new Spread(away));
      context.result("registry.cold_start.ms", new Spread(up).median(), "ms", "" + new Spread(up));
      Stores.delete(folder);
      Stores.delete(folder.resolveSibling(folder.getFileName() + "-registry"));
    }

    private static double millis(Path folder, String what) throws Exception {
      ProcessBuilder builder =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                  "-cp",
                  System.getProperty("java.class.path"),
                  ColdChild.class.getName(),
                  folder.toString(),
                  what)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD);
      long start = System.nanoTime();
      Process process = builder.start();
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IllegalStateException("the program has failed");
      }
      return (System.nanoTime() - start) / 1e6;
    }
  }

  /** The program whose start is measured. */
  static final class ColdChild {
    private ColdChild() {}

    /** Predicts once, or does nothing. */
    public static void main(String[] args) {
      if (args[1].equals("nothing")) {
        return;
      }
      try (ModelRegistry registry = FlightModel.registry(Path.of(args[0]));
          LiveModel model =
              LiveModel.builder(registry, "models:/cold@champion")
                  .function("cold", (in, out) -> out[0] = in[0])
                  .open()) {
        if (model.predict(new double[] {7})[0] != 7) {
          System.exit(1);
        }
      }
    }
  }
}
