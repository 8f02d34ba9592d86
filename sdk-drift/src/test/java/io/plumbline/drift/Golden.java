package io.plumbline.drift;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Reads the golden vectors that tools/golden makes. */
public final class Golden {
  private Golden() {}

  /** A file's rows by its column names. */
  public record Rows(List<String> header, List<String[]> rows) {

    public String[] texts(String column) {
      int index = header.indexOf(column);
      return rows.stream().map(row -> row[index]).toArray(String[]::new);
    }

    public double[] numbers(String column) {
      return Arrays.stream(texts(column)).mapToDouble(Golden::number).toArray();
    }

    int[] labels() {
      return Arrays.stream(numbers("label")).mapToInt(label -> (int) label).toArray();
    }

    boolean isWeighted() {
      return Arrays.stream(numbers("weight")).anyMatch(weight -> weight != 1);
    }
  }

  public static Rows rows(String file) {
    InputStream stream = Golden.class.getResourceAsStream("/golden/" + file);
    Objects.requireNonNull(stream, () -> "no golden file " + file);
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      List<String[]> lines = reader.lines().map(line -> line.split(",", -1)).toList();
      return new Rows(List.of(lines.get(0)), lines.subList(1, lines.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the expected values by case and key. */
  static Map<String, Map<String, Double>> expected() {
    Map<String, Map<String, Double>> expected = new LinkedHashMap<>();
    for (String[] row : rows("expected.csv").rows()) {
      expected.computeIfAbsent(row[0], c -> new LinkedHashMap<>()).put(row[1], number(row[2]));
    }
    return expected;
  }

  private static double number(String text) {
    return switch (text) {
      case "nan" -> Double.NaN;
      case "inf" -> Double.POSITIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }
}
