package io.plumbline.drift.internal;

import java.awt.Color;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;

/** Draws a ROC curve. */
public final class RocPicture {
  private static final int LEFT = 74;
  private static final int TOP = 68;
  private static final int SIDE = 512;
  private static final int HEIGHT = 640;

  /** Points closer together than this, in units of the canvas, cannot be told apart. */
  private static final double RESOLUTION = 0.25;

  private static final Color UNDER_CURVE = new Color(0x1F, 0x6F, 0xB2, 28);

  private RocPicture() {}

  /** Draws the curve with its title and what stands below the title. */
  public static BufferedImage draw(String title, String subtitle, RocPoints points) {
    try (Canvas canvas = new Canvas(HEIGHT)) {
      canvas.text(title, LEFT, 32, 19, true, Canvas.INK);
      canvas.text(subtitle, LEFT, 52, 12, false, Canvas.QUIET);
      axes(canvas);
      Path2D curve = curve(points);
      Path2D area = new Path2D.Double(curve);
      area.lineTo(x(1), y(0));
      area.closePath();
      canvas.fill(area, UNDER_CURVE);
      canvas.dashed(x(0), y(0), x(1), y(1), Canvas.QUIET);
      canvas.stroke(curve, 2.4, Canvas.ACCENT);
      legend(canvas);
      return canvas.picture();
    }
  }

  private static void axes(Canvas canvas) {
    for (int tenths = 0; tenths <= 10; tenths += 2) {
      double share = tenths / 10.0;
      canvas.line(x(share), y(0), x(share), y(1), 1, Canvas.GRID);
      canvas.line(x(0), y(share), x(1), y(share), 1, Canvas.GRID);
      String label = tenths == 0 ? "0" : tenths == 10 ? "1" : "0." + tenths;
      canvas.textCentred(label, x(share), y(0) + 18, 12, Canvas.QUIET);
      canvas.textRight(label, x(0) - 9, y(share) + 4, 12, Canvas.QUIET);
    }
    canvas.stroke(new Rectangle2D.Double(LEFT, TOP, SIDE, SIDE), 1, Canvas.QUIET);
    canvas.textCentred("False positive rate", x(0.5), y(0) + 42, 13, Canvas.INK);
    canvas.textUpwards("True positive rate", 28, y(0.5), 13, Canvas.INK);
  }

  private static void legend(Canvas canvas) {
    double x = x(0.72);
    double y = y(0.12);
    canvas.line(x, y, x + 28, y, 2.4, Canvas.ACCENT);
    canvas.text("model", x + 38, y + 4, 13, false, Canvas.INK);
    canvas.dashed(x, y + 24, x + 28, y + 24, Canvas.QUIET);
    canvas.text("guessing", x + 38, y + 28, 13, false, Canvas.INK);
  }

  private static Path2D curve(RocPoints points) {
    Path2D path = new Path2D.Double();
    double lastX = x(0);
    double lastY = y(0);
    path.moveTo(lastX, lastY);
    int last = points.threshold().length - 1;
    for (int i = 1; i <= last; i++) {
      double x = x(points.falsePositiveRate()[i]);
      double y = y(points.truePositiveRate()[i]);
      if (i == last || Math.max(x - lastX, lastY - y) >= RESOLUTION) {
        path.lineTo(x, y);
        lastX = x;
        lastY = y;
      }
    }
    return path;
  }

  private static double x(double share) {
    return LEFT + share * SIDE;
  }

  private static double y(double share) {
    return TOP + (1 - share) * SIDE;
  }
}
