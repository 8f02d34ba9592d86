package io.plumbline.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.drift.AlarmPolicy;
import io.plumbline.drift.ColumnDrift;
import io.plumbline.drift.DriftReport;
import io.plumbline.drift.Verdict;
import io.plumbline.registry.ModelRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A listener for drift")
class DriftListenerTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.HOURS);

  @TempDir private Path folder;
  private ModelRegistry registry;
  private final List<DriftReport> reports = new CopyOnWriteArrayList<>();
  private final List<String> versions = new CopyOnWriteArrayList<>();

  @BeforeEach
  void open() {
    registry = Served.registry(folder);
    Served.promote(registry, Served.linear(1).with(KeptWindowsTest.profile()));
  }

  @AfterEach
  void close() {
    registry.close();
  }

  /** Logs 500 rows of an hour by a logger of their own; {@code a} is moved. */
  private void serve(int hoursAgo, double move, UnaryOperator<PredictionLogger.Builder> described) {
    Instant hour = now.minus(HOUR.multipliedBy(hoursAgo));
    try (LiveModel model =
            LiveModel.builder(registry, "models:/flights@champion")
                .loader(new Served.Linear())
                .open();
        PredictionLogger log =
            described.apply(PredictionLogger.builder(model).sample(0.01).mustLog()).open();
        Lease lease = model.lease()) {
      for (int i = 0; i < 500; i++) {
        log.row(lease, "r" + i)
            .features(new double[] {i % 100 / 10.0 + move, i % 100 / 10.0})
            .slice("JFK")
            .prediction(1)
            .at(hour.plusSeconds(i))
            .commit();
      }
    }
  }

  private PredictionLogger.Builder listening(PredictionLogger.Builder builder) {
    return builder.onDrift(
        HOUR,
        (version, report) -> {
          versions.add(version.uri());
          reports.add(report);
        });
  }

  @Test
  @DisplayName("is told of every window of all rows, and an alarm that lasts outlives a restart")
  void lasts() {
    serve(5, 0, this::listening);
    serve(4, 4, this::listening);
    serve(3, 4, this::listening);
    assertThat(versions).hasSize(3).containsOnly("models:/flights/1");
    assertThat(reports)
        .extracting(DriftReport::verdict)
        .containsExactly(Verdict.OK, Verdict.OK, Verdict.ALERT);
    assertThat(reports).allSatisfy(report -> assertThat(report.window().rows()).isEqualTo(500));
    assertThat(reports.get(1).pending()).extracting(ColumnDrift::name).containsExactly("a");
    assertThat(reports.get(2).alarms()).extracting(ColumnDrift::name).containsExactly("a");
  }

  @Test
  @DisplayName("may have another policy, and what it throws costs no row")
  void policyAndFailure() {
    serve(
        4,
        4,
        builder ->
            builder.onDrift(
                HOUR,
                AlarmPolicy.standard().withPersistence(1, 1),
                (version, report) -> {
                  reports.add(report);
                  throw new IllegalStateException("no network");
                }));
    assertThat(reports).extracting(DriftReport::verdict).containsExactly(Verdict.ALERT);
    serve(3, 4, this::listening);
    assertThat(reports.get(1).verdict()).as("the window before was kept").isEqualTo(Verdict.ALERT);
  }
}
