package io.plumbline.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.data.CsvReader;
import io.plumbline.data.CsvTable;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonException;
import io.plumbline.model.DataType;
import io.plumbline.model.Feature;
import io.plumbline.model.FeatureSchema;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A profile")
class ProfileTest {
  @Test
  @DisplayName("has the same id for the same data, and reads back as it was written")
  void identity() {
    Profile profile = mixed(1);
    Profile again = mixed(1);
    assertThat(again.id()).isEqualTo(profile.id()).hasSize(64);
    assertThat(again).isEqualTo(profile).isNotEqualTo(mixed(2));
    Profile read = Profile.fromJson(profile.toJson());
    assertThat(read.toJson()).isEqualTo(profile.toJson());
    assertThat(read.counts()).isEqualTo(profile.counts());
    assertThat(read.column("x").baselines()).isEqualTo(profile.column("x").baselines());
    assertThat(profile.toPart().name()).isEqualTo("reference_profile.json");
    assertThat(profile.toPart().sha256()).isEqualTo(profile.id());
  }

  @Test
  @DisplayName("keeps what is known beside the columns")
  void facts() {
    Profile profile =
        Profile.builder()
            .label("winter")
            .schema(
                FeatureSchema.of(
                    Feature.of("x", DataType.LONG), Feature.context("y", DataType.DOUBLE)))
            .transformDigest("abc")
            .dataset("flights", "sha256:12")
            .threshold("late", 0.4)
            .performance("auc", 0.71)
            .calibration(Calibration.of(new double[] {0.1, 0.1, 1}, new double[] {0, 1, 1}))
            .add("x", new double[] {1, 2})
            .add("y", new double[] {1, 2})
            .build();
    Profile read = Profile.fromJson(profile.toJson());
    assertThat(read.label()).contains("winter");
    assertThat(read.schemaDigest()).isPresent();
    assertThat(read.transformDigest()).contains("abc");
    assertThat(read.datasetName()).contains("flights");
    assertThat(read.datasetDigest()).contains("sha256:12");
    assertThat(read.thresholds()).isEqualTo(Map.of("late", 0.4));
    assertThat(read.performance()).isEqualTo(Map.of("auc", 0.71));
    assertThat(read.column("x").kind()).isEqualTo(ColumnKind.INTEGER);
    assertThat(read.column("y").role()).isEqualTo(ColumnRole.CONTEXT);
    Calibration calibration = read.calibration().orElseThrow();
    assertThat(calibration.rows().get(10)).isEqualTo(2);
    assertThat(calibration.positives().get(10)).isEqualTo(1);
    assertThat(calibration.rows().get(99)).isEqualTo(1);
  }

  @Test
  @DisplayName("gives values with much mass a bin of their own, and counts them exactly")
  void atoms() {
    double[] values = new SplittableRandom(1).doubles(10_000).toArray();
    Arrays.fill(values, 0, 4_000, 0.0);
    Arrays.fill(values, 4_000, 4_300, 0.5);
    ColumnProfile column = Profile.builder().add("x", values).build().column("x");
    assertThat(column.atoms()).isEqualTo(Map.of(0.0, 4_000L, 0.5, 300L));
    assertThat(column.counts().zeros()).isEqualTo(4_000);
    assertThat(column.counts().min()).hasValue(0);
    assertThat(column.counts().mean().orElseThrow())
        .isCloseTo(Arrays.stream(values).average().orElseThrow(), within(1e-12));
    assertThat(column.quantiles().get(0.25)).isZero();
    assertThat(column.distinct()).hasValue(5_702);
  }

  @Test
  @DisplayName("lists the 200 most frequent categories, and knows others from new ones")
  void categories() {
    String[] few = {"b", "a", "b", null, "c", "b", "c"};
    Profile profile = Profile.builder().add("x", few).build();
    assertThat(profile.column("x").categories()).containsExactly("b", "c", "a");
    ProfileCounter counter = profile.counter();
    counter.countAll(0, new String[] {"a", "zebra", null});
    counter.countCategory(0, counter.categoryCode(0, "b"));
    counter.countCategory(0, counter.categoryCode(0, "yak"));
    counter.countCategory(0, 99);
    ColumnCounts counts = counter.take().column("x");
    assertThat(counts.count("a")).isEqualTo(1);
    assertThat(counts.count("b")).isEqualTo(1);
    assertThat(counts.unseen()).isEqualTo(3);
    assertThat(counts.missing()).isEqualTo(1);

    String[] many = IntStream.range(0, 5_000).mapToObj(i -> "v" + i % 400).toArray(String[]::new);
    Profile wide = Profile.builder().add("x", many).build();
    assertThat(wide.column("x").categories()).hasSize(200);
    assertThat(wide.column("x").counts().other()).isEqualTo(200 * 12);
    ProfileCounter wideCounter = wide.counter();
    wideCounter.countText(0, "never seen");
    wideCounter.countText(0, "v250");
    wideCounter.countCategory(0, wideCounter.categoryCode(0, "v251"));
    wideCounter.countCategory(0, wideCounter.categoryCode(0, "nor this"));
    ColumnCounts wideCounts = wideCounter.take().column("x");
    assertThat(wideCounts.other()).isEqualTo(2);
    assertThat(wideCounts.unseen()).isEqualTo(2);
  }

  @Test
  @DisplayName("tells categories, free texts and ids apart")
  void texts() {
    SplittableRandom random = new SplittableRandom(5);
    String[] ids = IntStream.range(0, 3_000).mapToObj(i -> "id-" + i).toArray(String[]::new);
    String[] prose =
        IntStream.range(0, 3_000)
            .mapToObj(i -> "row " + i + " " + "word ".repeat(10 + random.nextInt(20)))
            .toArray(String[]::new);
    Profile profile = Profile.builder().add("id", ids).add("prose", prose).build();
    assertThat(profile.column("id").kind()).isEqualTo(ColumnKind.ID);
    assertThat(profile.column("prose").kind()).isEqualTo(ColumnKind.TEXT);
    assertThat(profile.column("prose").counts().min().orElse(0)).isGreaterThan(50);
    Profile told = Profile.builder().kind("id", ColumnKind.CATEGORY).add("id", ids).build();
    assertThat(told.column("id").categories()).hasSize(200);
  }

  @Test
  @DisplayName("is the same from arrays, from batches, from a table and from a stream of rows")
  void sources() {
    StringBuilder csv = new StringBuilder("x,n,b,c\n");
    SplittableRandom random = new SplittableRandom(3);
    int rows = 12_000;
    double[] x = new double[rows];
    long[] n = new long[rows];
    boolean[] b = new boolean[rows];
    String[] c = new String[rows];
    for (int i = 0; i < rows; i++) {
      x[i] = random.nextDouble();
      n[i] = random.nextInt(30);
      b[i] = random.nextBoolean();
      c[i] = "k" + random.nextInt(5);
      csv.append(x[i]).append(',').append(n[i]).append(',');
      csv.append(b[i]).append(',').append(c[i]).append('\n');
    }
    Profile arrays = Profile.builder().add("x", x).add("n", n).add("b", b).add("c", c).build();
    ProfileBuilder batches = Profile.builder();
    for (int from = 0; from < rows; from += 1_000) {
      batches.add("x", Arrays.copyOfRange(x, from, from + 1_000));
      batches.add("n", Arrays.copyOfRange(n, from, from + 1_000));
      batches.add("b", Arrays.copyOfRange(b, from, from + 1_000));
      batches.add("c", Arrays.copyOfRange(c, from, from + 1_000));
    }
    byte[] bytes = csv.toString().getBytes(StandardCharsets.UTF_8);
    CsvTable table = CsvTable.read(new ByteArrayInputStream(bytes), "rows");
    assertThat(batches.build()).isEqualTo(arrays);
    assertThat(Profile.builder().add(table).build()).isEqualTo(arrays);
    try (CsvReader reader = CsvReader.of(new ByteArrayInputStream(bytes), "rows")) {
      assertThat(Profile.builder().add(reader).build()).isEqualTo(arrays);
    }
  }

  @Test
  @DisplayName("of more rows than it keeps has bins from the first ones, and exact counts of all")
  void stream() {
    ProfileBuilder builder = Profile.builder().firstRows(10_000);
    SplittableRandom random = new SplittableRandom(8);
    double sum = 0;
    for (int batch = 0; batch < 100; batch++) {
      double[] values = new double[1_000];
      String[] texts = new String[1_000];
      for (int i = 0; i < values.length; i++) {
        values[i] = random.nextDouble() + batch * 0.01;
        texts[i] = "c" + random.nextInt(batch < 50 ? 3 : 4);
        sum += values[i];
      }
      builder.add("x", values).add("c", texts);
    }
    Profile profile = builder.build();
    ColumnCounts x = profile.column("x").counts();
    assertThat(x.rows()).isEqualTo(100_000);
    assertThat(Arrays.stream(x.cells()).sum()).isEqualTo(100_000);
    assertThat(x.above()).isGreaterThan(10_000);
    assertThat(x.mean().orElseThrow()).isCloseTo(sum / 100_000, within(1e-12));
    Baseline baseline = Objects.requireNonNull(profile.column("x").baselines().get("js"));
    assertThat(baseline.chunks()).isBetween(10, 20);
    assertThat(baseline.chunkRows() * baseline.chunks()).isBetween(95_000L, 105_000L);
    ColumnCounts c = profile.column("c").counts();
    assertThat(c.unseen()).as("the reference knows its own values").isZero();
    assertThat(c.other()).isGreaterThan(10_000);
  }

  @Test
  @DisplayName("of a million numbers, chosen by a sketch, has bins of nearly equal mass")
  void sketched() {
    double[] values = new SplittableRandom(4).doubles(300_000).map(x -> x * x).toArray();
    ColumnProfile column = Profile.builder().add("x", values).build().column("x");
    long[] cells = column.counts().cells();
    assertThat(column.edges().length).isBetween(96, 103);
    assertThat(cells[0]).isZero();
    for (int i = 1; i < cells.length - 1; i++) {
      assertThat(cells[i]).isBetween(500L, 6_500L);
    }
  }

  @Test
  @DisplayName("of degenerate columns is made, read back, counted into and compared")
  void degenerate() {
    double[] extremes = {
      Double.MIN_VALUE,
      -0.0,
      0.0,
      Double.MAX_VALUE,
      -Double.MAX_VALUE,
      1e-310,
      Double.NaN,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY,
      1
    };
    double[] rows = new double[1_000];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = extremes[i % extremes.length];
    }
    double[] subnormal = IntStream.range(0, 1_000).mapToDouble(i -> i * Double.MIN_VALUE).toArray();
    double[] nan = new double[1_000];
    Arrays.fill(nan, Double.NaN);
    Profile profile =
        Profile.builder()
            .add("extremes", rows)
            .add("subnormal", subnormal)
            .add("nan", nan)
            .addMissing("missing", 1_000)
            .add("constant", new long[1_000])
            .add("two", LongStream.range(0, 1_000).map(i -> i % 2).toArray())
            .add("text", new String[1_000])
            .add("flag", new boolean[1_000])
            .build();
    assertThat(Profile.fromJson(profile.toJson())).isEqualTo(profile);
    assertThat(profile.column("extremes").counts().zeros()).isEqualTo(200);
    assertThat(profile.column("extremes").counts().nan()).isEqualTo(100);
    assertThat(profile.column("nan").edges()).isEmpty();
    assertThat(profile.column("constant").atoms()).isEqualTo(Map.of(0.0, 1_000L));
    assertThat(Drift.compare(profile, profile).verdict()).isEqualTo(Verdict.OK);
    ProfileCounter counter = profile.counter();
    for (int column = 0; column < counter.columns(); column++) {
      counter.countAll(column, rows);
    }
    DriftReport report = Drift.compare(profile, counter.take());
    assertThat(report.column("extremes").flagged()).isEqualTo(Verdict.OK);
    for (String moved : List.of("nan", "missing", "constant", "text")) {
      assertThat(report.column(moved).flagged()).as(moved).isEqualTo(Verdict.ALERT);
    }
    assertThat(report.toJson()).isNotEmpty();
    assertThat(Profile.builder().add("x", new double[] {7}).build().rows()).isEqualTo(1);
    assertThat(Profile.builder().add("x", new double[0]).build().rows()).isZero();
  }

  @Test
  @DisplayName("of a column with a million categories stays small")
  void millionCategories() {
    String[] texts = IntStream.range(0, 1_000_000).mapToObj(i -> "c" + i).toArray(String[]::new);
    Profile profile = Profile.builder().kind("x", ColumnKind.CATEGORY).add("x", texts).build();
    assertThat(profile.toJson().length).isLessThan(20_000);
    assertThat(profile.column("x").categories()).hasSize(200);
    assertThat(profile.column("x").distinct()).isEmpty();
    assertThat(profile.column("x").counts().other()).isEqualTo(999_800);
    assertThat(profile.column("x").tellsNew()).as("what is new is not known any more").isFalse();
    ProfileCounter counter = profile.counter();
    counter.countAll(0, new String[] {"c999999", "never seen"});
    DriftReport report =
        Drift.compare(profile, counter.take(), AlarmPolicy.standard().withLeastRows(1));
    assertThat(report.column("x").rate("new_category")).as("so nothing is said").isEmpty();
  }

  @Test
  @DisplayName("refuses columns of different length, and words that come too late")
  void refusals() {
    assertThatThrownBy(
            () -> Profile.builder().add("x", new double[3]).add("y", new double[2]).build())
        .hasMessageContaining("'y' has 2 values, but 'x' has 3");
    assertThatThrownBy(() -> Profile.builder().build()).hasMessageContaining("needs a column");
    assertThatThrownBy(
            () -> Profile.builder().add("x", new double[3]).kind("x", ColumnKind.INTEGER))
        .hasMessageContaining("before the first one");
    Profile profile = mixed(1);
    assertThatThrownBy(() -> profile.counter().column("yy"))
        .hasMessageContaining("no column 'yy'; it has [x");
    Profile other = Profile.builder().add("x", new double[] {1, 2, 3}).build();
    assertThatThrownBy(() -> profile.merge(other)).hasMessageContaining("different profiles");
    assertThatThrownBy(() -> WindowCounts.fromJson(other.counts().toJson(), profile))
        .hasMessageContaining("frame is not that of profile");
  }

  @Test
  @DisplayName("that was tampered with is refused, and the error names the place")
  void hostile() {
    String json = new String(mixed(1).toJson(), StandardCharsets.UTF_8);
    refused(json, "\"reference_profile\":1", "\"reference_profile\":9", "version 9");
    refused(json, "\"kind\":\"numeric\"", "\"kind\":\"wavy\"", ".kind is unknown: 'wavy'");
    refused(json, "\"edges\":[", "\"edges\":[1e9,", ".edges[1] is");
    refused(json, "\"groups\":[0,", "\"groups\":[0,7,", ".groups has");
    refused(json, "\"groups\":[0,0", "\"groups\":[0,7", ".groups[1] is 7");
    refused(json, "\"counts\":[0,", "\"counts\":[-1,", "whole number from 0 to 2^53, not -1");
    refused(json, "\"counts\":[0,", "\"counts\":[0.5,", "whole number from 0 to 2^53, not 0.5");
    refused(json, "\"counts\":[0,", "\"counts\":[1,", "the counts add up to");
    refused(json, "\"nulls\":0", "\"nulls\":9007199254740993", "whole number");
    refused(json, "\"name\":\"x\"", "\"name\":\"c\"", "two columns are named 'c'");
    refused(json, "\"m2\":", "\"m2\":-", "contradicts itself");
    refused(json, "\"atoms\":[]", "\"atoms\":[[1,2]]", ".atoms do not follow");
    refused(json, "\"0.5\":", "\"0.51\":", "quantiles.0.5 is missing");
    List<String> names = mixed(1).column("c").categories();
    refused(json, "[\"" + names.get(0) + "\",", "[\"" + names.get(1) + "\",", "twice");
    assertThatThrownBy(() -> Profile.fromJson(new byte[] {'[', ']'}))
        .isInstanceOf(JsonException.class);
    assertThatThrownBy(() -> Profile.fromJson(Json.bytes(Map.of("reference_profile", 1L))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static void refused(String json, String part, String by, String message) {
    assertThat(json).contains(part);
    int at = json.indexOf(part);
    String changed = json.substring(0, at) + by + json.substring(at + part.length());
    assertThatThrownBy(() -> Profile.fromJson(changed.getBytes(StandardCharsets.UTF_8)))
        .as(by)
        .isInstanceOf(JsonException.class)
        .hasMessageContaining("reference_profile.json")
        .hasMessageContaining(message);
  }

  private static Profile mixed(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] x = random.doubles(4_000).toArray();
    String[] c =
        IntStream.range(0, 4_000).mapToObj(i -> "k" + random.nextInt(4)).toArray(String[]::new);
    return Profile.builder().label("mixed").add("x", x).add("c", c).build();
  }
}
