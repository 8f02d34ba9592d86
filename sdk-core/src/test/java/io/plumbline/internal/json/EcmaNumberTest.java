package io.plumbline.internal.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EcmaNumberTest {

  @ParameterizedTest(name = "{0} is {1}")
  @DisplayName("The sample numbers of RFC 8785, appendix B, are written as it says")
  @CsvSource({
    "0000000000000000, 0",
    "8000000000000000, 0",
    "0000000000000001, 5e-324",
    "8000000000000001, -5e-324",
    "7fefffffffffffff, 1.7976931348623157e+308",
    "ffefffffffffffff, -1.7976931348623157e+308",
    "4340000000000000, 9007199254740992",
    "c340000000000000, -9007199254740992",
    "4430000000000000, 295147905179352830000",
    "44b52d02c7e14af5, 9.999999999999997e+22",
    "44b52d02c7e14af6, 1e+23",
    "44b52d02c7e14af7, 1.0000000000000001e+23",
    "444b1ae4d6e2ef4e, 999999999999999700000",
    "444b1ae4d6e2ef4f, 999999999999999900000",
    "444b1ae4d6e2ef50, 1e+21",
    "3eb0c6f7a0b5ed8c, 9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d, 0.000001",
    "41b3de4355555553, 333333333.3333332",
    "41b3de4355555554, 333333333.33333325",
    "41b3de4355555555, 333333333.3333333",
    "41b3de4355555556, 333333333.3333334",
    "41b3de4355555557, 333333333.33333343",
    "becbf647612f3696, -0.0000033333333333333333",
    "43143ff3c1cb0959, 1424953923781206.2",
  })
  void rfcVectors(String bits, String expected) {
    assertThat(text(Double.longBitsToDouble(Long.parseUnsignedLong(bits, 16)))).isEqualTo(expected);
  }

  @Test
  @DisplayName("At a power of two the farther 16-digit neighbour is taken when only it reads back")
  void powerOfTwo() {
    assertThat(text(Math.scalb(1.0, -44))).isEqualTo("5.684341886080802e-14");
  }

  @Test
  @DisplayName(
      "100,000 doubles have the digits of JDK 25's Double.toString on every JDK, and read back")
  void sameDigitsAsJdk25() throws IOException {
    List<String> golden = golden();
    SplittableRandom random = new SplittableRandom(8785);
    MessageDigest sha256 = sha256();
    for (int i = 0; i < 100_000; i++) {
      double value = next(random, i);
      String text = text(value);
      assertThat(Double.parseDouble(text)).isEqualTo(value);
      BigDecimal digits = new BigDecimal(text).stripTrailingZeros();
      String line =
          HexFormat.of().toHexDigits(Double.doubleToLongBits(value))
              + " "
              + digits.unscaledValue()
              + " "
              + -digits.scale();
      if (i < golden.size() - 1) {
        assertThat(line).isEqualTo(golden.get(i));
      }
      sha256.update((line + "\n").getBytes(StandardCharsets.US_ASCII));
    }
    assertThat("sha256 " + HexFormat.of().formatHex(sha256.digest()))
        .isEqualTo(golden.get(golden.size() - 1));
  }

  private static String text(double value) {
    StringBuilder out = new StringBuilder();
    EcmaNumber.append(out, value);
    return out.toString();
  }

  // The recipe of tools/golden/ShortestDoubles.java, which made the file.
  private static double next(SplittableRandom random, int i) {
    double value;
    do {
      value =
          switch (i % 4) {
            case 0 -> Double.longBitsToDouble(random.nextLong());
            case 1 -> random.nextDouble();
            case 2 ->
                random.nextLong(1_000_000_000_000L) / Double.parseDouble("1e" + random.nextInt(13));
            default -> {
              double power = Math.scalb(1.0, random.nextInt(-1000, 1000));
              yield Double.longBitsToDouble(Double.doubleToLongBits(power) + random.nextInt(-2, 3));
            }
          };
    } while (!Double.isFinite(value) || Math.abs(value) < Double.MIN_NORMAL);
    return value;
  }

  private static List<String> golden() throws IOException {
    try (InputStream in = EcmaNumberTest.class.getResourceAsStream("shortest-doubles.txt")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .toList();
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
