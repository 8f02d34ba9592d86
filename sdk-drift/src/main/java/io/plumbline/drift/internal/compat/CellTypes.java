package io.plumbline.drift.internal.compat;

import io.plumbline.drift.internal.compat.Sample.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What {@code pandas.read_csv} makes of a column of cells. */
public final class CellTypes {
  private static final Set<String> MISSING =
      Set.of(
          "",
          "#N/A",
          "#N/A N/A",
          "#NA",
          "-1.#IND",
          "-1.#QNAN",
          "-NaN",
          "-nan",
          "1.#IND",
          "1.#QNAN",
          "<NA>",
          "N/A",
          "NA",
          "NULL",
          "NaN",
          "None",
          "n/a",
          "nan",
          "null");
  private static final Set<String> TRUE = Set.of("True", "TRUE", "true");
  private static final Set<String> FALSE = Set.of("False", "FALSE", "false");

  private CellTypes() {}

  /** Types and reads the cells of a column. */
  public static Sample sample(List<String> cells) {
    double[] numbers = new double[cells.size()];
    boolean whole = true;
    boolean flags = !cells.isEmpty();
    boolean numeric = true;
    for (int row = 0; row < numbers.length && (numeric || flags); row++) {
      String cell = cells.get(row);
      boolean flag = TRUE.contains(cell) || FALSE.contains(cell);
      flags &= flag;
      numbers[row] = flag ? (TRUE.contains(cell) ? 1 : 0) : number(cell);
      numeric &= !flag && (!Double.isNaN(numbers[row]) || MISSING.contains(cell));
      whole &= isWhole(cell);
    }
    if (flags) {
      return Sample.numbers(Kind.BOOLEAN, numbers);
    }
    if (numeric) {
      return Sample.numbers(whole ? Kind.INTEGER : Kind.FLOAT, numbers);
    }
    List<@Nullable String> texts = new ArrayList<>(cells.size());
    for (String cell : cells) {
      texts.add(MISSING.contains(cell) ? null : cell);
    }
    return Sample.texts(texts);
  }

  private static boolean isWhole(String cell) {
    int from = cell.startsWith("-") || cell.startsWith("+") ? 1 : 0;
    for (int i = from; i < cell.length(); i++) {
      if (cell.charAt(i) < '0' || cell.charAt(i) > '9') {
        return false;
      }
    }
    return cell.length() > from && cell.length() < 19;
  }

  /** The number in a cell; NaN if there is none. */
  private static double number(String cell) {
    String text = cell.strip();
    if (text.isEmpty()) {
      return Double.NaN;
    }
    char last = text.charAt(text.length() - 1);
    if (last >= '0' && last <= '9' || last == '.') {
      try {
        return text.indexOf('x') < 0 && text.indexOf('X') < 0
            ? Double.parseDouble(text)
            : Double.NaN;
      } catch (NumberFormatException e) {
        return Double.NaN;
      }
    }
    return switch (text.toLowerCase(java.util.Locale.ROOT)) {
      case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
      case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
      default -> Double.NaN;
    };
  }
}
