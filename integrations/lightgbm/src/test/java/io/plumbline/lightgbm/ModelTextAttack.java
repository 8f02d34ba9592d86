package io.plumbline.lightgbm;

import io.plumbline.IncompatibleModelException;
import io.plumbline.spi.LoadOptions;
import io.plumbline.spi.LoadedModel;
import io.plumbline.spi.Predictor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;

/**
 * A program that loads damaged models, and predicts with those that load. It says what it is about
 * to do, so that it can be repeated when the program does not live to tell.
 */
final class ModelTextAttack {
  private static final String[] HOSTILE = {
    "-1",
    "0",
    "1",
    "7",
    "2147483647",
    "-2147483648",
    "4294967296",
    "99999999999999999999",
    "1e400",
    "-1e-400",
    "nan",
    "inf",
    "-inf",
    "%n%s%n%s",
    "x",
    "",
    "0 0",
    "1 2 3 4 5 6 7 8 9 10",
    ":num_class:99",
    "num_class:999999",
    "9".repeat(5000)
  };

  private final Path folder;
  private final Random random;
  private int refused;
  private int different;
  private int same;

  private ModelTextAttack(Path folder, long seed) {
    this.folder = folder;
    this.random = new Random(seed);
  }

  public static void main(String[] args) throws Exception {
    ModelTextAttack attack = new ModelTextAttack(Path.of(args[0]), Long.parseLong(args[3]));
    int places = Integer.parseInt(args[2]);
    for (int model = 0; model < Integer.parseInt(args[1]); model++) {
      String text = Files.readString(attack.folder.resolve(model + ".txt"));
      for (int i = 0; i < places; i++) {
        attack.damage(model, text);
      }
    }
    System.out.printf(
        "done: %d refused, %d predict differently, %d the same; peak %d kB%n",
        attack.refused, attack.different, attack.same, peak());
  }

  private void damage(int model, String text) throws IOException {
    // What follows the trees does not count.
    int end = text.indexOf("end of trees") + 20;
    int place = random.nextInt(random.nextInt(4) == 0 ? text.indexOf("\n\n") : end);
    attempt(model, "cut at " + place, text, text.substring(0, place));
    int bit = 1 << random.nextInt(7);
    attempt(
        model,
        "flipped " + bit + " at " + place,
        text,
        text.substring(0, place) + (char) (text.charAt(place) ^ bit) + text.substring(place + 1));
    String word = HOSTILE[random.nextInt(HOSTILE.length)];
    int from = place;
    while (from > 0 && " =:\n".indexOf(text.charAt(from - 1)) < 0) {
      from--;
    }
    int to = place;
    while (" =:\n".indexOf(text.charAt(to)) < 0) {
      to++;
    }
    String replaced = text.substring(0, from) + word + text.substring(to);
    attempt(model, "word '" + word + "' at " + from, text, ModelTexts.withSizes(replaced));
    int line = text.lastIndexOf('\n', place) + 1;
    int next = text.indexOf('\n', place) + 1;
    String without = text.substring(0, line) + text.substring(next);
    attempt(model, "no line at " + line, text, ModelTexts.withSizes(without));
    int other = text.lastIndexOf('\n', random.nextInt(end)) + 1;
    String twice = text.substring(0, other) + text.substring(line, next) + text.substring(other);
    attempt(model, "line " + line + " again at " + other, text, ModelTexts.withSizes(twice));
  }

  private void attempt(int model, String what, String intact, String damaged) throws IOException {
    System.out.println("model " + model + ", " + what);
    System.out.flush();
    double[][] rows = new double[40][];
    System.arraycopy(Models.rows(20, 1), 0, rows, 0, 20);
    System.arraycopy(Models.strangeRows(), 0, rows, 20, 20);
    LoadOptions options = new LoadOptions(random.nextInt(4) == 0, Map.of());
    try (LoadedModel loaded = Models.load(Models.packed(damaged), folder, options)) {
      double[] out = new double[rows.length * loaded.outputs()];
      double[] in = new double[rows.length * loaded.inputs()];
      System.arraycopy(Models.flat(rows), 0, in, 0, Math.min(in.length, rows.length * 5));
      try (Predictor predictor = loaded.open()) {
        predictor.predict(in, rows.length, out);
      }
      if (isExpected(model, intact, rows, out)) {
        same++;
      } else {
        different++;
        if (what.startsWith("cut")) {
          throw new AssertionError("a text that was cut off predicts something else");
        }
      }
    } catch (IncompatibleModelException e) {
      refused++;
    }
  }

  private static boolean isExpected(int model, String intact, double[][] rows, double[] out) {
    double[] expected = Models.predictions(intact, rows, model == 1 ? 3 : 1);
    return Arrays.equals(expected, out);
  }

  private static long peak() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return 0;
    }
    return Files.readAllLines(status, StandardCharsets.UTF_8).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElse(0);
  }
}
