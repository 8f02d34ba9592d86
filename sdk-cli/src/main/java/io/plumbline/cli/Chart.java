package io.plumbline.cli;

import io.plumbline.model.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Draws a curve with characters: braille dots, or stars where only ASCII can be shown. */
final class Chart {
  private static final int[][] DOTS = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};

  private final int columns;
  private final int rows;
  private final int perColumn;
  private final int perRow;
  private final boolean unicode;
  private final boolean[][] dots;

  private Chart(int columns, int rows, boolean unicode) {
    this.columns = columns;
    this.rows = rows;
    this.unicode = unicode;
    this.perColumn = unicode ? 2 : 1;
    this.perRow = unicode ? 4 : 1;
    this.dots = new boolean[rows * perRow][columns * perColumn];
  }

  /**
   * Draws points over their steps.
   *
   * @param points in the order of their steps; values that are no finite number leave a gap
   * @param width cells in a line, labels included
   * @param rows lines of the curve; one line for the axis and one for its labels come below
   * @return the lines; none if no point can be drawn
   */
  static List<String> lines(List<Metric> points, int width, int rows, boolean unicode) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (Metric point : points) {
      if (Double.isFinite(point.value())) {
        low = Math.min(low, point.value());
        high = Math.max(high, point.value());
      }
    }
    if (low > high) {
      return List.of();
    }
    String[] labels = labels(low, high, rows);
    int labelWidth = Arrays.stream(labels).mapToInt(String::length).max().orElse(0);
    int columns = Math.max(10, width - labelWidth - 2);
    Chart chart = new Chart(columns, rows, unicode);
    chart.draw(points, low, high);
    return chart.lines(labels, labelWidth, points);
  }

  /** The values at the top, in the middle and at the bottom; one in the middle for a flat curve. */
  private static String[] labels(double low, double high, int rows) {
    String[] labels = new String[rows];
    Arrays.fill(labels, "");
    int middle = (rows - 1) / 2;
    labels[middle] = Format.number(low + (high - low) * (1 - middle / (double) (rows - 1)));
    if (high > low) {
      labels[0] = Format.number(high);
      labels[rows - 1] = Format.number(low);
    }
    return labels;
  }

  private void draw(List<Metric> points, double low, double high) {
    long first = points.get(0).step();
    double range = Math.max(1.0, (double) points.get(points.size() - 1).step() - first);
    int right = columns * perColumn - 1;
    int bottom = rows * perRow - 1;
    int lastX = -1;
    int lastY = -1;
    for (Metric point : points) {
      if (!Double.isFinite(point.value())) {
        lastX = -1;
        continue;
      }
      int x = (int) Math.round(((double) point.step() - first) / range * right);
      // Half of each: the difference of two large values of unlike sign has no double.
      double share = high > low ? (point.value() / 2 - low / 2) / (high / 2 - low / 2) : 0.5;
      int y = bottom - (int) Math.round(share * bottom);
      if (lastX < 0) {
        dots[y][x] = true;
      } else {
        line(lastX, lastY, x, y);
      }
      lastX = x;
      lastY = y;
    }
  }

  private void line(int x0, int y0, int x1, int y1) {
    int steps = Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0));
    for (int i = 0; i <= steps; i++) {
      double share = steps == 0 ? 0 : (double) i / steps;
      dots[(int) Math.round(y0 + (y1 - y0) * share)][(int) Math.round(x0 + (x1 - x0) * share)] =
          true;
    }
  }

  private List<String> lines(String[] labels, int labelWidth, List<Metric> points) {
    List<String> lines = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      StringBuilder line = new StringBuilder(" ".repeat(labelWidth - labels[row].length()));
      line.append(labels[row]).append(' ');
      line.append(unicode ? labels[row].isEmpty() ? '│' : '┤' : '|');
      for (int column = 0; column < columns; column++) {
        line.append(cell(row, column));
      }
      lines.add(line.toString().stripTrailing());
    }
    String left = " ".repeat(labelWidth + 1);
    lines.add(left + (unicode ? "└" + "─".repeat(columns) : "+" + "-".repeat(columns)));
    String first = Long.toString(points.get(0).step());
    String last = Long.toString(points.get(points.size() - 1).step());
    String middle = "step";
    int gap = columns + 1 - first.length() - last.length() - middle.length();
    lines.add(
        gap < 2
            ? left + first + ".." + last
            : left + first + " ".repeat(gap / 2) + middle + " ".repeat(gap - gap / 2) + last);
    return lines;
  }

  private char cell(int row, int column) {
    int pattern = 0;
    for (int y = 0; y < perRow; y++) {
      for (int x = 0; x < perColumn; x++) {
        if (dots[row * perRow + y][column * perColumn + x]) {
          pattern |= DOTS[y][x];
        }
      }
    }
    if (pattern == 0) {
      return ' ';
    }
    return unicode ? (char) (0x2800 + pattern) : '*';
  }
}
