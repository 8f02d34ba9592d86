package io.plumbline.drift;

import io.plumbline.drift.internal.BarPicture;
import io.plumbline.drift.internal.Drawing;
import io.plumbline.drift.internal.Png;
import io.plumbline.drift.internal.RocPicture;
import java.awt.image.BufferedImage;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Pictures of evaluations, drawn without a display by what the JDK brings: the module {@code
 * java.desktop} and any font of the system.
 *
 * <pre>{@code
 * byte[] picture = Plots.png(Plots.roc(evaluation));
 * }</pre>
 *
 * On a runtime that cannot draw, such as a slim container without fonts, {@link #roc} and {@link
 * #bars} throw an {@link IllegalStateException} that says what to install; nothing else in this
 * package draws. On a machine with a display, {@code -Djava.awt.headless=true} keeps the JVM from
 * opening it.
 */
public final class Plots {
  private Plots() {}

  /**
   * Draws the ROC curve of a binary evaluation, with the AUC, its interval if there is one, and the
   * diagonal of a model that guesses.
   *
   * @return a picture of 1280 x 1280 pixels
   * @throws IllegalStateException if the evaluation has no ROC curve, or the runtime cannot draw
   */
  public static BufferedImage roc(Evaluation evaluation) {
    RocCurve curve = evaluation.rocCurve();
    String title = "ROC curve, AUC " + Drawing.number(evaluation.value("auc"));
    Interval interval = evaluation.intervals().get("auc");
    String certainty =
        interval == null
            ? ""
            : Drawing.number(100 * interval.level())
                + " % interval "
                + Drawing.number(interval.low())
                + " to "
                + Drawing.number(interval.high())
                + ", ";
    Drawing.require();
    String rows = String.format(Locale.ROOT, "%,d rows", evaluation.rows());
    return RocPicture.draw(title, certainty + rows, curve.points());
  }

  /**
   * Draws a horizontal bar for each value, such as the importance of features: the one furthest
   * from zero at the top, bars of negative values to the left. Only the first 30 are drawn; a line
   * at the bottom says how many are not.
   *
   * @param title stands above the bars
   * @param values at least one, finite, by the name that stands beside the bar
   * @return a picture 1280 pixels wide; its height follows from the number of bars
   * @throws IllegalArgumentException if there is no value, or one is NaN or infinite
   * @throws IllegalStateException if the runtime cannot draw
   */
  public static BufferedImage bars(String title, Map<String, ? extends Number> values) {
    Objects.requireNonNull(title, "title");
    if (values.isEmpty()) {
      throw new IllegalArgumentException("values is empty; a bar chart needs at least one value");
    }
    values.forEach(
        (name, value) -> {
          if (!Double.isFinite(value.doubleValue())) {
            throw new IllegalArgumentException(
                "the value of \"" + name + "\" is " + value + "; a bar needs a finite value");
          }
        });
    Drawing.require();
    return BarPicture.draw(title, values);
  }

  /** Returns a picture as the bytes of a PNG file. */
  public static byte[] png(BufferedImage picture) {
    return Png.bytes(Objects.requireNonNull(picture, "picture"));
  }
}
