package io.plumbline.drift;

import io.plumbline.drift.internal.profile.ColumnFrame;
import io.plumbline.drift.internal.profile.CountsJson;
import io.plumbline.drift.internal.profile.FrameJson;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes profiles as canonical JSON, and reads them without trust. */
final class ProfileJson {
  private static final long VERSION = 1;
  private static final int MOST_COLUMNS = 65_536;

  private ProfileJson() {}

  static byte[] write(List<ColumnProfile> columns, ProfileFacts facts) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("reference_profile", VERSION);
    put(json, "label", facts.label());
    put(json, "schema_digest", facts.schemaDigest());
    put(json, "transform_digest", facts.transformDigest());
    Map<String, @Nullable Object> dataset = new LinkedHashMap<>();
    put(dataset, "name", facts.datasetName());
    put(dataset, "digest", facts.datasetDigest());
    json.put("dataset", dataset);
    if (facts.calibration() != null) {
      json.put("calibration", facts.calibration().json());
    }
    json.put("thresholds", facts.thresholds());
    json.put("performance", facts.performance());
    json.put("columns", columns.stream().map(ProfileJson::column).toList());
    return Json.canonical(json);
  }

  private static void put(Map<String, @Nullable Object> json, String key, @Nullable String value) {
    if (value != null) {
      json.put(key, value);
    }
  }

  private static Map<String, Object> column(ColumnProfile column) {
    Map<String, Object> json = new LinkedHashMap<>();
    FrameJson.write(column.frame(), json);
    CountsJson.write(column.reference(), column.frame(), json);
    if (column.distinctOrUnknown() >= 0) {
      json.put("distinct", column.distinctOrUnknown());
    }
    List<Object> atoms = new ArrayList<>();
    column.atoms().forEach((value, count) -> atoms.add(List.of(value, count)));
    json.put("atoms", atoms);
    Map<String, Object> baselines = new LinkedHashMap<>();
    column.baselines().forEach((metric, baseline) -> baselines.put(metric, baseline(baseline)));
    json.put("baseline", baselines);
    return json;
  }

  private static Map<String, Object> baseline(Baseline baseline) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("mean", baseline.mean());
    json.put("std", baseline.standardDeviation());
    json.put("p99", baseline.p99());
    json.put("chunks", (long) baseline.chunks());
    json.put("chunk_rows", baseline.chunkRows());
    return json;
  }

  static Profile read(byte[] utf8) {
    JsonObject json = Json.object(utf8, Profile.FILE);
    if (json.longValue("reference_profile") != VERSION) {
      throw new JsonException(
          Profile.FILE
              + " has version "
              + json.longValue("reference_profile")
              + "; version "
              + VERSION
              + " is known");
    }
    List<ColumnProfile> columns = new ArrayList<>();
    List<JsonObject> objects = json.objects("columns");
    if (objects.isEmpty() || objects.size() > MOST_COLUMNS) {
      throw new JsonException(
          Profile.FILE + ".columns are " + objects.size() + "; 1 to " + MOST_COLUMNS + " are read");
    }
    for (JsonObject column : objects) {
      columns.add(column(column));
    }
    try {
      return new Profile(columns, facts(json));
    } catch (JsonException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new JsonException(Profile.FILE + ".columns: " + e.getMessage(), e);
    }
  }

  private static ProfileFacts facts(JsonObject json) {
    JsonObject dataset = json.objectOrNull("dataset");
    JsonObject calibration = json.objectOrNull("calibration");
    return new ProfileFacts(
        json.stringOr("label", null),
        json.stringOr("schema_digest", null),
        json.stringOr("transform_digest", null),
        dataset == null ? null : dataset.stringOr("name", null),
        dataset == null ? null : dataset.stringOr("digest", null),
        calibration == null ? null : Calibration.read(calibration),
        numbers(json, "thresholds"),
        numbers(json, "performance"));
  }

  private static Map<String, Double> numbers(JsonObject json, String key) {
    Map<String, Double> numbers = new TreeMap<>();
    JsonObject object = json.objectOrNull(key);
    if (object != null) {
      object.asMap().keySet().forEach(name -> numbers.put(name, object.doubleValue(name)));
    }
    return numbers;
  }

  private static ColumnProfile column(JsonObject json) {
    ColumnFrame frame = FrameJson.read(json);
    long distinct = json.longOr("distinct", -1);
    Map<String, Baseline> baselines = new LinkedHashMap<>();
    JsonObject all = json.objectOrNull("baseline");
    if (all != null) {
      for (String metric : all.asMap().keySet()) {
        baselines.put(metric, baseline(all.object(metric)));
      }
    }
    ColumnProfile column =
        new ColumnProfile(frame, CountsJson.read(json, frame), Math.max(-1, distinct), baselines);
    checkAtoms(json, column);
    return column;
  }

  private static Baseline baseline(JsonObject json) {
    return new Baseline(
        json.doubleValue("mean"),
        json.doubleValue("std"),
        json.doubleValue("p99"),
        (int) Math.max(0, Math.min(Integer.MAX_VALUE, json.longValue("chunks"))),
        json.longValue("chunk_rows"));
  }

  /** The atoms are written for readers; they follow from edges and counts and must agree. */
  private static void checkAtoms(JsonObject json, ColumnProfile column) {
    List<@Nullable Object> atoms = json.listOrEmpty("atoms");
    boolean equal = atoms.size() == column.atoms().size();
    int i = 0;
    for (Map.Entry<Double, Long> atom : column.atoms().entrySet()) {
      if (!equal) {
        break;
      }
      String place = json.place() + ".atoms[" + i + "]";
      List<@Nullable Object> pair = JsonObject.toList(atoms.get(i++), place);
      equal =
          pair.size() == 2
              && JsonObject.toDouble(pair.get(0), place) == atom.getKey()
              && atom.getValue().equals(pair.get(1));
    }
    if (!equal) {
      throw new JsonException(json.place() + ".atoms do not follow from the edges and counts");
    }
  }
}
