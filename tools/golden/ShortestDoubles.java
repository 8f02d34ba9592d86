import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.SplittableRandom;

/**
 * Prints what Double.toString of a JDK 19 or newer (whose digits are specified as the shortest) makes
 * of 100,000 doubles, for EcmaNumberTest.
 *
 * <p>Run from the project's root:
 *
 * <pre>
 * java tools/golden/ShortestDoubles.java > sdk-core/src/test/resources/io/plumbline/internal/json/shortest-doubles.txt
 * </pre>
 *
 * <p>A line is the double's bits in hex, its digits without trailing zeros, and the power of ten that
 * they are multiplied by. The first 2,000 lines are printed; the last line is the SHA-256 of all
 * 100,000, each with its line feed.
 */
public final class ShortestDoubles {
  private static final int ALL = 100_000;
  private static final int PRINTED = 2_000;

  private ShortestDoubles() {}

  public static void main(String[] args) throws Exception {
    if (Runtime.version().feature() < 19) {
      throw new IllegalStateException("needs JDK 19 or newer");
    }
    SplittableRandom random = new SplittableRandom(8785);
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < ALL; i++) {
      double value = next(random, i);
      BigDecimal digits = new BigDecimal(Double.toString(value)).stripTrailingZeros();
      String line =
          String.format("%016x %s %d%n", Double.doubleToLongBits(value), digits.unscaledValue(), -digits.scale())
              .replace(System.lineSeparator(), "\n");
      sha256.update(line.getBytes(StandardCharsets.US_ASCII));
      if (i < PRINTED) {
        out.append(line);
      }
    }
    System.out.print(out.append("sha256 ").append(HexFormat.of().formatHex(sha256.digest())).append('\n'));
  }

  /** In turn: any normal double, one of [0, 1), a decimal of few digits, a neighbour of a power of two. */
  private static double next(SplittableRandom random, int i) {
    double value;
    do {
      value =
          switch (i % 4) {
            case 0 -> Double.longBitsToDouble(random.nextLong());
            case 1 -> random.nextDouble();
            case 2 -> random.nextLong(1_000_000_000_000L) / Double.parseDouble("1e" + random.nextInt(13));
            default -> {
              double power = Math.scalb(1.0, random.nextInt(-1000, 1000));
              yield Double.longBitsToDouble(Double.doubleToLongBits(power) + random.nextInt(-2, 3));
            }
          };
      // Below the normal range Double.toString prefers two digits to one, which ECMAScript does not.
    } while (!Double.isFinite(value) || Math.abs(value) < Double.MIN_NORMAL);
    return value;
  }
}
