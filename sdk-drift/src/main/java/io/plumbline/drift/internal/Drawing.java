package io.plumbline.drift.internal;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/**
 * What pictures need that must work where nothing can be drawn. This class names no type of {@code
 * java.desktop}, so that it can be loaded, and explain, where that module is missing.
 */
public final class Drawing {
  private Drawing() {}

  /**
   * Returns if this runtime can draw text.
   *
   * @throws IllegalStateException with what to install, if it cannot
   */
  public static void require() {
    try {
      Canvas.probe();
    } catch (OutOfMemoryError | StackOverflowError e) {
      throw e;
    } catch (Error | RuntimeException e) {
      // A missing module is a LinkageError, missing fonts are an InternalError or a
      // RuntimeException, a display that cannot be opened is an AWTError; JDKs differ.
      throw new IllegalStateException(
          "this Java runtime cannot draw pictures ("
              + e
              + "); use one that has the module java.desktop, install fontconfig and a font such as"
              + " DejaVu, or set -Djava.awt.headless=true if a display could not be opened",
          e);
    }
  }

  /** Returns a number with four significant digits at most, as people write it. */
  public static String number(double value) {
    double size = Math.abs(value);
    if (value == 0) {
      return "0";
    }
    if (size < 1e-4 || size >= 1e7) {
      return String.format(Locale.ROOT, "%.2e", value);
    }
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(4)).stripTrailingZeros();
    return rounded.toPlainString();
  }
}
