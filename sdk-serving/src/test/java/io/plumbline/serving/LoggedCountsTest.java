package io.plumbline.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.drift.WindowCounts;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A prediction logger, of what it counts and chooses,")
class LoggedCountsTest extends LoggedFlights {
  @Test
  @DisplayName("counts every row into the profile, whatever it samples, and tells each window")
  void windows() {
    List<WindowCounts> windows = new CopyOnWriteArrayList<>();
    Instant start = Instant.parse("2013-04-01T00:00:00Z");
    try (LiveModel model = live();
        PredictionLogger log =
            PredictionLogger.builder(model)
                .sample(0.1)
                .onWindow(
                    Duration.ofHours(1),
                    (version, slice, counts) -> {
                      assertThat(version.version()).isEqualTo(1);
                      if (slice.isEmpty()) {
                        windows.add(counts);
                      }
                    })
                .open()) {
      try (Lease lease = model.lease()) {
        for (int i = 0; i < 3_000; i++) {
          log.row(lease, "r" + i)
              .features(new double[] {i % 10, Double.NaN})
              .set("origin", i % 3 == 0 ? "SEA" : "JFK")
              .prediction(i % 10)
              .at(start.plusSeconds(i * 3L))
              .commit();
        }
      }
      assertThat(log.flush(LONG)).isTrue();
      LogStatus status = log.status();
      assertThat(status.accepted()).isEqualTo(3_000);
      assertThat(status.sampledOut() + status.logged()).isEqualTo(3_000);
      assertThat(status.logged()).isBetween(200L, 400L);
      assertThat(windows).hasSizeGreaterThanOrEqualTo(1);
    }
    assertThat(windows).hasSize(3);
    WindowCounts first = windows.get(0);
    assertThat(first.from()).contains(start);
    assertThat(first.rows()).isEqualTo(1_200);
    assertThat(first.column("b").nan()).isEqualTo(1_200);
    assertThat(first.column("origin").unseen()).isEqualTo(400);
    assertThat(first.column("prediction").mean().orElseThrow()).isCloseTo(4.5, within(1e-9));
    assertThat(rows()).allSatisfy(row -> assertThat(row).containsKey("_sample_rate"));
    assertThat(number(rows().get(0), "_sample_rate")).isCloseTo(0.1, within(1e-6));
  }

  @Test
  @DisplayName("chooses the same request ids everywhere, and more of what is rare or failed")
  void samples() {
    try (LiveModel model = live();
        PredictionLogger log =
            PredictionLogger.builder(model)
                .sample(0)
                .sampleSlice("vip", 1)
                .sampleFailures(1)
                .open()) {
      try (Lease lease = model.lease()) {
        log.row(lease, "plain").prediction(1).commit();
        log.row(lease, "rare").prediction(1).slice("vip").commit();
        log.row(lease, "failed").outcome(LogRow.Outcome.ERROR).commit();
      }
      assertThat(log.flush(LONG)).isTrue();
      assertThat(log.status().sampledOut()).isEqualTo(1);
    }
    assertThat(rows()).extracting(row -> row.get("_request_id")).containsExactly("rare", "failed");
    assertThat(rows().get(1)).containsEntry("_status", "error").doesNotContainKey("prediction");
  }

  @Test
  @DisplayName("logs and counts texts of any length, script and number as they are")
  void texts() {
    int count = 6_000; // more than it remembers
    String clef = "\uD834\uDD1E";
    Map<String, String> origins = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      String id =
          switch (i % 4) {
            case 0 -> "r" + i;
            case 1 -> "\u00e9\u6771\u4eac" + clef + i;
            case 2 -> "x".repeat(200) + i; // no room in a slot
            default -> "";
          };
      if (!id.isEmpty()) {
        String origin =
            switch (i % 5) {
              case 0 -> "JFK";
              case 1 -> "\u6771\u4eac" + i;
              case 2 -> "y".repeat(i % 990) + i;
              case 3 -> "";
              default -> "O" + i;
            };
        origins.put(id, origin);
      }
    }
    List<WindowCounts> windows = new CopyOnWriteArrayList<>();
    try (LiveModel model = live();
        PredictionLogger log =
            PredictionLogger.builder(model)
                .mustLog()
                .onWindow(LONG, (version, slice, counts) -> windows.add(counts))
                .open()) {
      double[] out = new double[1];
      try (Lease lease = model.lease()) {
        origins.forEach(
            (id, origin) -> {
              double[] features = {id.length(), origin.length()};
              assertThat(
                      log.row(lease, id)
                          .features(features)
                          .set("origin", "that is overwritten")
                          .set("origin", origin)
                          .trace(id)
                          .prediction(out)
                          .commit())
                  .isTrue();
              features[0] = Double.NaN; // which was copied
            });
      }
      assertThat(log.flush(LONG)).isTrue();
      assertThat(log.status().accepted()).isEqualTo(origins.size());
    }
    List<Map<String, Object>> rows = rows();
    assertThat(rows).hasSize(origins.size());
    for (Map<String, Object> row : rows) {
      String id = (String) Objects.requireNonNull(row.get("_request_id"));
      assertThat(row).containsEntry("origin", Objects.requireNonNull(origins.get(id)));
      assertThat(row).containsEntry("_trace_id", id).containsEntry("a", (double) id.length());
    }
    long known = windows.stream().mapToLong(window -> window.column("origin").count("JFK")).sum();
    assertThat(known).isEqualTo(origins.values().stream().filter("JFK"::equals).count());
  }
}
