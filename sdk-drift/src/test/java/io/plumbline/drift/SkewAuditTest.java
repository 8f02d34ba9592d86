package io.plumbline.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.data.CsvTable;
import io.plumbline.drift.log.LogBatch;
import io.plumbline.drift.log.LogFilter;
import io.plumbline.drift.log.LogOptions;
import io.plumbline.drift.log.LogSchema;
import io.plumbline.drift.log.PredictionLogReader;
import io.plumbline.drift.log.PredictionLogWriter;
import io.plumbline.drift.log.RowBatch;
import io.plumbline.drift.log.SystemColumn;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.FeatureSchema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A skew audit")
class SkewAuditTest {
  private static final int TRAINED_WINDOW = 20;
  private static final int SERVED_WINDOW = 10;
  private static final long START = 1_364_774_400_000_000L;

  /**
   * A departure as a service sees it.
   *
   * @param before the delays of the carrier's last flights, the newest first; NaN for those of this
   *     hour, which are not known yet
   */
  private record Departure(int hour, double distance, List<Double> before) {}

  /** The mean delay of a carrier's last flights, with a window and a rule for the unknown ones. */
  private record CarrierDelay(int window, boolean unknownIsZero)
      implements FeatureTransform<Departure> {
    @Override
    public String id() {
      return "carrier-delay";
    }

    @Override
    public String version() {
      return "1";
    }

    @Override
    public Map<String, String> config() {
      return Map.of("window", "" + window, "unknown", unknownIsZero ? "zero" : "skip");
    }

    @Override
    public List<String> features() {
      return List.of("hour", "distance", "carrier_delay");
    }

    @Override
    public void apply(Departure flight, double[] out) {
      out[0] = flight.hour();
      out[1] = flight.distance();
      double sum = 0;
      int known = 0;
      for (int i = 0; i < Math.min(window, flight.before().size()); i++) {
        double delay = flight.before().get(i);
        if (!Double.isNaN(delay) || unknownIsZero) {
          sum += Double.isNaN(delay) ? 0 : delay;
          known++;
        }
      }
      out[2] = known == 0 ? unknownIsZero ? 0 : Double.NaN : sum / known;
    }
  }

  private static final CarrierDelay TRAINING = new CarrierDelay(TRAINED_WINDOW, false);

  /** The departures of April, by request id. */
  private static Map<String, Departure> april() {
    Path root = Path.of(Objects.requireNonNull(System.getProperty("test.root"), "test.root"));
    CsvTable all = CsvTable.read(root.resolve("samples/data/flights.csv.gz"));
    int[] months = all.ints("month");
    CsvTable flights = all.where(row -> months[row] == 4);
    List<String> carrier = flights.strings("carrier");
    int[] day = flights.ints("day");
    int[] hour = flights.ints("hour");
    double[] distance = flights.doubles("distance");
    double[] delay = flights.doubles("dep_delay");
    Map<String, List<Integer>> flown = new HashMap<>();
    Map<String, Departure> departures = new LinkedHashMap<>();
    for (int row = 0; row < hour.length; row++) {
      List<Integer> rows = flown.computeIfAbsent(carrier.get(row), name -> new ArrayList<>());
      List<Double> before = new ArrayList<>();
      for (int i = 0; i < Math.min(TRAINED_WINDOW, rows.size()); i++) {
        int other = rows.get(rows.size() - 1 - i);
        boolean now = day[other] == day[row] && hour[other] == hour[row];
        before.add(now ? Double.NaN : delay[other]);
      }
      rows.add(row);
      departures.put("r" + row, new Departure(hour[row], distance[row], before));
    }
    return departures;
  }

  @Test
  @DisplayName(
      "catches and names a rolling delay whose window and rule for missing values differ in serving")
  void rollingDelay() {
    Map<String, Departure> april = april();
    CarrierDelay serving = new CarrierDelay(SERVED_WINDOW, true);
    SkewAudit<Departure> audit = SkewAudit.replaying(TRAINING);
    april.forEach((id, flight) -> audit.add(id, flight, serving.apply(flight)));
    SkewReport report = audit.report();
    assertThat(report.rows()).isEqualTo(april.size()).isGreaterThan(4_000);
    assertThat(report.verdict()).isEqualTo(Verdict.ALERT);
    assertThat(report.skewed()).extracting(FeatureSkew::name).containsExactly("carrier_delay");
    FeatureSkew delay = report.skewed().get(0);
    assertThat(delay.differs()).isGreaterThan(report.rows() * 9 / 10);
    assertThat(delay.unexpected()).as("a carrier's first flights").isBetween(10L, 200L);
    assertThat(delay.standIn()).isEqualTo(OptionalDouble.of(0));
    assertThat(delay.maxRelativeError()).isBetween(1.0, 2.0);
    assertThat(delay.requestIds()).hasSize(5).contains("r0");
    assertThat(report.sentences())
        .singleElement()
        .asString()
        .startsWith("feature 'carrier_delay' differs in 9")
        .contains("of the rows where training has none, always 0")
        .endsWith("such as request 'r0'");
  }

  @Test
  @DisplayName("tells a wrong window from a wrong rule for what is missing")
  void apart() {
    Map<String, Departure> april = april();
    SkewAudit<Departure> window = SkewAudit.replaying(TRAINING);
    CarrierDelay shorter = new CarrierDelay(SERVED_WINDOW, false);
    april.forEach((id, flight) -> window.add(id, flight, shorter.apply(flight)));
    FeatureSkew byWindow = window.report().skewed().get(0);
    assertThat(byWindow.differs()).isPositive();
    assertThat(byWindow.unexpected()).isZero();
    assertThat(byWindow.missing())
        .as("ten flights of this hour, and older ones that the short window does not reach")
        .isLessThan(100);
    SkewAudit<Departure> same = SkewAudit.replaying(TRAINING);
    april.forEach((id, flight) -> same.add(id, flight, TRAINING.apply(flight)));
    assertThat(same.report().verdict()).isEqualTo(Verdict.OK);
    assertThat(same.report().sentences()).isEmpty();
  }

  @Test
  @DisplayName("joins a prediction log with raw input by request id")
  void log(@TempDir Path folder) {
    Map<String, Departure> april = april();
    CarrierDelay serving = new CarrierDelay(SERVED_WINDOW, true);
    write(folder, april, serving);
    april.keySet().removeIf(id -> !id.endsWith("7")); // raw input is kept of a sample only
    SkewAudit<Departure> audit = SkewAudit.replaying(TRAINING);
    try (PredictionLogReader log = PredictionLogReader.open(folder, LogFilter.ALL)) {
      for (LogBatch rows = log.next(); rows != null; rows = log.next()) {
        audit.add(rows, april::get);
      }
    }
    SkewReport report = audit.report();
    assertThat(report.rows()).isEqualTo(april.size());
    assertThat(report.unmatched()).isGreaterThan(8L * april.size());
    assertThat(report.absent()).containsExactly("distance");
    assertThat(report.skewed()).extracting(FeatureSkew::name).containsExactly("carrier_delay");
    assertThat(report.skewed().get(0).requestIds()).allMatch(id -> id.endsWith("7"));
    assertThat(report.sentences()).contains("feature 'distance' was not logged");
    JsonObject json = Json.object(report.toJson(), "report");
    assertThat(json.string("verdict")).isEqualTo("alert");
    assertThat(json.objects("features").get(2).doubleValue("stand_in")).isZero();
    assertThat(report.metrics())
        .containsEntry("skew/rows", (double) report.rows())
        .containsEntry("skew/share_by_column/hour", 0.0);
  }

  /** Logs what was served, but for the distance. */
  private static void write(Path folder, Map<String, Departure> flights, CarrierDelay serving) {
    LogSchema schema =
        LogSchema.builder(
                "flight-delay", "1", FeatureSchema.doubles(List.of("hour", "carrier_delay")))
            .score()
            .build();
    int hour = schema.position("hour");
    int delay = schema.position("carrier_delay");
    try (PredictionLogWriter log = PredictionLogWriter.open(folder, LogOptions.DEFAULT)) {
      long time = START;
      for (Map.Entry<String, Departure> flight : flights.entrySet()) {
        double[] served = serving.apply(flight.getValue());
        RowBatch row = log.row(schema, time++);
        row.setText(SystemColumn.REQUEST_ID.position(), flight.getKey());
        row.setDouble(hour, served[0]);
        row.setDouble(delay, served[2]);
        row.endRow();
      }
    }
  }

  @Test
  @DisplayName("counts NaN on both sides and both zeros as equal, infinities and overflows as far")
  void values() {
    assertThat(FeatureSkew.error(Double.NaN, Double.NaN)).isZero();
    assertThat(FeatureSkew.error(0.0, -0.0)).isZero();
    assertThat(FeatureSkew.error(1, 2)).isEqualTo(0.5);
    assertThat(FeatureSkew.error(-3, 3)).isEqualTo(2);
    assertThat(FeatureSkew.error(Double.MAX_VALUE, -Double.MAX_VALUE)).isEqualTo(2);
    assertThat(FeatureSkew.error(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY)).isZero();
    assertThat(FeatureSkew.error(Double.POSITIVE_INFINITY, 1)).isInfinite();
    assertThat(FeatureSkew.error(Double.MIN_VALUE, 2 * Double.MIN_VALUE)).isEqualTo(0.5);
    assertThat(FeatureSkew.error(1, Double.NaN)).isNaN();
    SkewAudit<Departure> audit = SkewAudit.replaying(TRAINING);
    Departure flight = new Departure(1, 0.1, List.of(5.0));
    audit.add("f", flight, new double[] {1, (float) 0.1, 5});
    assertThat(audit.report().verdict()).as("32-bit noise").isEqualTo(Verdict.OK);
    audit.add("n", flight, new double[] {1, Double.NaN, 5});
    assertThat(audit.report().sentences())
        .containsExactly(
            "feature 'distance' is missing in 50 % of the rows where training has a value; such as"
                + " request 'n'");
  }

  @Test
  @DisplayName("says nothing without rows, and refuses features that do not fit")
  void arguments() {
    SkewAudit<Departure> audit = SkewAudit.replaying(TRAINING);
    assertThat(audit.report().verdict()).isEqualTo(Verdict.INSUFFICIENT);
    Departure flight = new Departure(1, 2, List.of());
    assertThatThrownBy(() -> audit.add("r1", flight, new double[2]))
        .hasMessageContaining("request 'r1' was served 2 features, but the transform makes 3");
    assertThatThrownBy(() -> SkewAudit.replaying(TRAINING, -1)).hasMessageContaining("tolerance");
    assertThatThrownBy(() -> SkewAudit.replaying(TRAINING, Double.NaN))
        .hasMessageContaining("tolerance");
  }
}
