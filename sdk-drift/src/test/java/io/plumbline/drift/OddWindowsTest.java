package io.plumbline.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.internal.json.Json;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("An odd window")
class OddWindowsTest {
  private static final int ROWS = 1_000;
  private static final Profile REFERENCE = reference();

  @TempDir private Path folder;

  private static Profile reference() {
    Random random = new Random(5);
    double[] numbers = random.doubles(ROWS).toArray();
    String[] categories =
        IntStream.range(0, ROWS).mapToObj(i -> "c" + i % 7).toArray(String[]::new);
    String[] ids = IntStream.range(0, ROWS).mapToObj(i -> "id" + i).toArray(String[]::new);
    String[] prose =
        IntStream.range(0, ROWS)
            .mapToObj(i -> "some words ".repeat(5 + i % 9) + i)
            .toArray(String[]::new);
    return Profile.builder()
        .kind("id", ColumnKind.ID)
        .kind("prose", ColumnKind.TEXT)
        .add("number", numbers)
        .add("whole", random.longs(ROWS, 0, 50).toArray())
        .add("category", categories)
        .add("id", ids)
        .add("prose", prose)
        .add("flag", new boolean[ROWS])
        .add("constant", new double[ROWS])
        .build();
  }

  private static Map<String, Consumer<ProfileCounter>> windows() {
    Map<String, Consumer<ProfileCounter>> windows = new LinkedHashMap<>();
    windows.put("without a row", counter -> {});
    windows.put("of one row", counter -> fill(counter, 1, 0.5));
    windows.put("of one row of NaN", counter -> fill(counter, 1, Double.NaN));
    for (double value :
        new double[] {
          Double.NaN,
          Double.POSITIVE_INFINITY,
          Double.NEGATIVE_INFINITY,
          -0.0,
          Double.MIN_VALUE,
          -Double.MIN_VALUE,
          1e-310,
          Double.MAX_VALUE,
          -Double.MAX_VALUE,
          1e6
        }) {
      windows.put("of nothing but " + value, counter -> fill(counter, ROWS, value));
    }
    windows.put(
        "of nothing",
        counter -> {
          for (int column = 0; column < counter.columns(); column++) {
            for (int row = 0; row < ROWS; row++) {
              counter.countMissing(column);
            }
          }
        });
    for (String text :
        List.of(
            "",
            "\u0000",
            "\uD800",
            "a\uDC00b",
            "<script>alert(1)</script>",
            "| x | `y` **z** [a](b)\n# c",
            "\u202Eright to left",
            "x".repeat(1 << 20))) {
      String name = text.length() > 40 ? text.length() + " letters" : Json.text(text);
      windows.put(
          "of the text " + name,
          counter -> {
            String[] all = new String[text.length() > 40 ? 250 : ROWS];
            Arrays.fill(all, text);
            for (int column = 0; column < counter.columns(); column++) {
              counter.countAll(column, all);
            }
          });
    }
    return windows;
  }

  private static void fill(ProfileCounter counter, int rows, double value) {
    double[] all = new double[rows];
    Arrays.fill(all, value);
    for (int column = 0; column < counter.columns(); column++) {
      counter.countAll(column, all);
    }
  }

  @TestFactory
  @DisplayName("is counted, stored, merged, compared and shown, and never makes a figure of noise")
  Stream<DynamicTest> odd() {
    return windows().entrySet().stream()
        .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> check(entry.getValue())));
  }

  private void check(Consumer<ProfileCounter> fill) {
    ProfileCounter counter = REFERENCE.counter();
    fill.accept(counter);
    WindowCounts window = counter.take();
    assertThat(WindowCounts.fromJson(window.toJson(), REFERENCE)).isEqualTo(window);
    WindowCounts normal = REFERENCE.counts();
    for (int i = 0; i < normal.columns().size(); i++) { // moments differ in their last digits
      assertThat(normal.merge(window).columns().get(i).cells())
          .isEqualTo(window.merge(normal).columns().get(i).cells());
    }
    DriftReport report = Drift.compare(REFERENCE, window);
    if (window.rows() < AlarmPolicy.LEAST_ROWS) {
      assertThat(report.verdict()).isEqualTo(Verdict.INSUFFICIENT);
    } else {
      assertThat(report.column("number").verdict()).isEqualTo(Verdict.ALERT);
    }
    for (ColumnDrift column : report.columns()) {
      assertThat(column.explanation()).isNotEmpty().doesNotContain("NaN %", "\n", "\u0000");
      for (DriftFigure figure : column.figures()) {
        assertThat(figure.value()).as(column.name() + " " + figure.method()).isFinite();
      }
    }
    assertThat(Json.parse(report.toJson())).isNotNull();
    assertThat(report.toMarkdown()).doesNotContain("<script", "\u0000");
    Path page = folder.resolve("page.html");
    report.writeHtml(page);
    assertThat(page).content().doesNotContain("<script>alert", "\u0000");
    assertThat(Drift.compare(window, normal).columns()).hasSize(report.columns().size());
  }

  @Test
  @DisplayName("of a million new categories takes no more memory than any other, and says so")
  void millionCategories() {
    ProfileCounter counter = REFERENCE.counter();
    int category = counter.column("category");
    int position = counter.column("number");
    for (int i = 0; i < 1_000_000; i++) {
      counter.countText(category, "new " + i);
      counter.count(position, i % 1_000 / 1_000.0);
    }
    WindowCounts window = counter.take();
    assertThat(window.toJson()).hasSizeLessThan(5_000);
    ColumnDrift column = Drift.compare(REFERENCE, window).column("category");
    assertThat(column.explanation())
        .startsWith("new categories rose from 0 % to 100 % of the rows");
  }
}
