package io.plumbline.serving.internal.capture;

import io.plumbline.drift.AlarmPolicy;
import io.plumbline.drift.Profile;
import io.plumbline.drift.SkewGate;
import io.plumbline.drift.log.LogOptions;
import io.plumbline.drift.log.SystemColumn;
import io.plumbline.internal.Printable;
import io.plumbline.model.ModelVersion;
import io.plumbline.serving.PredictionLogger;
import io.plumbline.serving.Privacy;
import io.plumbline.serving.internal.PrivacyRule;
import io.plumbline.spi.Backend;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the builder of a logger has collected. */
public final class CaptureOptions {
  private static final int LONGEST_EMBEDDING = 1 << 16;

  public @Nullable Path folder;
  public LogOptions files = LogOptions.DEFAULT;
  public double threshold = Double.NaN;
  public List<String> classes = List.of();
  public double sample = 1;
  public double failureSample = Double.NaN;
  public final Map<String, Double> sliceSamples = new HashMap<>();
  public final Map<String, Privacy> privacy = new HashMap<>();
  final Map<String, Integer> embeddings = new LinkedHashMap<>();
  public final Map<String, String> renamed = new LinkedHashMap<>();
  public @Nullable String endpoint;
  public boolean mustLog;
  public long memory = 64 << 20;
  public int longestText = 1_000;
  public boolean ship;

  /** How to open what parts are shipped to, if it is not what keeps the registry's runs. */
  public @Nullable Supplier<Backend> destination;

  public Duration window = Duration.ofHours(1);
  public PredictionLogger.@Nullable WindowListener windows;
  public @Nullable Duration windowRetention;
  public long windowBudget = 1L << 30;

  public @Nullable Function<Profile, SkewGate> gate;
  public PredictionLogger.@Nullable GateListener gateListener;

  public AlarmPolicy driftPolicy = AlarmPolicy.standard();
  public PredictionLogger.@Nullable DriftListener driftListener;

  /** Is told of versions that the gate stops; the opened logger's. */
  BiConsumer<ModelVersion, String> skewed = (version, reason) -> {};

  /** Keeps the windows on disk; the opened logger's. */
  @Nullable WindowKeeper keeper;

  /** Copies them: a builder may be used again, and changed. */
  CaptureOptions copy() {
    privacy(SystemColumn.ENTITY_ID.columnName())
        .requireFor(SystemColumn.ENTITY_ID.columnName(), PrivacyRule.Values.TEXTS);
    for (String column : embeddings.keySet()) {
      if (!privacy(column).label().isEmpty()) {
        throw new IllegalArgumentException(
            "the embedding "
                + Printable.quote(column)
                + " is to be logged with the privacy "
                + privacy(column)
                + "; an embedding is logged as it is, or not named at all");
      }
    }
    CaptureOptions copy = new CaptureOptions();
    copy.folder = folder;
    copy.files = files;
    copy.threshold = threshold;
    copy.classes = classes;
    copy.sample = sample;
    copy.failureSample = failureSample;
    copy.sliceSamples.putAll(sliceSamples);
    copy.privacy.putAll(privacy);
    copy.embeddings.putAll(embeddings);
    copy.renamed.putAll(renamed);
    copy.endpoint = endpoint;
    copy.mustLog = mustLog;
    copy.memory = memory;
    copy.longestText = longestText;
    copy.ship = ship;
    copy.destination = destination;
    copy.window = window;
    copy.windows = windows;
    copy.gate = gate;
    copy.gateListener = gateListener;
    copy.driftPolicy = driftPolicy;
    copy.driftListener = driftListener;
    copy.windowRetention = windowRetention;
    copy.windowBudget = windowBudget;
    return copy;
  }

  /** A column that has a privacy, but is none of these, nor an embedding, nor the entity's. */
  Optional<String> withoutColumn(Collection<String> columns) {
    return privacy.keySet().stream()
        .filter(name -> !columns.contains(name) && !embeddings.containsKey(name))
        .filter(name -> !name.equals(SystemColumn.ENTITY_ID.columnName()))
        .sorted()
        .findFirst();
  }

  /** Adds an embedding. */
  public void embedding(String column, int length) {
    if (length < 1 || length > LONGEST_EMBEDDING) {
      throw new IllegalArgumentException(
          "the embedding "
              + Printable.quote(column)
              + " is to have "
              + length
              + " numbers; 1 to "
              + LONGEST_EMBEDDING
              + " are possible");
    }
    embeddings.put(column, length);
  }

  /** Checks a share of rows. */
  public static double share(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("the share of rows is " + share + "; it must be 0 to 1");
    }
    return share;
  }

  /** Checks a number. */
  public static long positive(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is " + value + "; it must be at least 1");
    }
    return value;
  }

  /** What is kept of whom a prediction is about; null unless it is set. */
  @Nullable PrivacyRule entity() {
    Privacy own = privacy.get(SystemColumn.ENTITY_ID.columnName());
    return own == null ? null : PrivacyRule.of(own);
  }

  PrivacyRule privacy(String column) {
    Privacy own = privacy.get(column);
    return own == null ? PrivacyRule.KEEP : PrivacyRule.of(own);
  }
}
