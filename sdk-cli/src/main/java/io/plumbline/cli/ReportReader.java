package io.plumbline.cli;

import io.plumbline.drift.internal.page.Curve;
import io.plumbline.drift.internal.page.CurvesPanel;
import io.plumbline.internal.Threads;
import io.plumbline.internal.store.StoreView;
import io.plumbline.model.AliasChange;
import io.plumbline.model.Artifact;
import io.plumbline.model.MetricHistory;
import io.plumbline.model.MetricSummary;
import io.plumbline.model.ModelQuery;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.Page;
import io.plumbline.model.RegisteredModel;
import io.plumbline.model.Run;
import io.plumbline.registry.ModelRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Reads what a report tells. Metrics are streamed: of a curve only what a screen shows is kept. */
final class ReportReader {
  private static final int PAGE = 1_000;
  private static final int MOST_METRICS = 6;
  private static final int MOST_PARAMS = 6;
  private static final int CHOSEN = 8;

  /** All curves together have so many points at most. */
  private static final int POINTS = 400_000;

  private static final int MOST_THREADS = 4;
  private static final int FEWEST_POINTS = 24;
  private static final int MOST_POINTS = 240;

  /** Artifacts are listed for so many runs at most. */
  private static final int LOOKED_INTO = 500;

  private static final int MOST_PICTURES = 60;
  private static final long LARGEST_PICTURE = 400 << 10;

  private final StoreView view;
  private final ModelRegistry registry;
  private final Goals goals;
  private final List<String> notes = new ArrayList<>();

  ReportReader(StoreView view, ModelRegistry registry, Goals goals) {
    this.view = view;
    this.registry = registry;
    this.goals = goals;
  }

  ReportView read(List<Run> runs, List<String> wanted, List<Path> drift) {
    List<String> metrics =
        wanted.isEmpty() ? RunColumn.commonMetrics(runs, MOST_METRICS) : List.copyOf(wanted);
    long warned = runs.stream().filter(run -> !run.warnings().isEmpty()).count();
    if (warned > 0) {
      notes.add(
          Format.count(warned, "run") + " with warnings; `plumbline run ID` says what they are.");
    }
    int dead = view.deadWriters().size();
    if (dead > 0) {
      notes.add(
          Format.count(dead, "program")
              + " ended without closing the store: the last metrics may not be in the runs yet;"
              + " `plumbline store recover` brings them in.");
    }
    Map<String, Map<Integer, List<Curve.Point>>> curves = curves(runs, metrics);
    List<Integer> chosen = chosen(runs, curves);
    return new ReportView(
        view.root(),
        Instant.now(),
        runs,
        goals,
        metrics,
        RunColumn.varyingParams(runs, MOST_PARAMS),
        curves,
        chosen,
        pictures(runs),
        models(),
        drift,
        notes);
  }

  // ---- curves

  private Map<String, Map<Integer, List<Curve.Point>>> curves(
      List<Run> runs, List<String> metrics) {
    int all = 0;
    int[] perRun = new int[runs.size()];
    for (int i = 0; i < runs.size(); i++) {
      for (String key : metrics) {
        perRun[i] += hasCurve(runs.get(i), key) ? 1 : 0;
      }
      all += perRun[i];
    }
    int points = Math.max(FEWEST_POINTS, Math.min(MOST_POINTS, POINTS / Math.max(1, all)));
    int shown = 0;
    int room = POINTS / points;
    while (shown < runs.size() && room >= perRun[shown]) {
      room -= perRun[shown];
      all -= perRun[shown++];
    }
    if (all > 0) {
      notes.add(
          Format.count(all, "curve")
              + " left out: there are too many for one page. --filter, --experiment or --metric"
              + " choose others.");
    }
    return read(runs.subList(0, shown), metrics, points);
  }

  /** Reads the runs in as many threads as there are processors: most of the time is in here. */
  private Map<String, Map<Integer, List<Curve.Point>>> read(
      List<Run> runs, List<String> metrics, int points) {
    int threads = Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
    ExecutorService readers = Executors.newFixedThreadPool(threads, Threads.factory("report"));
    try {
      List<Future<Map<String, List<Curve.Point>>>> reading = new ArrayList<>();
      runs.forEach(run -> reading.add(readers.submit(() -> read(run, metrics, points))));
      Map<String, Map<Integer, List<Curve.Point>>> curves = new LinkedHashMap<>();
      metrics.forEach(key -> curves.put(key, new LinkedHashMap<>()));
      for (int i = 0; i < runs.size(); i++) {
        int run = i;
        get(reading.get(i))
            .forEach((key, curve) -> curves.getOrDefault(key, new HashMap<>()).put(run, curve));
      }
      curves.values().removeIf(Map::isEmpty);
      return curves;
    } finally {
      readers.shutdownNow();
    }
  }

  private Map<String, List<Curve.Point>> read(Run run, List<String> metrics, int points) {
    Map<String, Curve> curves = new LinkedHashMap<>();
    Map<String, MetricHistory.PointConsumer> consumers = new HashMap<>();
    for (String key : metrics) {
      if (hasCurve(run, key)) {
        Curve curve = new Curve(points);
        curves.put(key, curve);
        consumers.put(key, (value, step, time) -> curve.add(step, value));
      }
    }
    view.histories(run.id(), consumers);
    Map<String, List<Curve.Point>> read = new LinkedHashMap<>();
    curves.forEach((key, curve) -> read.put(key, curve.points()));
    return read;
  }

  private static <T> T get(Future<T> reading) {
    try {
      return reading.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while reading metrics", e);
    }
  }

  /** One point is a value, not a curve. */
  private static boolean hasCurve(Run run, String key) {
    MetricSummary summary = run.metrics().get(key);
    return summary != null && summary.count() > 1;
  }

  private static List<Integer> chosen(
      List<Run> runs, Map<String, Map<Integer, List<Curve.Point>>> curves) {
    int most = Math.min(CHOSEN, CurvesPanel.MOST_CHOSEN);
    List<Integer> chosen =
        curves.values().stream()
            .flatMap(byRun -> byRun.keySet().stream())
            .distinct()
            .sorted()
            .limit(most)
            .toList();
    if (chosen.size() > 1 || runs.size() < 2) {
      return chosen;
    }
    List<Integer> first = new ArrayList<>();
    for (int i = 0; i < Math.min(most, runs.size()); i++) {
      first.add(i);
    }
    return first;
  }

  // ---- pictures

  private List<ReportView.Picture> pictures(List<Run> runs) {
    List<ReportView.Picture> pictures = new ArrayList<>();
    int leftOut = 0;
    for (int i = 0; i < Math.min(LOOKED_INTO, runs.size()); i++) {
      for (Artifact file : view.files(runs.get(i).id())) {
        if (!isPicture(file.path())) {
          continue;
        }
        if (pictures.size() == MOST_PICTURES || file.size() > LARGEST_PICTURE) {
          leftOut++;
          continue;
        }
        String run = runs.get(i).id();
        pictures.add(
            new ReportView.Picture(i, file.path(), file.size(), () -> content(run, file.path())));
      }
    }
    if (leftOut > 0) {
      notes.add(
          Format.count(leftOut, "picture")
              + " left out: the first "
              + MOST_PICTURES
              + " of at most "
              + Format.bytes(LARGEST_PICTURE)
              + " are shown.");
    }
    if (runs.size() > LOOKED_INTO && !pictures.isEmpty()) {
      notes.add("Pictures are those of the first " + LOOKED_INTO + " runs.");
    }
    return pictures;
  }

  private static boolean isPicture(String path) {
    String name = path.toLowerCase(Locale.ROOT);
    return name.endsWith(".png")
        || name.endsWith(".svg")
        || name.endsWith(".jpg")
        || name.endsWith(".jpeg");
  }

  private byte[] content(String run, String path) {
    try (InputStream in = view.artifacts().open(run, path)) {
      return in.readNBytes((int) LARGEST_PICTURE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // ---- models

  private List<ReportView.Model> models() {
    List<ReportView.Model> models = new ArrayList<>();
    String token = null;
    do {
      Page<RegisteredModel> page = registry.search(ModelQuery.named("").page(PAGE, token));
      page.items().forEach(model -> models.add(model(model)));
      token = page.pageToken();
    } while (token != null);
    return models;
  }

  private ReportView.Model model(RegisteredModel model) {
    List<ModelVersion> versions = new ArrayList<>();
    String token = null;
    do {
      Page<ModelVersion> page = registry.versions(model.name(), PAGE, token);
      versions.addAll(page.items());
      token = page.pageToken();
    } while (token != null);
    List<AliasChange> history = new ArrayList<>();
    for (String alias : new TreeMap<>(model.aliases()).keySet()) {
      history.addAll(registry.aliasHistory(model.name(), alias));
    }
    history.sort(Comparator.comparing(AliasChange::time).reversed());
    return new ReportView.Model(model, versions, history);
  }
}
