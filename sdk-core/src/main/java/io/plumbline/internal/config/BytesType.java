package io.plumbline.internal.config;

import io.plumbline.internal.Printable;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A size in bytes. All units are powers of 1024, as in the JVM's own options: {@code 1g}, {@code
 * 1GB} and {@code 1GiB} are the same.
 */
final class BytesType implements ValueType<Long> {

  private static final String UNITS = "KMGTPE";

  private final long min;
  private final long max;
  private final boolean powerOfTwo;
  private final @Nullable String zeroMeans;

  private BytesType(long min, long max, boolean powerOfTwo, @Nullable String zeroMeans) {
    this.min = min;
    this.max = max;
    this.powerOfTwo = powerOfTwo;
    this.zeroMeans = zeroMeans;
  }

  /** A size between two others. */
  static BytesType between(long min, long max) {
    return new BytesType(min, max, false, null);
  }

  /** A size between two others that is a power of two. */
  static BytesType powerOfTwo(long min, long max) {
    return new BytesType(min, max, true, null);
  }

  /** A size of at least some bytes, or 0 with a meaning of its own. */
  static BytesType zeroOrFrom(String zeroMeans, long min) {
    return new BytesType(min, Long.MAX_VALUE, false, zeroMeans);
  }

  @Override
  public String accepted() {
    return (powerOfTwo ? "a power of two" : "a size")
        + (" from " + text(min))
        + (max == Long.MAX_VALUE ? "" : " to " + text(max))
        + (zeroMeans == null ? "" : ", or 0 for " + zeroMeans)
        + ", such as 64MiB, 1g or 1048576 (K, M, G are powers of 1024)";
  }

  @Override
  public Long parse(String text) throws BadValueException {
    Quantity quantity = Quantity.parse(text);
    long factor = quantity == null ? 0 : factor(quantity.unit());
    if (quantity == null || factor == 0) {
      throw new BadValueException(Printable.quote(text) + " is not a size");
    }
    long bytes = quantity.times(factor);
    if (bytes == 0 && zeroMeans != null) {
      return bytes;
    }
    if (bytes < min || bytes > max) {
      throw new BadValueException(
          Printable.quote(text) + (bytes < min ? " is too small" : " is too large"));
    }
    if (powerOfTwo && Long.bitCount(bytes) != 1) {
      throw new BadValueException(Printable.quote(text) + " is not a power of two");
    }
    return bytes;
  }

  @Override
  public String format(Long value) {
    return text(value);
  }

  /** Returns the bytes of a unit, or 0 for a unit that does not exist. */
  private static long factor(String unit) {
    String name = unit.toUpperCase(Locale.ROOT);
    if (name.isEmpty() || name.equals("B")) {
      return 1;
    }
    String tail = name.substring(1);
    boolean known = tail.isEmpty() || tail.equals("B") || tail.equals("IB");
    int power = UNITS.indexOf(name.charAt(0)) + 1;
    return known ? (power == 0 ? 0 : 1L << (10 * power)) : 0;
  }

  private static String text(long bytes) {
    int power = 0;
    long number = bytes;
    while (number != 0 && number % 1024 == 0) {
      number /= 1024;
      power++;
    }
    return power == 0 ? Long.toString(bytes) : number + UNITS.substring(power - 1, power) + "iB";
  }
}
