package io.plumbline.drift;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a profile knows beside its columns. */
record ProfileFacts(
    @Nullable String label,
    @Nullable String schemaDigest,
    @Nullable String transformDigest,
    @Nullable String datasetName,
    @Nullable String datasetDigest,
    @Nullable Calibration calibration,
    Map<String, Double> thresholds,
    Map<String, Double> performance) {

  ProfileFacts {
    thresholds = Collections.unmodifiableMap(new TreeMap<>(thresholds));
    performance = Collections.unmodifiableMap(new TreeMap<>(performance));
  }
}
