package io.plumbline.internal.journal;

import io.plumbline.internal.history.MetricStats;
import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a run is, as far as its events tell: built event by event, or from a summary, and merged
 * over the run's writers.
 *
 * <p>Each event has a stamp, {@code t}: epoch milliseconds that never go back within a run. Of two
 * settings of one thing the later stamp wins, the higher writer id on a tie; of two values of one
 * param the earlier one wins, and the other is a conflict that readers are told of.
 */
public final class RunState {
  /** Up to so many artifacts are kept in a summary; readers scan the segments for more. */
  static final int SUMMARY_ARTIFACTS = 1_000;

  /**
   * A setting, and when and by whom it was made.
   *
   * @param value null for a removed tag
   */
  public record Stamped(@Nullable Object value, long stamp, String writer) {
    String text() {
      return String.valueOf(value);
    }

    boolean beats(@Nullable Stamped other) {
      return other == null
          || stamp > other.stamp
          || (stamp == other.stamp && writer.compareTo(other.writer) >= 0);
    }

    /** Whether this is the earlier one of two by different writers, or of two by one writer. */
    boolean isBefore(Stamped other) {
      return stamp < other.stamp || (stamp == other.stamp && writer.compareTo(other.writer) < 0);
    }
  }

  private @Nullable String run;
  private @Nullable Map<String, @Nullable Object> start;
  private String startWriter = "";
  private @Nullable Stamped name;
  private @Nullable Stamped deleted;
  private @Nullable Stamped status;
  private long statusTime;
  private final Map<String, Stamped> params = new LinkedHashMap<>();
  private final Map<String, Stamped> tags = new LinkedHashMap<>();
  private final Map<String, TreeMap<String, Stamped>> rivals = new TreeMap<>();
  private final Map<String, Stamped> inputs = new LinkedHashMap<>();
  private final Map<String, Stamped> artifacts = new TreeMap<>();
  private boolean artifactsLeftOut;
  private final Map<String, Stamped> models = new LinkedHashMap<>();
  private final Map<String, MetricStats> metrics = new LinkedHashMap<>();
  private final Map<String, Linked> linked = new LinkedHashMap<>();
  private final Map<String, Long> dropped = new TreeMap<>();
  private final Set<String> batches = new LinkedHashSet<>();
  private final Set<String> warnings = new TreeSet<>();
  private long lastStamp;

  /**
   * The points of a metric that are linked to something.
   *
   * @param key the metric's name
   * @param input the dataset input that they were measured on, as in the event, or null
   * @param model the id of the model that they belong to, or null
   * @param stats what is known of them
   */
  public record Linked(
      String key,
      @Nullable Map<String, @Nullable Object> input,
      @Nullable String model,
      MetricStats stats) {
    /** Returns the dataset input, or null. */
    public @Nullable JsonObject inputObject() {
      return input == null ? null : JsonObject.of(input, "input");
    }

    private Map<String, @Nullable Object> toJson() {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("key", key);
      json.put("input", input);
      json.put("model", model);
      json.put("stats", stats.toJson());
      return json;
    }
  }

  // ---- building

  /**
   * Applies one event.
   *
   * @param writer the id of the writer whose event it is
   * @throws JsonException if the event is not of the described form
   */
  public void apply(JsonObject event, String writer) {
    long t = event.longValue("t");
    if (event.has("batch") && !batches.add(event.string("batch"))) {
      return;
    }
    lastStamp = Math.max(lastStamp, t);
    if (event.has("run")) {
      run = event.string("run");
    }
    JsonObject starting = event.objectOrNull("start");
    if (starting != null && start == null) {
      start = new LinkedHashMap<>(starting.asMap());
      startWriter = writer;
    }
    if (event.has("name")) {
      name = later(name, new Stamped(event.string("name"), t, writer));
    }
    if (event.has("deleted")) {
      deleted = later(deleted, new Stamped(event.bool("deleted"), t, writer));
    }
    if (event.has("status")) {
      setStatus(new Stamped(event.string("status"), t, writer), event.longValue("time"));
    }
    forEach(event, "params", (k, v) -> addParam(k, new Stamped(v, t, writer)));
    forEach(event, "tags", (k, v) -> addTag(k, new Stamped(v, t, writer)));
    for (JsonObject input : event.objects("inputs")) {
      inputs.merge(inputId(input), new Stamped(input.asMap(), t, writer), RunState::earlier);
    }
    for (JsonObject artifact : event.objects("artifacts")) {
      addArtifact(artifact.string("path"), new Stamped(artifact.asMap(), t, writer));
    }
    for (JsonObject model : event.objects("models")) {
      models.merge(model.string("id"), new Stamped(model.asMap(), t, writer), RunState::later);
    }
    for (Object row : event.listOrEmpty("metrics")) {
      List<@Nullable Object> point = JsonObject.toList(row, "metrics");
      if (point.size() < 4 || point.size() > 5) {
        throw new JsonException("a point has four parts or five, not " + point.size());
      }
      JsonObject link = point.size() == 5 ? JsonObject.of(point.get(4), "link") : null;
      stats(
              String.valueOf(point.get(0)),
              link == null ? null : link.objectOrNull("input"),
              link == null ? null : link.stringOr("model", null))
          .add(
              JsonObject.toDouble(point.get(1), "value"),
              toLong(point.get(2), "step"),
              toLong(point.get(3), "time"));
    }
    warnings.addAll(event.strings("warnings"));
    forEach(event, "dropped", (reason, n) -> dropped.merge(reason, toLong(n, reason), Long::sum));
  }

  private interface Entry {
    void accept(String key, @Nullable Object value);
  }

  private static void forEach(JsonObject event, String member, Entry action) {
    JsonObject object = event.objectOrNull(member);
    if (object != null) {
      object.asMap().forEach(action::accept);
    }
  }

  static long toLong(@Nullable Object value, String what) {
    if (value instanceof Long number) {
      return number;
    }
    throw new JsonException(what + " must be an integer, not " + value);
  }

  private static Stamped later(@Nullable Stamped old, Stamped fresh) {
    return old == null || fresh.beats(old) ? fresh : old;
  }

  private static Stamped earlier(Stamped old, Stamped fresh) {
    return fresh.isBefore(old) ? fresh : old;
  }

  private void setStatus(Stamped fresh, long time) {
    if (fresh.beats(status)) {
      status = fresh;
      statusTime = time;
    }
  }

  private void addParam(String key, Stamped fresh) {
    Stamped old = params.putIfAbsent(key, fresh);
    if (old == null) {
      return;
    }
    Stamped kept = earlier(old, fresh);
    params.put(key, kept);
    if (!old.text().equals(fresh.text())) {
      addRival(key, kept.equals(old) ? fresh : old);
    }
    forgetKept(key);
  }

  private void addRival(String key, Stamped rival) {
    rivals.computeIfAbsent(key, k -> new TreeMap<>()).merge(rival.text(), rival, RunState::earlier);
  }

  /** A value that is kept is no rival, whenever else it was set. */
  private void forgetKept(String key) {
    Stamped kept = params.get(key);
    TreeMap<String, Stamped> others = rivals.get(key);
    if (kept != null && others != null) {
      Stamped same = others.remove(kept.text());
      if (same != null) {
        params.put(key, earlier(kept, same));
      }
    }
  }

  private void addTag(String key, Stamped fresh) {
    tags.merge(key, fresh, RunState::later);
  }

  private void addArtifact(String path, Stamped fresh) {
    artifacts.merge(path, fresh, RunState::later);
  }

  /** What makes two dataset inputs the same one. */
  public static String inputId(JsonObject input) {
    JsonObject dataset = input.object("dataset");
    return dataset.string("name")
        + '\n'
        + dataset.string("digest")
        + '\n'
        + input.stringOr("context", "");
  }

  /** Returns the statistics of a metric, made if they do not exist. */
  public MetricStats stats(String key) {
    return metrics.computeIfAbsent(key, k -> new MetricStats());
  }

  /**
   * Returns the statistics of a metric's points that are linked to that input or model; what is
   * added to them is added to the metric's own. Made if they do not exist.
   */
  MetricStats stats(String key, @Nullable JsonObject input, @Nullable String model) {
    if (input == null && model == null) {
      return stats(key);
    }
    String id = key + '\n' + (input == null ? "" : inputId(input)) + '\n' + model;
    return linked
        .computeIfAbsent(
            id,
            absent ->
                new Linked(
                    key, input == null ? null : input.asMap(), model, new MetricStats(stats(key))))
        .stats();
  }

  /** Lets later events have stamps that are not below this one. */
  void advance(long stamp) {
    lastStamp = Math.max(lastStamp, stamp);
  }

  /** Takes over what another writer's state says. */
  public void merge(RunState other) {
    run = run == null ? other.run : run;
    if (other.start != null && (start == null || other.startedBefore(this))) {
      start = other.start;
      startWriter = other.startWriter;
    }
    if (other.name != null) {
      name = later(name, other.name);
    }
    if (other.deleted != null) {
      deleted = later(deleted, other.deleted);
    }
    if (other.status != null) {
      setStatus(other.status, other.statusTime);
    }
    other.params.forEach(this::addParam);
    other.rivals.forEach((key, values) -> values.values().forEach(v -> addParam(key, v)));
    other.tags.forEach(this::addTag);
    other.inputs.forEach((id, input) -> inputs.merge(id, input, RunState::earlier));
    other.artifacts.forEach(this::addArtifact);
    artifactsLeftOut |= other.artifactsLeftOut;
    other.models.forEach((id, model) -> models.merge(id, model, RunState::later));
    other.metrics.forEach((key, stats) -> stats(key).merge(stats));
    other.linked.forEach(
        (id, link) -> stats(link.key(), link.inputObject(), link.model()).merge(link.stats()));
    other.dropped.forEach((reason, n) -> dropped.merge(reason, n, Long::sum));
    batches.addAll(other.batches);
    warnings.addAll(other.warnings);
    lastStamp = Math.max(lastStamp, other.lastStamp);
  }

  private boolean startedBefore(RunState other) {
    int order = Long.compare(startStamp(), other.startStamp());
    return order < 0 || (order == 0 && startWriter.compareTo(other.startWriter) < 0);
  }

  private long startStamp() {
    return start != null && start.get("time") instanceof Long time ? time : Long.MAX_VALUE;
  }

  // ---- reading

  /** Returns the run's id, or null if no whole event says it. */
  public @Nullable String run() {
    return run;
  }

  /**
   * Returns the run's start: run, experiment, experimentName, user, parent, time; null without one.
   */
  public @Nullable JsonObject start() {
    return start == null ? null : JsonObject.of(start, "start");
  }

  /** Returns the name, or null if none was given. */
  public @Nullable String name() {
    return name == null ? null : String.valueOf(name.value());
  }

  /** Returns whether the run is deleted. */
  public boolean deleted() {
    return deleted != null && Boolean.TRUE.equals(deleted.value());
  }

  /** Returns the last status that was set, or null if none was. */
  public @Nullable String status() {
    return status == null ? null : String.valueOf(status.value());
  }

  /** Returns the time of that status: the end, or the resumption. */
  public long statusTime() {
    return statusTime;
  }

  /** Returns the id of the writer that set that status: for a running run, who keeps it alive. */
  public String statusWriter() {
    return status == null ? startWriter : status.writer();
  }

  /** Returns the params, in the order of their arrival. */
  public Map<String, String> params() {
    return values(params);
  }

  /** Returns the tags that are set. */
  public Map<String, String> tags() {
    return values(tags);
  }

  private static Map<String, String> values(Map<String, Stamped> stamped) {
    Map<String, String> values = new LinkedHashMap<>();
    stamped.forEach(
        (key, s) -> {
          if (s.value() != null) {
            values.put(key, s.value().toString());
          }
        });
    return values;
  }

  /** Returns the dataset inputs: name, digest, ..., context, tags. */
  public List<JsonObject> inputs() {
    return inputs.values().stream().map(i -> JsonObject.of(i.value(), "input")).toList();
  }

  /** Returns the artifacts by path: path, size, sha256. */
  public Map<String, JsonObject> artifacts() {
    Map<String, JsonObject> all = new TreeMap<>();
    artifacts.forEach((path, s) -> all.put(path, JsonObject.of(s.value(), "artifact")));
    return all;
  }

  /** Returns whether this came from a summary that left the artifacts out because they are many. */
  public boolean artifactsLeftOut() {
    return artifactsLeftOut;
  }

  /** Returns the logged models. */
  public List<JsonObject> models() {
    return models.values().stream().map(m -> JsonObject.of(m.value(), "model")).toList();
  }

  /** Returns the metrics by key: those that have points. */
  public Map<String, MetricStats> metrics() {
    Map<String, MetricStats> logged = new LinkedHashMap<>();
    metrics.forEach(
        (key, stats) -> {
          if (stats.count() > 0) {
            logged.put(key, stats);
          }
        });
    return logged;
  }

  /** Returns what is known of the points that are linked to an input or a model. */
  public List<Linked> linked() {
    return List.copyOf(linked.values());
  }

  /** Returns how many metrics were refused, by reason. */
  public Map<String, Long> dropped() {
    return Collections.unmodifiableMap(dropped);
  }

  /** Returns whether a batch of that key was applied. */
  public boolean hasBatch(String key) {
    return batches.contains(key);
  }

  /** Returns what could not be kept, as sentences. */
  public Set<String> warnings() {
    return Collections.unmodifiableSet(warnings);
  }

  /** Returns the conflicts between processes, as sentences. */
  public List<String> conflicts() {
    List<String> sentences = new ArrayList<>();
    rivals.forEach(
        (key, values) -> {
          Stamped kept = params.get(key);
          for (String other : values.keySet()) {
            sentences.add(
                "param '"
                    + key
                    + "' was set to '"
                    + (kept == null ? "" : kept.text())
                    + "' and by another process to '"
                    + other
                    + "'; the first is kept");
          }
        });
    return sentences;
  }

  /** Returns the highest stamp that was seen. */
  public long lastStamp() {
    return lastStamp;
  }

  // ---- the summary

  /** Returns this state as JSON. */
  Map<String, @Nullable Object> toJson() {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("lastStamp", lastStamp);
    json.put("run", run);
    if (start != null) {
      json.put("start", start);
      json.put("startWriter", startWriter);
    }
    putStamped(json, "name", name);
    putStamped(json, "deleted", deleted);
    putStamped(json, "status", status);
    json.put("statusTime", statusTime);
    json.put("params", stampedJson(params));
    json.put("tags", stampedJson(tags));
    json.put("inputs", stampedList(inputs));
    boolean leaveOut = artifactsLeftOut || artifacts.size() > SUMMARY_ARTIFACTS;
    json.put("artifactsLeftOut", leaveOut);
    json.put("artifacts", leaveOut ? Map.of() : stampedJson(artifacts));
    json.put("models", stampedList(models));
    Map<String, @Nullable Object> stats = new LinkedHashMap<>();
    metrics().forEach((key, s) -> stats.put(key, s.toJson()));
    json.put("metrics", stats);
    json.put(
        "linked",
        linked.values().stream()
            .filter(link -> link.stats().count() > 0)
            .map(Linked::toJson)
            .toList());
    json.put("dropped", new LinkedHashMap<String, @Nullable Object>(dropped));
    json.put("batches", new ArrayList<>(batches));
    json.put("warnings", new ArrayList<>(warnings));
    Map<String, @Nullable Object> others = new LinkedHashMap<>();
    rivals.forEach((key, values) -> others.put(key, stampedList(values)));
    json.put("conflicts", others);
    return json;
  }

  private static void putStamped(
      Map<String, @Nullable Object> json, String key, @Nullable Stamped s) {
    if (s != null) {
      json.put(key, stampedJson(s));
    }
  }

  private static List<@Nullable Object> stampedJson(Stamped s) {
    List<@Nullable Object> list = new ArrayList<>(3);
    list.add(s.value());
    list.add(s.stamp());
    list.add(s.writer());
    return list;
  }

  private static List<@Nullable Object> stampedList(Map<String, Stamped> map) {
    List<@Nullable Object> list = new ArrayList<>();
    map.values().forEach(s -> list.add(stampedJson(s)));
    return list;
  }

  private static Map<String, @Nullable Object> stampedJson(Map<String, Stamped> map) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    map.forEach((key, s) -> json.put(key, stampedJson(s)));
    return json;
  }

  /** Reads what {@link #toJson} wrote. */
  static RunState fromJson(JsonObject json) {
    RunState state = new RunState();
    state.lastStamp = json.longValue("lastStamp");
    state.run = json.stringOr("run", null);
    JsonObject start = json.objectOrNull("start");
    if (start != null) {
      state.start = new LinkedHashMap<>(start.asMap());
      state.startWriter = json.string("startWriter");
    }
    state.name = stamped(json.asMap().get("name"));
    state.deleted = stamped(json.asMap().get("deleted"));
    state.status = stamped(json.asMap().get("status"));
    state.statusTime = json.longValue("statusTime");
    readStamped(json, "params", state.params);
    readStamped(json, "tags", state.tags);
    for (Stamped input : stampedList(json, "inputs")) {
      state.inputs.put(inputId(JsonObject.of(input.value(), "input")), input);
    }
    state.artifactsLeftOut = json.bool("artifactsLeftOut");
    readStamped(json, "artifacts", state.artifacts);
    for (Stamped model : stampedList(json, "models")) {
      state.models.put(JsonObject.of(model.value(), "model").string("id"), model);
    }
    JsonObject metrics = json.object("metrics");
    for (String key : metrics.asMap().keySet()) {
      state.stats(key).read(metrics.object(key));
    }
    for (JsonObject link : json.objects("linked")) {
      state
          .stats(link.string("key"), link.objectOrNull("input"), link.stringOr("model", null))
          .read(link.object("stats"));
    }
    JsonObject dropped = json.object("dropped");
    for (String reason : dropped.asMap().keySet()) {
      state.dropped.put(reason, dropped.longValue(reason));
    }
    state.batches.addAll(json.strings("batches"));
    state.warnings.addAll(json.strings("warnings"));
    JsonObject conflicts = json.object("conflicts");
    for (String key : conflicts.asMap().keySet()) {
      stampedList(conflicts, key).forEach(rival -> state.addRival(key, rival));
    }
    return state;
  }

  private static List<Stamped> stampedList(JsonObject json, String member) {
    List<Stamped> list = new ArrayList<>();
    for (Object value : json.list(member)) {
      Stamped stamped = stamped(value);
      if (stamped != null) {
        list.add(stamped);
      }
    }
    return list;
  }

  private static void readStamped(JsonObject json, String member, Map<String, Stamped> into) {
    for (Map.Entry<String, @Nullable Object> e : json.object(member).asMap().entrySet()) {
      Stamped stamped = stamped(e.getValue());
      if (stamped != null) {
        into.put(e.getKey(), stamped);
      }
    }
  }

  private static @Nullable Stamped stamped(@Nullable Object value) {
    if (value == null) {
      return null;
    }
    List<@Nullable Object> list = JsonObject.toList(value, "stamped");
    if (list.size() != 3) {
      throw new JsonException("a stamped value has three parts, not " + list.size());
    }
    return new Stamped(list.get(0), toLong(list.get(1), "stamp"), String.valueOf(list.get(2)));
  }
}
