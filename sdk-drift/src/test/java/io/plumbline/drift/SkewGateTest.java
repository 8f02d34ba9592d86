package io.plumbline.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.data.CsvTable;
import io.plumbline.drift.SkewGate.State;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A skew gate after a deploy")
class SkewGateTest {
  private static final Profile PROFILE =
      Profile.builder()
          .role("late", ColumnRole.TARGET)
          .add("x", numbers(1, 20_000, 0))
          .add("late", new boolean[20_000])
          .build();

  @Test
  @DisplayName("waits for its rows, then passes what is like the training data")
  void passes() {
    SkewGate gate = SkewGate.against(PROFILE);
    SkewGate.Finding early = gate.judge(window(numbers(2, 100, 9)));
    assertThat(early.state()).isEqualTo(State.WAIT);
    assertThat(early.report()).isEmpty();
    assertThat(gate.judge(window(numbers(2, 999, 0))).state()).isEqualTo(State.WAIT);
    SkewGate.Finding passed = gate.judge(window(numbers(2, 1_000, 0)));
    assertThat(passed.state()).isEqualTo(State.PASS);
    assertThat(passed.reasons()).isEmpty();
    assertThat(passed.rows()).isEqualTo(1_000);
  }

  @Test
  @DisplayName("stops at moves that drift would not even warn of")
  void stricter() {
    WindowCounts window = window(numbers(2, 1_000, 0.22));
    assertThat(Drift.compare(PROFILE, window).column("x").verdict()).isEqualTo(Verdict.OK);
    SkewGate.Finding finding = SkewGate.against(PROFILE).judge(window);
    assertThat(finding.state()).isEqualTo(State.STOP);
    assertThat(finding.reasons()).singleElement().asString().startsWith("'x': values ");
    assertThatThrownBy(() -> SkewGate.against(PROFILE).without("x").judge(window))
        .as("only the target is left, which nobody knows yet")
        .hasMessageContaining("every column of the profile is left out");
  }

  @Test
  @DisplayName("need not wait for its rows when a feature is plainly broken")
  void early() {
    double[] broken = numbers(2, 300, 0);
    Arrays.fill(broken, 0, 100, Double.NaN);
    SkewGate.Finding finding = SkewGate.against(PROFILE).judge(window(broken));
    assertThat(finding.state()).isEqualTo(State.STOP);
    assertThat(finding.reasons())
        .containsExactly("'x': missing values rose from 0 % to 33 % of the rows");
    assertThat(SkewGate.against(PROFILE).judge(window(numbers(2, 300, 0.3))).state())
        .as("a shift waits for all rows")
        .isEqualTo(State.WAIT);
  }

  @Test
  @DisplayName("rarely stops a deploy that changed nothing")
  void falseStops() {
    int stops = 0;
    for (int seed = 0; seed < 300; seed++) {
      if (SkewGate.against(PROFILE).judge(window(numbers(100 + seed, 1_000, 0))).state()
          == State.STOP) {
        stops++;
      }
    }
    assertThat(stops).isLessThanOrEqualTo(6);
  }

  @Test
  @DisplayName("on real flights stops a temperature in Celsius, and not the weather of two days")
  void flights() {
    Path root = Path.of(Objects.requireNonNull(System.getProperty("test.root"), "test.root"));
    CsvTable all = CsvTable.read(root.resolve("samples/data/flights.csv.gz"));
    int[] month = all.ints("month");
    Profile winter =
        Profile.builder()
            .without("month", "day", "late")
            .add(all.where(r -> month[r] <= 3))
            .build();
    int[] march = IntStream.range(0, month.length).filter(row -> month[row] == 3).toArray();
    int from = march[march.length / 2];
    CsvTable first = all.where(row -> row >= from && row < from + 1_000);
    ProfileCounter counter = winter.counter();
    counter.countAll(first);
    SkewGate gate = SkewGate.against(winter).rows(1_000);
    SkewGate.Finding fine = gate.judge(counter.take());
    assertThat(fine.reasons()).isEmpty();
    assertThat(fine.state()).isEqualTo(State.PASS);
    for (ColumnProfile column : winter.columns()) {
      int position = counter.column(column.name());
      if (column.name().equals("temp")) {
        double[] celsius =
            Arrays.stream(first.doubles("temp")).map(degrees -> (degrees - 32) / 1.8).toArray();
        counter.countAll(position, celsius);
      } else if (column.kind() == ColumnKind.CATEGORY) {
        counter.countAll(position, first.strings(column.name()).toArray(String[]::new));
      } else {
        counter.countAll(position, first.doubles(column.name()));
      }
    }
    SkewGate.Finding wrong = gate.judge(counter.take());
    assertThat(wrong.state()).isEqualTo(State.STOP);
    assertThat(wrong.reasons()).allMatch(reason -> reason.startsWith("'temp': "));
  }

  @Test
  @DisplayName("refuses so few rows that they say nothing")
  void arguments() {
    assertThatThrownBy(() -> SkewGate.against(PROFILE).rows(10)).hasMessageContaining("rows is 10");
  }

  private static WindowCounts window(double[] x) {
    ProfileCounter counter = PROFILE.counter();
    counter.countAll(0, x);
    return counter.take();
  }

  private static double[] numbers(long seed, int rows, double shift) {
    SplittableRandom random = new SplittableRandom(seed);
    return IntStream.range(0, rows).mapToDouble(i -> random.nextGaussian() + shift).toArray();
  }
}
