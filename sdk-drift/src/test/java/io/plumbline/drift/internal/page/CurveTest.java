package io.plumbline.drift.internal.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A curve")
class CurveTest {
  @Test
  @DisplayName("that is short is kept as it is, in the order of its axis")
  void small() {
    Curve curve = new Curve(100);
    curve.add(3, 0.3);
    curve.add(-1, 0.1);
    curve.add(2, Double.NaN);
    assertThat(curve.points())
        .containsExactly(
            new Curve.Point(-1, 0.1), new Curve.Point(2, Double.NaN), new Curve.Point(3, 0.3));
    assertThat(curve.count()).isEqualTo(3);
  }

  @Test
  @DisplayName(
      "of a million points keeps its peaks and its ends within the points that it may have")
  void peaks() {
    SplittableRandom random = new SplittableRandom(7);
    Curve curve = new Curve(200);
    for (int i = 0; i < 1_000_000; i++) {
      curve.add(i, i == 765_432 ? 99 : i == 13 ? -99 : random.nextDouble());
    }
    List<Curve.Point> points = curve.points();
    assertThat(points).hasSizeBetween(90, 200);
    assertThat(points).contains(new Curve.Point(765_432, 99), new Curve.Point(13, -99));
    assertThat(points.get(0).x()).isZero();
    assertThat(points.get(points.size() - 1).x()).isEqualTo(999_999);
    assertThat(points).isSortedAccordingTo((a, b) -> Long.compare(a.x(), b.x()));
  }

  @Test
  @DisplayName("shows a long stretch without a finite value as a gap")
  void gaps() {
    Curve curve = new Curve(20);
    for (int i = 0; i < 1_000; i++) {
      boolean gone = i >= 300 && i < 700;
      curve.add(i, gone ? Double.POSITIVE_INFINITY : i);
    }
    assertThat(curve.points()).anyMatch(point -> Double.isNaN(point.y()));
    assertThat(curve.points()).noneMatch(point -> Double.isInfinite(point.y()));
  }

  @Test
  @DisplayName("takes steps from one end of the longs to the other")
  void extremes() {
    Curve curve = new Curve(10);
    curve.add(Long.MIN_VALUE, 1);
    curve.add(Long.MAX_VALUE, 2);
    for (int i = 0; i < 50; i++) {
      curve.add(i, 3);
    }
    assertThat(curve.points()).hasSizeLessThanOrEqualTo(10);
    assertThat(curve.points().get(0)).isEqualTo(new Curve.Point(Long.MIN_VALUE, 1));
  }

  @Test
  @DisplayName("needs room for a few points")
  void tooSmall() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Curve(3))
        .withMessage("a curve keeps at least 4 points, not 3");
  }
}
