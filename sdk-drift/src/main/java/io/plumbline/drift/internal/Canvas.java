package io.plumbline.drift.internal;

import io.plumbline.internal.Printable;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;

/**
 * A white picture to draw on, in units of two pixels: crisp on dense screens, readable when shown
 * at half its size.
 */
final class Canvas implements AutoCloseable {
  static final Color ACCENT = new Color(0x1F6FB2);
  static final Color SECOND = new Color(0xD9822B);
  static final Color INK = new Color(0x24292F);
  static final Color QUIET = new Color(0x6E7781);
  static final Color GRID = new Color(0xE4E7EB);

  static final int WIDTH = 640;
  private static final int PIXELS_PER_UNIT = 2;
  private static final String ELLIPSIS = "\u2026";

  private final BufferedImage picture;
  private final Graphics2D graphics;

  Canvas(int height) {
    picture =
        new BufferedImage(
            WIDTH * PIXELS_PER_UNIT, height * PIXELS_PER_UNIT, BufferedImage.TYPE_INT_RGB);
    graphics = picture.createGraphics();
    graphics.scale(PIXELS_PER_UNIT, PIXELS_PER_UNIT);
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    graphics.setRenderingHint(
        RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    fill(new Rectangle2D.Double(0, 0, WIDTH, height), Color.WHITE);
  }

  /** Touches all that drawing text needs, so that what is missing is found before it matters. */
  static void probe() {
    try (Canvas canvas = new Canvas(1)) {
      canvas.text("0", 0, 0, 12, false, INK);
    }
  }

  void fill(Shape shape, Color color) {
    graphics.setColor(color);
    graphics.fill(shape);
  }

  void stroke(Shape shape, double width, Color color) {
    graphics.setStroke(
        new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    graphics.setColor(color);
    graphics.draw(shape);
  }

  void line(double x1, double y1, double x2, double y2, double width, Color color) {
    stroke(new Line2D.Double(x1, y1, x2, y2), width, color);
  }

  void dashed(double x1, double y1, double x2, double y2, Color color) {
    float[] dashes = {6, 5};
    graphics.setStroke(
        new BasicStroke(1.2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, dashes, 0));
    graphics.setColor(color);
    graphics.draw(new Line2D.Double(x1, y1, x2, y2));
  }

  /** Writes text that starts at x; y is its baseline. */
  void text(String text, double x, double y, int size, boolean bold, Color color) {
    graphics.setFont(new Font(Font.SANS_SERIF, bold ? Font.BOLD : Font.PLAIN, size));
    graphics.setColor(color);
    graphics.drawString(text, (float) x, (float) y);
  }

  void textCentred(String text, double x, double y, int size, Color color) {
    text(text, x - width(text, size, false) / 2, y, size, false, color);
  }

  void textRight(String text, double x, double y, int size, Color color) {
    text(text, x - width(text, size, false), y, size, false, color);
  }

  /** Writes text that runs upwards, centred at y; x is its baseline. */
  void textUpwards(String text, double x, double y, int size, Color color) {
    AffineTransform before = graphics.getTransform();
    graphics.rotate(-Math.PI / 2, x, y);
    textCentred(text, x, y, size, color);
    graphics.setTransform(before);
  }

  double width(String text, int size, boolean bold) {
    FontMetrics metrics =
        graphics.getFontMetrics(new Font(Font.SANS_SERIF, bold ? Font.BOLD : Font.PLAIN, size));
    return metrics.getStringBounds(text, graphics).getWidth();
  }

  /** Returns as much of the text as fits, with an ellipsis if that is not all. */
  String fitted(String text, double width, int size, boolean bold) {
    // Nothing that fits is longer: a text of any length costs no more than one of this length.
    int fits = 0;
    int tooMany = Math.min(text.length(), WIDTH) + 1;
    if (text.length() < tooMany && width(text, size, bold) <= width) {
      return text;
    }
    while (tooMany - fits > 1) {
      int middle = (fits + tooMany) >>> 1;
      if (width(text.substring(0, middle) + ELLIPSIS, size, bold) <= width) {
        fits = middle;
      } else {
        tooMany = middle;
      }
    }
    return Printable.start(text, fits) + ELLIPSIS;
  }

  BufferedImage picture() {
    return picture;
  }

  @Override
  public void close() {
    graphics.dispose();
  }
}
