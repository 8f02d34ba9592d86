package io.plumbline.drift.internal.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Sorting by digits")
class RadixSortTest {
  private static final double[] SPECIAL = {
    0.0,
    -0.0,
    Double.MIN_VALUE,
    -Double.MIN_VALUE,
    Double.MAX_VALUE,
    -Double.MAX_VALUE,
    1,
    -1,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.NaN
  };

  @Test
  @DisplayName("gives the order of the JDK, for any bits and any length")
  void order() {
    SplittableRandom random = new SplittableRandom(1);
    for (int length : new int[] {0, 1, 100, 4_095, 4_096, 20_000}) {
      double[] any = random.longs(length).mapToDouble(Double::longBitsToDouble).toArray();
      double[] few = random.ints(length, 0, SPECIAL.length).mapToDouble(i -> SPECIAL[i]).toArray();
      double[] same = new double[length];
      for (double[] values : new double[][] {any, few, same}) {
        double[] expected = values.clone();
        Arrays.sort(expected);
        double[] before = values.clone();
        assertThat(RadixSort.sorted(values)).isEqualTo(expected);
        assertThat(values).isEqualTo(before);
      }
    }
  }
}
