package io.plumbline.drift.internal.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.drift.internal.compat.Sample.Kind;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes the columns of the golden vectors again; the twin of tools/golden/recipes.py. */
public final class Recipes {
  private static final double RELATIVE = 1e-9;
  private static final double ABSOLUTE = 1e-12;

  private Recipes() {}

  public static JsonObject golden(String file) {
    try (InputStream in = Recipes.class.getResourceAsStream("/golden/compat/" + file)) {
      return Json.object(Objects.requireNonNull(in, file).readAllBytes(), file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Compares to 1e-9 of the value, near zero to 1e-12. */
  public static void close(String what, double actual, double expected) {
    if (Double.isNaN(expected) || Double.isInfinite(expected)) {
      assertThat(Double.compare(actual, expected))
          .as("%s: %s, the tool says %s", what, actual, expected)
          .isZero();
      return;
    }
    double allowed = Math.max(ABSOLUTE, RELATIVE * Math.abs(expected));
    assertThat(Math.abs(actual - expected))
        .as("%s: %s, the tool says %s", what, actual, expected)
        .isLessThanOrEqualTo(allowed);
  }

  public static Sample column(JsonObject recipe) {
    int n = (int) recipe.longValue("n");
    long seed = recipe.longValue("seed");
    double missing = recipe.doubleOr("missing", 0);
    String kind = recipe.string("kind");
    if (kind.equals("text")) {
      List<@Nullable String> texts = new ArrayList<>();
      for (int code : codes(recipe)) {
        boolean gone = missing > 0 && uniform(seed, texts.size(), 12) < missing;
        texts.add(gone ? null : "c" + code);
      }
      return Sample.texts(texts);
    }
    double[] values = numbers(recipe);
    for (int row = 0; row < n; row++) {
      if (missing > 0 && uniform(seed, row, 12) < missing) {
        values[row] = Double.NaN;
      }
    }
    return Sample.numbers(
        switch (kind) {
          case "int" -> Kind.INTEGER;
          case "bool" -> Kind.BOOLEAN;
          default -> Kind.FLOAT;
        },
        values);
  }

  private static double[] numbers(JsonObject recipe) {
    int n = (int) recipe.longValue("n");
    long seed = recipe.longValue("seed");
    double scale = recipe.doubleOr("scale", 1);
    double shift = recipe.doubleOr("shift", 0);
    List<@Nullable Object> extra = recipe.listOrEmpty("extra");
    double[] values = new double[n + extra.size()];
    int[] codes = recipe.string("make").equals("codes") ? codes(recipe) : new int[0];
    for (int row = 0; row < n; row++) {
      double x =
          switch (recipe.string("make")) {
            case "bell" -> bell(seed, row);
            case "cube" -> cube(bell(seed, row));
            case "uniform" -> uniform(seed, row, 0);
            case "codes" -> codes[row];
            default -> throw new IllegalArgumentException(recipe.string("make"));
          };
      x = x * scale + shift;
      double grid = recipe.doubleOr("grid", 0);
      values[row] = grid > 0 ? Math.floor(x * grid) / grid : x;
    }
    for (int i = 0; i < extra.size(); i++) {
      values[n + i] = number(extra.get(i));
    }
    return values;
  }

  /** A number of the golden files, whose NaN and infinities are texts. */
  public static double number(@Nullable Object value) {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    return Double.parseDouble(String.valueOf(value));
  }

  private static double cube(double x) {
    return x * x * x;
  }

  /** Twelve uniform numbers less six. */
  public static double bell(long seed, int row) {
    double total = 0;
    for (int draw = 0; draw < 12; draw++) {
      total += uniform(seed, row, draw);
    }
    return total - 6;
  }

  private static int[] codes(JsonObject recipe) {
    List<@Nullable Object> weights = recipe.list("weights");
    double[] edges = new double[weights.size()];
    double sum = 0;
    for (int i = 0; i < edges.length; i++) {
      sum += number(weights.get(i));
      edges[i] = sum;
    }
    int[] codes = new int[(int) recipe.longValue("n")];
    for (int row = 0; row < codes.length; row++) {
      double u = uniform(recipe.longValue("seed"), row, 13) * sum;
      int code = 0;
      while (code < edges.length - 1 && edges[code] <= u) {
        code++;
      }
      codes[row] = code;
    }
    return codes;
  }

  /** Draw {@code draw} of a row: SplitMix64 at a counter. */
  public static double uniform(long seed, int row, int draw) {
    long z = seed + (row * 16L + draw + 1) * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    z = z ^ (z >>> 31);
    return (z >>> 11) * 0x1p-53;
  }
}
