package io.plumbline.drift.internal.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

@Label("The isotonic calibration")
class IsotonicPropertyTest {

  @Property(tries = 200)
  @Label("never falls, stays within the labels, and keeps their mean")
  void map(
      @ForAll @Size(min = 1, max = 60) int[] scores,
      @ForAll @Size(value = 60) int[] labels,
      @ForAll @Size(value = 60) int[] weights) {
    int n = scores.length;
    double[] x =
        Arrays.stream(scores).mapToDouble(score -> Math.floorMod(score, 51) / 50.0).toArray();
    double[] y = Arrays.stream(labels).limit(n).mapToDouble(l -> Math.floorMod(l, 2)).toArray();
    double[] w =
        Arrays.stream(weights).limit(n).mapToDouble(v -> 1 + Math.floorMod(v, 5)).toArray();
    Isotonic map = Isotonic.fit(x, y, w);
    double before = 0;
    for (double score = -0.1; score <= 1.1; score += 0.01) {
      assertThat(map.at(score)).isBetween(before - 1e-12, 1.0);
      before = map.at(score);
    }
    double promised = 0;
    double happened = 0;
    for (int row = 0; row < n; row++) {
      promised += w[row] * map.at(x[row]);
      happened += w[row] * y[row];
    }
    assertThat(promised).isCloseTo(happened, within(1e-9));
  }

  @Property(tries = 100)
  @Label("has no nearer non-decreasing function among small changes of one step")
  void nearest(
      @ForAll @Size(min = 3, max = 12) int[] labels,
      @ForAll @IntRange(min = 0, max = 11) int changed) {
    int n = labels.length;
    double[] x = new double[n];
    double[] y = new double[n];
    double[] w = new double[n];
    for (int i = 0; i < n; i++) {
      x[i] = i;
      y[i] = Math.floorMod(labels[i], 2);
      w[i] = 1;
    }
    Isotonic map = Isotonic.fit(x, y, w);
    double[] fitted = Arrays.stream(x).map(map::at).toArray();
    for (double step : new double[] {-0.01, 0.01}) {
      double[] other = fitted.clone();
      other[changed % n] += step;
      boolean rising = true;
      for (int i = 1; i < n; i++) {
        rising &= other[i] >= other[i - 1];
      }
      if (rising) {
        assertThat(distance(other, y)).isGreaterThanOrEqualTo(distance(fitted, y) - 1e-12);
      }
    }
  }

  private static double distance(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return sum;
  }
}
