package io.plumbline.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.plumbline.Config;
import io.plumbline.MetricHandle;
import io.plumbline.internal.Time;
import io.plumbline.internal.journal.JournalOptions;
import io.plumbline.internal.journal.WriterLog;
import io.plumbline.internal.journal.WriterView;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.internal.store.EmbeddedBackend;
import io.plumbline.internal.store.StoreView;
import io.plumbline.model.Artifact;
import io.plumbline.model.Dataset;
import io.plumbline.model.DatasetInput;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.MetricSummary;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import io.plumbline.model.Run;
import io.plumbline.model.RunQuery;
import io.plumbline.model.RunStatus;
import io.plumbline.spi.RunUpdate;
import io.plumbline.tracking.Resume;
import io.plumbline.tracking.RunOptions;
import io.plumbline.tracking.Tracker;
import io.plumbline.tracking.TrackingClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares two readers of one store: this project's, and the one that was written from a page. */
@DisplayName("The Python reader, which was written from the page on the store's format,")
class StoreFormatTest {
  private static final Path ROOT = Path.of(System.getProperty("test.root", ".."));
  private static final String LONG_ID = "nightly_" + "x".repeat(200) + "-2013";
  private static final int POINTS = 200_000;

  @TempDir Path folder;
  private Path store = Path.of("");
  private String bigRun = "";
  private int points;

  @BeforeEach
  void makeStore() throws Exception {
    requirePython();
    store = folder.resolve("store");
    bigRun = firstProgram();
    laterPrograms();
  }

  @Test
  @DisplayName("reads of every run what Java reads, point by point")
  void sameRuns() throws Exception {
    Map<String, JsonObject> read = readByPython();
    StoreView view = StoreView.open(store, Time.SYSTEM, Duration.ofMinutes(1).toNanos());
    try (TrackingClient client = open()) {
      List<Run> runs =
          client
              .search(RunQuery.builder().view(RunQuery.View.ALL).maxResults(1_000).build())
              .items();
      assertThat(read).hasSize(6).containsOnlyKeys(runs.stream().map(Run::id).toList());
      for (Run run : runs) {
        JsonObject python = read.get(run.id());
        assertThat(python).isNotNull();
        assertThat(python.asMap()).containsAllEntriesOf(asJson(run, view.files(run.id())));
        Map<String, List<Object>> metrics = new TreeMap<>();
        run.metrics().forEach((key, summary) -> metrics.put(key, statistics(summary)));
        assertThat(statistics(python)).isEqualTo(metrics);
        assertThat(tellings(python)).containsExactlyInAnyOrderElementsOf(run.warnings());
        assertThat(python.list("damage")).isEmpty();
        assertThat(python.longValue("lost")).isZero();
        for (String key : run.metrics().keySet()) {
          assertThat(pointsByPython(run.id(), key)).isEqualTo(points(view, run.id(), key));
        }
      }
    }
  }

  @Test
  @DisplayName("names the same damage as Java, skips it and counts the same lost records")
  void sameDamage() throws Exception {
    List<Path> segments = segments(bigRun);
    assertThat(segments).hasSizeGreaterThan(2);
    flip(segments.get(0), Files.size(segments.get(0)) / 2);
    compareDamage(1);
    flip(segments.get(1), 20);
    compareDamage(2);
  }

  /** Compares what both find in the segments of the long run, whose first writer has damage. */
  private void compareDamage(int damages) throws Exception {
    JsonObject python = readByPython().get(bigRun);
    assertThat(python).isNotNull();
    StoreView view = StoreView.open(store, Time.SYSTEM, Duration.ofMinutes(1).toNanos());
    List<String> problems = new ArrayList<>();
    long lost = 0;
    for (String writer : view.writersOf(bigRun)) {
      WriterLog.Report report = WriterView.scan(runFolder(bigRun), writer).report();
      lost += report.lost();
      report.problems().stream().filter(p -> p.contains(".seg ")).forEach(problems::add);
    }
    assertThat(lost).isPositive();
    assertThat(python.longValue("lost")).isEqualTo(lost);
    assertThat(problems).hasSize(damages);
    assertThat(damages(python)).containsExactlyInAnyOrderElementsOf(problems);
    MetricSummary kept = view.history(bigRun, "loss").summary();
    assertThat(kept.count()).isEqualTo(points - lost);
    assertThat(statistics(python).get("loss")).isEqualTo(statistics(kept));
    assertThat(pointsByPython(bigRun, "loss")).isEqualTo(points(view, bigRun, "loss"));
  }

  // ---- the store

  private TrackingClient open() {
    return TrackingClient.create(
        Config.builder()
            .isolated()
            .store(store)
            .set("journal.segment.size", "1MiB")
            .set("journal.fsync", "none")
            .set("shutdown.hook", "off")
            .build());
  }

  /** Writes runs of all kinds; returns the id of one with several segments. */
  private String firstProgram() throws IOException {
    try (TrackingClient client = open()) {
      Tracker tracker =
          client.start("flight-delay", RunOptions.named("ağaç 🌳").tag("team", "ops"));
      tracker.logParams(Map.of("learning_rate", "0.1", "text", "a \"quoted\"\n\u0001 text"));
      tracker.setTags(Map.of("kept", "yes", "removed", "soon"));
      tracker.deleteTag("removed");
      tracker.setTag("kept", "still");
      tracker.note("A note.");
      oddMetrics(tracker);
      DatasetInput train =
          tracker.logInput(
              Dataset.of("rows", new double[][] {{1, 2}, {3, 4}}, List.of("a", "b")), "training");
      tracker.metric("auc", train).log(0.75, 1);
      tracker.metric("auc").log(0.5, 2);
      tracker.metric("auc", train).log(0.8, 3);
      tracker.logText("first", "notes/a.txt");
      tracker.logText("second", "notes/a.txt");
      tracker.logText("third", "notes/b.txt");
      byte[] tree = "tree".getBytes(StandardCharsets.UTF_8);
      ModelPart part = ModelPart.of("model.txt", "text/plain", tree);
      ModelPackage model = ModelPackage.of("text", Map.of()).with(part);
      tracker.metric("f1", tracker.logModel("model", model)).log(0.9, 1);
      tracker.child("fold-1", fold -> fold.logMetric("auc", 0.7, 0));
      tracker.finish();
      client.delete(client.run("other", deleted -> deleted.logMetric("m", 1, 1)).id());
      try (Tracker chosen = client.resume(LONG_ID, Resume.ALLOW)) {
        chosen.logMetric("m", 2, 2);
      }
      Tracker big = client.start("flight-delay");
      MetricHandle loss = big.metric("loss");
      // When a segment ends is the writer's affair: as many points as three of them need.
      while (points < POINTS || segments(big.id()).size() < 3) {
        assertThat(points).isLessThan(100 * POINTS);
        for (int i = 0; i < 20_000; i++) {
          loss.log(Math.sin(points), points++);
        }
        assertThat(big.flush(Duration.ofSeconds(60))).isTrue();
      }
      big.finish();
      return big.id();
    }
  }

  private static void oddMetrics(Tracker tracker) {
    double[] odd = {
      Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0, 0.0, Double.MIN_VALUE
    };
    for (double value : odd) {
      tracker.logMetric("odd", value, -5);
      tracker.logMetric("odd", -value, Long.MIN_VALUE + 1);
    }
    tracker.logMetric("odd", 1e300, Long.MAX_VALUE);
    tracker.logMetric("nothing", Double.NaN, 0);
    tracker.logMetric("zero", 0.0, 7);
    tracker.logMetric("zero", -0.0, 7);
  }

  /** Two programs that write into one run, one that comes late, and one that brings a batch. */
  private void laterPrograms() {
    String shared;
    try (TrackingClient one = open();
        TrackingClient two = open()) {
      Tracker owner = one.start("flight-delay");
      Tracker helper = two.join(owner.id());
      owner.logParam("depth", 6);
      helper.logParam("leaves", 31);
      owner.setTag("who", "owner");
      helper.setTag("who", "helper");
      helper.logMetric("auc", 0.25, 1);
      owner.logMetric("auc", 0.5, 1);
      helper.close();
      owner.fail();
      shared = owner.id();
    }
    try (TrackingClient late = open()) {
      late.setTag(shared, "late", "yes");
      late.deleteTag(bigRun, "team");
      late.rename(bigRun, "renamed");
    }
    try (EmbeddedBackend backend = EmbeddedBackend.open(store, JournalOptions.DEFAULT)) {
      List<RunUpdate> updates =
          List.of(
              new RunUpdate.LogMetric("auc", Double.NaN, 9, 1_000),
              new RunUpdate.LogParam("depth", "6"),
              new RunUpdate.LogParam("more", "1"),
              new RunUpdate.DeleteTag("late"),
              new RunUpdate.SetStatus(RunStatus.KILLED, 5_000));
      backend.apply(shared, "batch-1", updates);
      backend.apply(shared, "batch-1", updates);
    }
  }

  private Path runFolder(String id) {
    return store.resolve("runs").resolve(id);
  }

  /** Returns the segments of the writer that has three or more, in order; none if none has. */
  private List<Path> segments(String id) throws IOException {
    try (Stream<Path> files = Files.list(runFolder(id))) {
      List<Path> all = files.filter(file -> file.toString().endsWith(".seg")).sorted().toList();
      Optional<String> writer =
          all.stream()
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".000003.seg"))
              .map(name -> name.substring(0, 16))
              .findFirst();
      return all.stream()
          .filter(file -> writer.filter(file.getFileName().toString()::startsWith).isPresent())
          .toList();
    }
  }

  private static void flip(Path file, long offset) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[(int) offset] ^= 0x10;
    Files.write(file, bytes);
  }

  // ---- what Java reads, in the Python reader's form

  private static Map<String, @Nullable Object> asJson(Run run, List<Artifact> files) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("experiment", run.experimentId());
    json.put("experimentName", run.experiment());
    json.put("name", run.name());
    json.put("status", run.status().name());
    json.put("deleted", run.deleted());
    json.put("start", run.startTime().toEpochMilli());
    json.put("end", run.endTime().map(Instant::toEpochMilli).orElse(null));
    json.put("user", run.user());
    json.put("parent", run.parentId().orElse(null));
    json.put("params", run.params());
    json.put("tags", run.tags());
    json.put("inputs", run.inputs().stream().map(StoreFormatTest::asJson).toList());
    json.put("artifacts", files.stream().map(StoreFormatTest::asJson).toList());
    json.put("models", run.models().stream().map(StoreFormatTest::asJson).toList());
    return json;
  }

  private static Map<String, Object> asJson(DatasetInput input) {
    Dataset d = input.dataset();
    Map<String, String> dataset =
        Map.of(
            "name", d.name(),
            "digest", d.digest(),
            "sourceType", d.sourceType(),
            "source", d.source(),
            "schema", d.schema(),
            "profile", d.profile());
    return Map.of("dataset", dataset, "context", input.context(), "tags", input.tags());
  }

  private static Map<String, Object> asJson(LoggedModel model) {
    return Map.of(
        "id", model.id(),
        "name", model.name(),
        "flavor", model.flavor(),
        "digest", model.digest(),
        "created", model.created().toEpochMilli(),
        "parts", model.parts().stream().map(StoreFormatTest::asJson).toList());
  }

  private static Map<String, Object> asJson(Artifact file) {
    return Map.of(
        "path", file.path(), "size", file.size(), "sha256", String.valueOf(file.sha256()));
  }

  /** What is compared of a metric: count, minimum, maximum, last value, its step and its time. */
  private static List<Object> statistics(MetricSummary m) {
    return List.of(m.count(), m.min(), m.max(), m.last(), m.lastStep(), m.lastTimestamp());
  }

  private static List<List<Object>> points(StoreView view, String run, String key) {
    List<List<Object>> points = new ArrayList<>();
    view.history(run, key).forEach((value, step, time) -> points.add(List.of(value, step, time)));
    return points;
  }

  // ---- what the Python reader prints

  private Map<String, JsonObject> readByPython() throws Exception {
    Map<String, JsonObject> runs = new TreeMap<>();
    for (String line : python(store.toString())) {
      JsonObject run = Json.object(line, "what the Python reader prints");
      assertThat(runs.put(run.string("id"), run)).isNull();
    }
    return runs;
  }

  private List<List<Object>> pointsByPython(String run, String key) throws Exception {
    List<List<Object>> points = new ArrayList<>();
    for (String line : python(store.toString(), run, key)) {
      List<@Nullable Object> point = JsonObject.toList(Json.parse(line), "point");
      Object step = Objects.requireNonNull(point.get(1));
      Object time = Objects.requireNonNull(point.get(2));
      points.add(List.of(JsonObject.toDouble(point.get(0), "value"), step, time));
    }
    return points;
  }

  private static Map<String, List<Object>> statistics(JsonObject run) {
    Map<String, List<Object>> all = new TreeMap<>();
    JsonObject metrics = run.object("metrics");
    for (String key : metrics.asMap().keySet()) {
      JsonObject m = metrics.object(key);
      all.put(
          key,
          List.of(
              m.longValue("count"),
              m.doubleValue("min"),
              m.doubleValue("max"),
              m.doubleValue("last"),
              m.longValue("step"),
              m.longValue("time")));
    }
    return all;
  }

  /** What a run has to tell, in Java's words. */
  private static List<String> tellings(JsonObject run) {
    List<String> all = new ArrayList<>(run.strings("problems"));
    all.addAll(run.strings("warnings"));
    JsonObject conflicts = run.object("conflicts");
    for (String key : conflicts.asMap().keySet()) {
      for (String other : conflicts.strings(key)) {
        String kept = run.object("params").string(key);
        all.add(
            "param '%s' was set to '%s' and by another process to '%s'; the first is kept"
                .formatted(key, kept, other));
      }
    }
    run.object("dropped")
        .asMap()
        .forEach((reason, n) -> all.add(n + " metrics were dropped, reason: " + reason));
    return all;
  }

  /** The damage, in Java's words. */
  private static List<String> damages(JsonObject run) {
    return run.objects("damage").stream()
        .map(
            d ->
                d.longValue("from") == 0
                    ? d.string("file") + " is skipped: its header is damaged"
                    : "%s is damaged from byte %s to %s, which is skipped"
                        .formatted(d.string("file"), d.longValue("from"), d.longValue("to")))
        .toList();
  }

  // ---- running it

  private List<String> python(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("python3"));
    command.add(ROOT.resolve("tools/read_store.py").toString());
    command.addAll(Arrays.asList(arguments));
    Path out = folder.resolve("python.out");
    Path err = folder.resolve("python.err");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("the Python reader ends").isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(Files.readString(err)).isEmpty();
    assertThat(process.exitValue()).isZero();
    return Files.readAllLines(out);
  }

  private static void requirePython() throws InterruptedException {
    int exit;
    try {
      exit =
          new ProcessBuilder("python3", "-c", "import sys; sys.exit(sys.version_info < (3, 9))")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor();
    } catch (IOException e) {
      exit = -1;
    }
    if (exit != 0) {
      String reason =
          "the store's Python reader is not tested: there is no python3 of 3.9 or newer";
      if ("true".equals(System.getenv("CI"))) {
        fail(reason);
      }
      abort(reason);
    }
  }
}
