package io.plumbline.drift;

import io.plumbline.internal.Printable;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;

/** How numbers, shares and changes read in a sentence. */
final class Words {
  /** How many digits a number has, unless more are needed. */
  static final int DIGITS = 5;

  /** How many digits tell any two doubles apart. */
  static final int ALL_DIGITS = 17;

  private Words() {}

  /** A number with up to five digits. */
  static String number(double value) {
    return number(value, DIGITS);
  }

  /** A number with up to that many digits. */
  static String number(double value, int digits) {
    if (!Double.isFinite(value)) {
      return String.valueOf(value);
    }
    if (value == 0) {
      return "0";
    }
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(digits)).stripTrailingZeros();
    boolean plain = Math.abs(value) >= 1e-4 && Math.abs(value) < 1e9;
    return plain ? rounded.toPlainString() : rounded.toString();
  }

  /** A share in percent: one digit after the point below 10 %, none above. */
  static String percent(double share) {
    double percent = share * 100;
    if (percent >= 99.5 && percent < 100) {
      return String.format(Locale.ROOT, "%.1f %%", Math.min(99.9, percent)); // not quite all
    }
    String form = percent > 0 && percent < 0.1 ? "%.2g %%" : percent < 10 ? "%.1f %%" : "%.0f %%";
    return percent == 0 ? "0 %" : String.format(Locale.ROOT, form, percent);
  }

  static String quoted(String text) {
    return Printable.quote(text);
  }

  /** What rose and what fell, as one sentence without its end. */
  static String moves(List<ShareChange> moves) {
    StringBuilder text = new StringBuilder();
    for (ShareChange move : moves) {
      text.append(text.isEmpty() ? "" : "; ")
          .append(move.what())
          .append(move.change() > 0 ? " rose from " : " fell from ")
          .append(percent(move.from()))
          .append(" to ")
          .append(percent(move.to()));
    }
    return text.toString();
  }
}
