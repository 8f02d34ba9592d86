package io.plumbline.tck;

import io.plumbline.model.Experiment;
import io.plumbline.model.Metric;
import io.plumbline.model.Run;
import io.plumbline.spi.Backend;
import io.plumbline.spi.Backend.Capability;
import io.plumbline.spi.NewRun;
import io.plumbline.spi.RunStore;
import io.plumbline.spi.RunUpdate;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** One group of the contract's clauses: opens the backend for each test and closes it after it. */
abstract class Clauses {
  /** The start of the runs that tests make, in epoch milliseconds. */
  static final long START = 1_700_000_000_000L;

  /** All groups. */
  static final List<Class<? extends Clauses>> GROUPS =
      List.of(
          ExperimentClauses.class,
          RunClauses.class,
          ParamClauses.class,
          MetricClauses.class,
          TagClauses.class,
          InputClauses.class,
          ArtifactClauses.class,
          ModelClauses.class,
          RegistryClauses.class,
          AliasClauses.class,
          SearchClauses.class,
          DeletionClauses.class,
          BatchClauses.class,
          InstanceClauses.class,
          ThreadClauses.class,
          SequenceClauses.class);

  private final BackendKit kit;
  private final Deque<Backend> opened = new ArrayDeque<>();
  private @Nullable Path place;

  Clauses(BackendKit kit) {
    this.kit = kit;
  }

  /** Returns the display names of all clauses, in the order of the groups. */
  static List<String> all() {
    return GROUPS.stream()
        .flatMap(group -> Stream.of(group.getDeclaredMethods()))
        .filter(method -> method.isAnnotationPresent(DisplayName.class))
        .map(Clauses::displayName)
        .toList();
  }

  private static String displayName(Method method) {
    return method.getAnnotation(DisplayName.class).value();
  }

  /** Returns the ids of all clauses. */
  static Set<String> ids() {
    Set<String> ids = new TreeSet<>();
    all().forEach(name -> ids.add(id(name)));
    return ids;
  }

  /** Returns the id with which a display name begins. */
  static String id(String displayName) {
    int space = displayName.indexOf(' ');
    return space < 0 ? displayName : displayName.substring(0, space);
  }

  @BeforeEach
  void open(@TempDir Path folder, TestInfo test) {
    place = folder;
    kit.assumeKept(test.getDisplayName());
    another();
  }

  @AfterEach
  void close() {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
  }

  /** Returns the instance that was opened last. */
  final Backend backend() {
    return opened.element();
  }

  /** Returns the runs of the instance that was opened last. */
  final RunStore runs() {
    return backend().runs();
  }

  /** Opens one more instance on the test's place. */
  final Backend another() {
    Path folder = place;
    if (folder == null) {
      throw new IllegalStateException("called before the test began");
    }
    Backend fresh = kit.open(folder);
    opened.push(fresh);
    return fresh;
  }

  /** Closes all instances and opens a fresh one. */
  final void reopen() {
    close();
    another();
  }

  final void needs(Capability capability) {
    BackendKit.assumeCapable(backend(), capability);
  }

  // ---- what tests are made of

  static String newId() {
    return UUID.randomUUID().toString().replace("-", "");
  }

  /** Returns a name that no other test has. */
  static String unique(String name) {
    return name + " " + newId();
  }

  final Experiment experiment() {
    return runs().createExperiment(unique("kit"), Map.of());
  }

  static NewRun newRun(Experiment in, String name) {
    return new NewRun(newId(), in.id(), name, "tester", null, START, Map.of());
  }

  /** Makes a run in an experiment of its own. */
  final String run() {
    return run(experiment(), "a run");
  }

  final String run(Experiment in, String name) {
    return runs().createRun(newRun(in, name));
  }

  /** Applies a batch under a key of its own. */
  final void apply(String run, RunUpdate... updates) {
    runs().apply(run, newId(), List.of(updates));
  }

  final Run read(String run) {
    return read(runs(), run);
  }

  static Run read(RunStore runs, String run) {
    return runs.find(run).orElseThrow(() -> new AssertionError("run " + run + " is not found"));
  }

  final List<Metric> points(String run, String key) {
    try (Stream<Metric> points = runs().metricHistory(run, key).stream()) {
      return points.toList();
    }
  }

  static RunUpdate metric(String key, double value, long step) {
    return new RunUpdate.LogMetric(key, value, step, START + step);
  }

  static RunUpdate param(String key, String value) {
    return new RunUpdate.LogParam(key, value);
  }

  static RunUpdate tag(String key, String value) {
    return new RunUpdate.SetTag(key, value);
  }

  /** Texts that are easy to spoil: by escaping, by trimming, by a file system, by an encoding. */
  static final List<String> HOSTILE_TEXTS =
      List.of(
          "../../etc/passwd",
          "..",
          ".",
          "CON",
          "nul.txt",
          "a/b\\c",
          "%2e%2e%00",
          "quote ' double \" back ` tick",
          "{\"json\": [1]}",
          "<b>&amp;</b>",
          " leading and trailing ",
          "ünïcödé 数据 العربية",
          "emoji 👩‍🚀🏳️‍🌈",
          "İıſK",
          "e\u0301 is not \u00e9",
          "\u200bzero width\u202e",
          "\ufffe\uffff",
          "null",
          "x".repeat(250));
}
