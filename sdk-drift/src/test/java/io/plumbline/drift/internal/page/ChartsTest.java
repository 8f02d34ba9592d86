package io.plumbline.drift.internal.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A chart of a page")
class ChartsTest {
  @Test
  @DisplayName("marks round values within its axis, whatever it spans")
  void marks() {
    assertThat(new Scale(0, 1).marks())
        .containsExactly(0.0, 0.2, 0.4, 0.6000000000000001, 0.8, 1.0);
    double[][] spans = {{-3, 12}, {1e-12, 2e-12}, {-1e300, 1e300}, {0.70, 0.71}, {5, 5}};
    for (double[] span : spans) {
      Scale scale = Scale.around(span[0], span[1]);
      assertThat(scale.marks()).hasSizeBetween(1, 8).allMatch(m -> m >= scale.low());
      assertThat(scale.share(span[0])).isBetween(0.0, scale.share(span[1]));
    }
    assertThat(Scale.around(-Double.MAX_VALUE, Double.MAX_VALUE).share(0)).isBetween(0.0, 1.0);
    assertThat(Scale.around(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY))
        .isEqualTo(new Scale(0, 1));
  }

  @Test
  @DisplayName("says in words what it shows, for whoever cannot see it")
  void words() {
    Html html = new Html();
    new LineChart("auc", step -> "step " + step)
        .line("run a", List.of(new Curve.Point(0, 0.5), new Curve.Point(9, 0.75)))
        .level("threshold", 0.6)
        .write(html);
    Charts.bins(html, "dep_delay", List.of("a", "b"), new double[] {1, 3}, new double[] {2, 2});
    Charts.sparkline(html, "effect", new double[] {0.1, Double.NaN, 0.3}, 0.05);
    assertThat(html.content())
        .contains("<desc>1 curve from step 0 to step 9; run a ends at 0.75</desc>")
        .contains("<desc>2 bins; the largest change: a, from 25 % to 50 %</desc>")
        .contains("<desc>2 values from 0.1 to 0.3, the last 0.3</desc>")
        .doesNotContain("style=");
  }

  @Test
  @DisplayName("without any value is drawn, too")
  void empty() {
    Html html = new Html();
    new LineChart("none", step -> "" + step).line("a", List.of()).write(html);
    Charts.bins(html, "none", List.of(), new double[0], new double[0]);
    Charts.categories(html, "zero", List.of("x"), new double[1], new double[1]);
    Charts.bars(html, "bars", List.of("x", "y"), new double[] {Double.NaN, -1});
    Charts.sparkline(html, "none", new double[] {Double.NaN}, Double.NaN);
    assertThat(html.content()).doesNotContain("NaN%").contains("no value");
  }

  @Test
  @DisplayName("has numbers as people write them")
  void numbers() {
    assertThat(Numbers.number(0.123456)).isEqualTo("0.1235");
    assertThat(Numbers.number(-12)).isEqualTo("−12");
    assertThat(Numbers.number(1.5e-7)).isEqualTo("1.5e−7");
    assertThat(Numbers.number(Double.NEGATIVE_INFINITY)).isEqualTo("−∞");
    assertThat(Numbers.percent(0.0312)).isEqualTo("3.1 %");
    assertThat(Numbers.percent(0.5)).isEqualTo("50 %");
    assertThat(Numbers.percent(Double.NaN)).isEqualTo("–");
  }
}
