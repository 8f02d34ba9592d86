package io.plumbline.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.data.CsvTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Real flights, January to March against the months after")
class FlightsDriftTest {
  private static final Set<String> TEXTS = Set.of("carrier", "origin", "dest");

  @Test
  @DisplayName("temperature, dew point, humidity, pressure and wind moved; origin and hour did not")
  void year() {
    Path root = Path.of(Objects.requireNonNull(System.getProperty("test.root"), "test.root"));
    CsvTable flights = CsvTable.read(root.resolve("samples/data/flights.csv.gz"));
    int[] month = flights.ints("month");
    Profile winter =
        Profile.builder()
            .without("month", "day", "late")
            .add(flights.where(row -> month[row] <= 3))
            .build();
    assertThat(winter.rows()).isEqualTo(12_986);
    DriftMonitor monitor = new DriftMonitor(winter);
    List<List<String>> alarms = new ArrayList<>();
    for (int m = 4; m <= 12; m++) {
      int wanted = m;
      WindowCounts window = count(winter, flights.where(row -> month[row] == wanted));
      DriftReport report = monitor.add(window);
      alarms.add(report.alarms().stream().map(ColumnDrift::name).toList());
    }
    assertThat(alarms.get(0)).as("April alone proves nothing yet").isEmpty();
    for (List<String> names : alarms.subList(1, alarms.size())) {
      assertThat(names)
          .contains("temp", "dewp", "humid", "pressure")
          .doesNotContain("origin", "hour", "carrier", "distance");
    }
    assertThat(alarms.subList(2, alarms.size())).allMatch(names -> names.contains("wind_speed"));
  }

  private static WindowCounts count(Profile profile, CsvTable rows) {
    ProfileCounter counter = profile.counter();
    for (ColumnProfile column : profile.columns()) {
      int position = counter.column(column.name());
      if (TEXTS.contains(column.name())) {
        counter.countAll(position, rows.strings(column.name()).toArray(String[]::new));
      } else {
        counter.countAll(position, rows.doubles(column.name()));
      }
    }
    return counter.take();
  }
}
