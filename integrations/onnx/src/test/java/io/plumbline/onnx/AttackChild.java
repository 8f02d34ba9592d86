package io.plumbline.onnx;

import io.plumbline.PlumblineException;
import io.plumbline.model.GoldenRecords;
import io.plumbline.spi.LoadedModel;
import io.plumbline.spi.Predictor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * A program that damages a model's files at one place after the other, and loads what is left. It
 * says what it is going to do before it does it, and what came of it after.
 */
final class AttackChild {
  private AttackChild() {}

  /**
   * Attacks.
   *
   * @param args the model's name, a folder of its own, the seed, the first attack and the one after
   *     the last
   */
  public static void main(String[] args) throws Exception {
    String name = args[0];
    Path folder = Path.of(args[1]);
    long seed = Long.parseLong(args[2]);
    copy(Models.folder(name), folder);
    GoldenRecords golden = Models.golden(name);
    List<Path> targets;
    try (Stream<Path> files = Files.walk(folder)) {
      targets = files.filter(Files::isRegularFile).sorted().toList();
    }
    // The library's own memory is not the attack's.
    outcome(folder, golden);
    long before = peakMegabytes();
    for (int attack = Integer.parseInt(args[3]); attack < Integer.parseInt(args[4]); attack++) {
      Random random = new Random(seed + attack);
      Path target = targets.get(attack % targets.size());
      byte[] whole = Files.readAllBytes(target);
      byte[] damaged = damage(whole, random);
      System.out.println("start " + attack);
      System.out.flush();
      Files.write(target, damaged);
      String outcome = outcome(folder, golden);
      Files.write(target, whole);
      long grown = peakMegabytes() - before;
      System.out.println("end " + attack + " " + (grown > 512 ? "huge " + grown + " MB" : outcome));
    }
    System.out.println("done");
  }

  /** Cuts the content off, or changes one bit or one byte of it. */
  private static byte[] damage(byte[] whole, Random random) {
    int place = random.nextInt(whole.length);
    int kind = random.nextInt(5);
    if (kind == 0) {
      return Arrays.copyOf(whole, place);
    }
    byte[] damaged = whole.clone();
    damaged[place] ^= (byte) (kind == 1 ? 1 + random.nextInt(255) : 1 << random.nextInt(8));
    return damaged;
  }

  private static String outcome(Path folder, GoldenRecords golden) {
    try (LoadedModel model = Models.load(Models.raw(folder, Map.of()), folder);
        Predictor predictor = model.open()) {
      double[] out = new double[golden.size() * model.outputs()];
      predictor.predictColumns(OnnxPythonTest.columns(golden), golden.size(), out);
      for (int row = 0; row < golden.size(); row++) {
        int first = row * model.outputs();
        if (!golden.matches(row, Arrays.copyOfRange(out, first, first + model.outputs()))) {
          return "other";
        }
      }
      return "same";
    } catch (PlumblineException | IllegalArgumentException e) {
      return e.getMessage() == null ? "without a message" : "refused";
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (!target.endsWith("golden_records.json")) {
          Files.createDirectories(target.getParent());
          Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }

  /** The most memory that the process ever had, where the system says it; else 0. */
  private static long peakMegabytes() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmHWM"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
          .findFirst()
          .orElse(0);
    }
  }
}
