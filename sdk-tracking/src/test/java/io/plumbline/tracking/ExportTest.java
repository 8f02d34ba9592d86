package io.plumbline.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.Run;
import io.plumbline.model.RunQuery;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("An export")
class ExportTest {
  private TrackingClient tracking;
  private Run run;

  @BeforeEach
  void open(@TempDir Path folder) {
    tracking = Stores.open(folder);
    run =
        tracking.run(
            "export",
            RunOptions.named("a, \"quoted\" name"),
            tracker -> {
              tracker.logParams(Map.of("depth", 6));
              tracker.logMetric("loss", Double.NaN, 0);
              tracker.logMetric("loss", 0.25, 1);
            });
    tracking.run("export", tracker -> tracker.setTag("team", "ops"));
    tracking.run("other", tracker -> tracker.logMetric("loss", 1, 0));
  }

  @AfterEach
  void close() {
    tracking.close();
  }

  /** A page of one, so that an export has to ask for more than one. */
  private static RunQuery query() {
    return RunQuery.builder().experiments("export").maxResults(1).build();
  }

  @Test
  @DisplayName("of runs as CSV has a line for each run, and a column for each key of any of them")
  void runsAsCsv() throws IOException {
    StringWriter out = new StringWriter();
    tracking.exportRuns(query(), ExportFormat.CSV, out);
    List<String> lines = out.toString().lines().toList();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0))
        .startsWith("run_id,experiment,name,status")
        .contains("params.depth", "metrics.loss", "tags.team");
    assertThat(lines)
        .anyMatch(
            line -> line.startsWith(run.id() + ",export,\"a, \"\"quoted\"\" name\",FINISHED"));
  }

  @Test
  @DisplayName("of runs as JSON lines has an object for each run, which reads back")
  void runsAsJson() throws IOException {
    StringWriter out = new StringWriter();
    tracking.exportRuns(query(), ExportFormat.JSON_LINES, out);
    List<String> lines = out.toString().lines().toList();
    assertThat(lines).hasSize(2);
    // Two runs of one millisecond have no order.
    String line = lines.stream().filter(l -> l.contains(run.id())).findFirst().orElseThrow();
    JsonObject first = JsonObject.of(Json.parse(line), "line");
    assertThat(first.string("name")).isEqualTo("a, \"quoted\" name");
    assertThat(first.object("params").string("depth")).isEqualTo("6");
  }

  @Test
  @DisplayName("of metrics has every point, NaN included")
  void metrics() throws IOException {
    StringWriter csv = new StringWriter();
    tracking.exportMetrics(query(), ExportFormat.CSV, csv);
    assertThat(csv.toString().lines().map(line -> line.replaceAll(",\\d{13}$", "")))
        .containsExactly(
            "run_id,key,step,value,timestamp", run.id() + ",loss,0,NaN", run.id() + ",loss,1,0.25");
    StringWriter json = new StringWriter();
    tracking.exportMetrics(query(), ExportFormat.JSON_LINES, json);
    JsonObject first = JsonObject.of(Json.parse(json.toString().lines().toList().get(0)), "line");
    assertThat(first.doubleValue("value")).isNaN();
  }
}
