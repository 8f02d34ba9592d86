package io.plumbline.drift;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is known of a model when {@link RetrainPolicy} is asked. Immutable. */
public final class RetrainEvidence {
  private final String model;
  private final Instant trainedAt;
  private final List<DriftReport> drift;
  private final Map<String, PerformanceAlarm.Finding> performance;
  private final @Nullable Approval approval;

  private RetrainEvidence(
      String model,
      Instant trainedAt,
      List<DriftReport> drift,
      Map<String, PerformanceAlarm.Finding> performance,
      @Nullable Approval approval) {
    this.model = model;
    this.trainedAt = trainedAt;
    this.drift = drift;
    this.performance = performance;
    this.approval = approval;
  }

  /**
   * Somebody's word that the model may be trained again.
   *
   * @param by who
   * @param at when
   */
  public record Approval(String by, Instant at) {
    /** Checks that it says who. */
    public Approval {
      Objects.requireNonNull(at, "at");
      if (by.isBlank()) {
        throw new IllegalArgumentException("an approval needs somebody who gave it");
      }
    }
  }

  /**
   * Starts with the model.
   *
   * @param model how people call it, such as {@code models:/flight-delay/3}
   * @param trainedAt when it was trained
   */
  public static RetrainEvidence of(String model, Instant trainedAt) {
    return new RetrainEvidence(
        Objects.requireNonNull(model, "model"),
        Objects.requireNonNull(trainedAt, "trainedAt"),
        List.of(),
        Map.of(),
        null);
  }

  /** Adds a comparison with the reference; of {@link DriftMonitor}, so that drift has lasted. */
  public RetrainEvidence drift(DriftReport report) {
    List<DriftReport> all = new ArrayList<>(drift);
    all.add(report);
    return new RetrainEvidence(model, trainedAt, List.copyOf(all), performance, approval);
  }

  /** Adds what an alarm found of a metric; a second finding of the same metric replaces it. */
  public RetrainEvidence performance(String metric, PerformanceAlarm.Finding finding) {
    Map<String, PerformanceAlarm.Finding> all = new LinkedHashMap<>(performance);
    all.put(Objects.requireNonNull(metric, "metric"), Objects.requireNonNull(finding, "finding"));
    return new RetrainEvidence(model, trainedAt, drift, Collections.unmodifiableMap(all), approval);
  }

  /**
   * Adds an approval. It counts if it is not older than the model: an older one was for the
   * training that made this model.
   */
  public RetrainEvidence approvedBy(String who, Instant when) {
    return new RetrainEvidence(model, trainedAt, drift, performance, new Approval(who, when));
  }

  /** How people call the model. */
  public String model() {
    return model;
  }

  /** When it was trained. */
  public Instant trainedAt() {
    return trainedAt;
  }

  /** The comparisons. */
  public List<DriftReport> drift() {
    return drift;
  }

  /** The findings by metric. */
  public Map<String, PerformanceAlarm.Finding> performance() {
    return performance;
  }

  /** The approval, if there is one. */
  public Optional<Approval> approval() {
    return Optional.ofNullable(approval);
  }
}
