package io.plumbline.mlflow;

import io.plumbline.NotFoundException;
import io.plumbline.internal.history.HistorySample;
import io.plumbline.internal.history.MetricStats;
import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.Metric;
import io.plumbline.model.MetricHistory;
import io.plumbline.model.MetricSummary;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** A metric's points, read from the server page by page, in the order of their times. */
final class History implements MetricHistory {
  /** What MLflow's own clients ask for. */
  private static final int PAGE = 25_000;

  private final Rest rest;
  private final String runId;
  private final String key;

  History(Rest rest, String runId, String key) {
    this.rest = rest;
    this.runId = runId;
    this.key = key;
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public void forEach(PointConsumer consumer) {
    Pages pages = pages();
    List<Metric> points;
    JsonObject page;
    do {
      page = page(pages.token());
      points = points(page);
      for (Metric point : points) {
        consumer.accept(point.value(), point.step(), point.timestamp());
      }
    } while (next(pages, page, points.size()));
  }

  private JsonObject page(@Nullable String token) {
    Map<String, Object> query = new LinkedHashMap<>();
    query.put("run_id", runId);
    query.put("metric_key", key);
    query.put("max_results", PAGE); // without it the server answers no point, for ever
    if (token != null) {
      query.put("page_token", token);
    }
    try {
      return rest.get("metrics/get-history", query);
    } catch (Refused e) {
      if (e.refusal().isMissing()) {
        throw new NotFoundException("there is no run " + runId);
      }
      throw e.refusal().exception();
    }
  }

  private List<Metric> points(JsonObject page) {
    try {
      return page.objects("metrics").stream()
          .map(
              point ->
                  new Metric(
                      key,
                      point.doubleValue("value"),
                      point.longOr("step", 0),
                      point.longOr("timestamp", 0)))
          .toList();
    } catch (JsonException e) {
      throw Answers.malformed(e);
    }
  }

  private Pages pages() {
    // One page at a time is in memory: there may be any number of points.
    return new Pages("the history of '" + key + "' of run " + runId, Long.MAX_VALUE);
  }

  private static boolean next(Pages pages, JsonObject page, int size) {
    try {
      return pages.next(page, size);
    } catch (JsonException e) {
      throw Answers.malformed(e);
    }
  }

  @Override
  public MetricSummary summary() {
    MetricStats stats = new MetricStats();
    forEach(stats::add);
    return stats.summary(key);
  }

  @Override
  public Stream<Metric> stream() {
    return StreamSupport.stream(new Points(), false);
  }

  @Override
  public List<Metric> sample(int points) {
    return HistorySample.of(this, points);
  }

  /** Holds one page at a time. */
  private final class Points extends Spliterators.AbstractSpliterator<Metric> {
    private final Deque<Metric> waiting = new ArrayDeque<>();
    private final Pages pages = pages();
    private boolean more = true;

    Points() {
      super(Long.MAX_VALUE, ORDERED | NONNULL);
    }

    @Override
    public boolean tryAdvance(Consumer<? super Metric> action) {
      while (waiting.isEmpty()) {
        if (!more) {
          return false;
        }
        JsonObject page = page(pages.token());
        List<Metric> points = points(page);
        waiting.addAll(points);
        more = next(pages, page, points.size());
      }
      action.accept(waiting.remove());
      return true;
    }
  }
}
