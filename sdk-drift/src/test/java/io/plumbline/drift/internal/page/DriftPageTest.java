package io.plumbline.drift.internal.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A drift page")
class DriftPageTest {
  private static DriftView.Column column(String name, State state, double effect, int bins) {
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < bins; i++) {
      labels.add("bin " + i);
    }
    double[] ones = new double[bins];
    Arrays.fill(ones, 1);
    return new DriftView.Column(
        name,
        "number, input",
        state,
        name + " is as it is",
        effect,
        new double[] {0, effect},
        new DriftView.Bins(false, labels, ones, ones),
        List.of(new DriftView.Figure("psi", effect, "10 bins")));
  }

  private static DriftView view(List<DriftView.Column> columns, List<DriftView.Alarm> alarms) {
    return new DriftView(
        "delay 3",
        "June against January",
        Map.of("alarm", "2 of 3 windows"),
        0.05,
        List.of(
            new DriftView.Window("", 0, 400, State.GOOD, 0),
            new DriftView.Window("June", 86_400_000, 500, State.BAD, 1)),
        columns,
        alarms,
        List.of(),
        List.of());
  }

  @Test
  @DisplayName("begins with what alarms most, and opens it")
  void order() {
    String page =
        DriftPage.of(
                view(
                    List.of(
                        column("quiet", State.GOOD, 0.9, 3),
                        column("few", State.NONE, Double.NaN, 3),
                        column("some", State.WARN, 0.06, 3),
                        column("most", State.BAD, 0.5, 3)),
                    List.of()))
            .text();
    assertThat(page.indexOf("most is as it is")).isLessThan(page.indexOf("some is as it is"));
    assertThat(page.indexOf("some is as it is")).isLessThan(page.indexOf("quiet is as it is"));
    assertThat(page.indexOf("quiet is as it is")).isLessThan(page.indexOf("few is as it is"));
    assertThat(page).contains("id=\"column-0\" data-state=\"bad\" open=\"\"");
    assertThat(page).contains("Nothing has alarmed.").doesNotContain("id=\"performance\"");
  }

  @Test
  @DisplayName("says of each alarm what moved, the newest first, and leads to the column")
  void alarms() {
    String page =
        DriftPage.of(
                view(
                    List.of(column("temp", State.BAD, 0.5, 3)),
                    List.of(
                        new DriftView.Alarm(0, "temp", State.WARN, "rose a little"),
                        new DriftView.Alarm(1, "temp", State.BAD, "rose a lot"))))
            .text();
    assertThat(page.indexOf("rose a lot")).isLessThan(page.indexOf("rose a little"));
    assertThat(page).contains("<a href=\"#column-0\">temp</a>").contains("1970-01-01");
  }

  @Test
  @DisplayName("joins bins and categories that a picture has no room for, and loses no row")
  void reduced() {
    DriftView.Column many = column("many", State.GOOD, 0, 103);
    DriftView.Bins bins = Reduced.of(many.bins());
    assertThat(bins.labels()).hasSize(35).startsWith("bin 0 to bin 2").endsWith("bin 102");
    assertThat(Arrays.stream(bins.reference()).sum()).isEqualTo(103);
    DriftView.Bins names =
        Reduced.of(
            new DriftView.Bins(
                true, many.bins().labels(), many.bins().reference(), many.bins().current()));
    assertThat(names.labels()).hasSize(12).endsWith("92 others");
    assertThat(Arrays.stream(names.current()).sum()).isEqualTo(103);
  }

  @Test
  @DisplayName("with 3,000 features keeps its size, and leaves the pictures of the quiet ones out")
  void large() {
    List<DriftView.Column> columns = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      columns.add(column("f" + i, i == 2_999 ? State.BAD : State.GOOD, i / 1e5, 30));
    }
    String page = DriftPage.of(view(columns, List.of())).text();
    assertThat(page.length()).isLessThan(9_000_000);
    assertThat(page).contains("features that moved least have no picture");
    assertThat(page.indexOf("f2999: reference and current")).isPositive();
  }

  @Test
  @DisplayName("refuses distributions whose lengths differ")
  void lengths() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DriftView.Bins(true, List.of("a"), new double[2], new double[1]))
        .withMessage("1 labels for 2 and 1");
  }
}
