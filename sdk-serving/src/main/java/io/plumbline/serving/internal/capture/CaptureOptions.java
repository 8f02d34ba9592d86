package io.plumbline.serving.internal.capture;

import io.plumbline.drift.log.LogOptions;
import io.plumbline.serving.PredictionLogger;
import io.plumbline.serving.Privacy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the builder of a logger has collected. */
public final class CaptureOptions {
  public @Nullable Path folder;
  public LogOptions files = LogOptions.DEFAULT;
  public double threshold = Double.NaN;
  public List<String> classes = List.of();
  public double sample = 1;
  public double failureSample = Double.NaN;
  public final Map<String, Double> sliceSamples = new HashMap<>();
  public final Map<String, Privacy> privacy = new HashMap<>();
  public @Nullable String endpoint;
  public boolean mustLog;
  public long memory = 64 << 20;
  public int longestText = 1_000;
  public Duration window = Duration.ofHours(1);
  public PredictionLogger.@Nullable WindowListener windows;

  /** Copies them: a builder may be used again, and changed. */
  CaptureOptions copy() {
    CaptureOptions copy = new CaptureOptions();
    copy.folder = folder;
    copy.files = files;
    copy.threshold = threshold;
    copy.classes = classes;
    copy.sample = sample;
    copy.failureSample = failureSample;
    copy.sliceSamples.putAll(sliceSamples);
    copy.privacy.putAll(privacy);
    copy.endpoint = endpoint;
    copy.mustLog = mustLog;
    copy.memory = memory;
    copy.longestText = longestText;
    copy.window = window;
    copy.windows = windows;
    return copy;
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

  Privacy privacy(String column) {
    return privacy.getOrDefault(column, Privacy.keep());
  }
}
