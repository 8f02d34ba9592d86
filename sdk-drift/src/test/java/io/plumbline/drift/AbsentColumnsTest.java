package io.plumbline.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.data.CsvTable;
import io.plumbline.drift.log.LogBatch;
import io.plumbline.drift.log.LogFilter;
import io.plumbline.drift.log.LogOptions;
import io.plumbline.drift.log.LogSchema;
import io.plumbline.drift.log.PredictionLogReader;
import io.plumbline.drift.log.PredictionLogWriter;
import io.plumbline.drift.log.RowBatch;
import io.plumbline.model.DataType;
import io.plumbline.model.Feature;
import io.plumbline.model.FeatureSchema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A column that is gone")
class AbsentColumnsTest {
  private static final Profile WINTER =
      Profile.builder().label("winter").add("temp", normal(1)).add("wind", normal(2)).build();

  @TempDir private Path folder;

  private static double[] normal(long seed) {
    return new Random(seed).doubles(1_000).map(x -> Math.rint(100 * x) / 100).toArray();
  }

  private WindowCounts table(String header, int rows) throws IOException {
    StringBuilder csv = new StringBuilder(header).append('\n');
    double[] temp = normal(3);
    double[] wind = normal(4);
    for (int i = 0; i < rows; i++) {
      csv.append(temp[i]).append(',').append(wind[i]).append(",x\n");
    }
    ProfileCounter counter = WINTER.counter();
    counter.countAll(CsvTable.read(Files.writeString(folder.resolve("rows.csv"), csv)));
    return counter.take();
  }

  @Test
  @DisplayName("is an alert at once, whose reason names the columns that are new")
  void renamed() throws IOException {
    DriftReport report = new DriftMonitor(WINTER).add(table("temp,wind_speed,station", 900));
    assertThat(report.verdict()).isEqualTo(Verdict.ALERT);
    assertThat(report.absent()).containsExactly("wind");
    assertThat(report.window().otherColumns()).containsExactly("station", "wind_speed");
    String reason =
        "no row of the window has this column: it was renamed, or is no longer sent; new in the"
            + " window: 'station', 'wind_speed'";
    assertThat(report.absence()).isEqualTo(reason);
    assertThat(report.toMarkdown()).contains("- **wind** (ALERT): " + reason + ".");
    assertThat(new String(report.toJson(), StandardCharsets.UTF_8))
        .contains("\"absent\":[\"wind\"],\"other_columns\":[\"station\",\"wind_speed\"]");
    assertThat(report.metrics()).containsEntry("drift/alerts", 1.0);
    assertThat(AlertMessage.of("flights", report).sentences())
        .containsExactly("'wind' (ALERT): " + reason);
    Path page = folder.resolve("page.html");
    report.writeHtml(page);
    assertThat(page).content().contains("wind_speed", "No row of the window has this column");
  }

  @Test
  @DisplayName("is an alert where all are gone, and not too few rows")
  void allRenamed() throws IOException {
    DriftReport report = Drift.compare(WINTER, table("t,w,s", 900));
    assertThat(report.window().rows()).isEqualTo(900);
    assertThat(report.absent()).containsExactly("temp", "wind");
    assertThat(report.verdict()).isEqualTo(Verdict.ALERT);
    assertThat(report.absence()).endsWith("new in the window: 's', 't', 'w'");
    report.writeHtml(folder.resolve("page.html"));
    assertThat(report.toMarkdown()).contains("**temp** (ALERT)");
    assertThat(Drift.compare(WINTER, table("t,w,s", 100)).verdict())
        .isEqualTo(Verdict.INSUFFICIENT);
    assertThat(SkewGate.against(WINTER).rows(500).judge(table("t,w,s", 900)).state())
        .isEqualTo(SkewGate.State.STOP);
  }

  @Test
  @DisplayName("is named when it goes in the middle of a log, by the share of rows without it")
  void schemaChange() {
    Path log = folder.resolve("log");
    write(log, "1", "wind", 0, 600);
    write(log, "2", "wind_speed", 600, 900);
    ProfileCounter counter = WINTER.counter();
    try (PredictionLogReader reader = PredictionLogReader.open(log, LogFilter.ALL)) {
      for (LogBatch rows = reader.next(); rows != null; rows = reader.next()) {
        counter.countAll(rows);
      }
    }
    DriftReport report = Drift.compare(WINTER, counter.take());
    assertThat(report.absent()).isEmpty();
    ColumnDrift wind = report.column("wind");
    RateChange absent = wind.rate("absent").orElseThrow();
    assertThat(absent.rate()).isEqualTo(1 / 3.0);
    assertThat(wind.verdict()).isEqualTo(Verdict.ALERT);
    assertThat(wind.explanation())
        .startsWith("rows without the column rose from 0 % to 33 % of the rows");
    assertThat(report.column("temp").rate("absent")).isEmpty();
    assertThat(report.window().otherColumns()).containsExactly("wind_speed");
  }

  private static void write(Path log, String version, String wind, int from, int to) {
    FeatureSchema features =
        FeatureSchema.of(Feature.of("temp", DataType.DOUBLE), Feature.of(wind, DataType.DOUBLE));
    LogSchema schema = LogSchema.builder("flights", version, features).predictsNumber().build();
    try (PredictionLogWriter writer = PredictionLogWriter.open(log, LogOptions.DEFAULT)) {
      for (int i = from; i < to; i++) {
        RowBatch row = writer.row(schema, 1_750_000_000_000_000L + i);
        row.setText(io.plumbline.drift.log.SystemColumn.REQUEST_ID.position(), "r" + i);
        row.setDouble(schema.position("temp"), normal(3)[i]);
        row.setDouble(schema.position(wind), normal(4)[i]);
        row.setDouble(schema.position("prediction"), 1);
        row.endRow();
      }
    }
  }

  @Test
  @DisplayName("is no alarm where it is the target, for what came true is not known yet")
  void target() {
    Profile profile = Profile.builder().add("temp", normal(1)).add("target", normal(2)).build();
    assertThat(profile.column("target").role()).isEqualTo(ColumnRole.TARGET);
    ProfileCounter counter = profile.counter();
    counter.countAll(counter.column("temp"), normal(5));
    DriftReport report = Drift.compare(profile, counter.take());
    assertThat(report.absent()).isEmpty();
    assertThat(report.verdict()).isEqualTo(Verdict.OK);
  }

  @Test
  @DisplayName("is remembered by windows that are merged, stored and read again, up to 1,000 names")
  void merged() throws IOException {
    WindowCounts first = table("temp,wind_speed,a", 300);
    WindowCounts second = table("temp,wind,b", 300);
    WindowCounts both = first.merge(second);
    assertThat(both).isEqualTo(second.merge(first));
    assertThat(both.otherColumns()).containsExactly("a", "b", "wind_speed");
    assertThat(WindowCounts.fromJson(both.toJson(), WINTER)).isEqualTo(both);
    ProfileCounter counter = WINTER.counter();
    counter.add(first);
    counter.add(second);
    assertThat(counter.take()).isEqualTo(both);
    assertThat(counter.take().otherColumns()).isEmpty();
    StringBuilder header = new StringBuilder("temp");
    for (int i = 0; i < 3_000; i++) {
      header.append(",c").append(i);
    }
    CsvTable wide = CsvTable.read(Files.writeString(folder.resolve("wide.csv"), header + "\n"));
    counter.countAll(wide);
    assertThat(counter.take().otherColumns()).hasSize(1_000);
  }
}
