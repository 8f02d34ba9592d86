package io.plumbline.cli;

import io.plumbline.drift.log.SystemColumn;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.Run;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A prediction with all that is known of it.
 *
 * @param row as it was logged
 * @param version the version that has made it; null if the registry does not have it
 * @param run the run that has made the version; null if it is not in the store
 * @param places where the values lie in the version's reference profile, by column; none without
 * @param replay what comes out today; null if nobody asked
 */
record FoundPrediction(
    LoggedPrediction row,
    @Nullable ModelVersion version,
    @Nullable Run run,
    Map<String, FeaturePlace> places,
    @Nullable Replay replay) {
  /** The fields of the log's own columns, by their names in JSON. */
  private static final Map<String, SystemColumn> FIELDS = fields();

  private static Map<String, SystemColumn> fields() {
    Map<String, SystemColumn> fields = new LinkedHashMap<>();
    fields.put("model", SystemColumn.MODEL);
    fields.put("version", SystemColumn.MODEL_VERSION);
    fields.put("alias", SystemColumn.ALIAS);
    fields.put("role", SystemColumn.ROLE);
    fields.put("outcome", SystemColumn.STATUS);
    fields.put("latencyMicros", SystemColumn.LATENCY_US);
    fields.put("sampleRate", SystemColumn.SAMPLE_RATE);
    fields.put("entityId", SystemColumn.ENTITY_ID);
    fields.put("traceId", SystemColumn.TRACE_ID);
    fields.put("slice", SystemColumn.SLICE);
    fields.put("endpoint", SystemColumn.ENDPOINT);
    fields.put("host", SystemColumn.HOST);
    fields.put("profileId", SystemColumn.PROFILE_ID);
    return fields;
  }

  /** The place of a column's value; null without a profile. */
  @Nullable FeaturePlace place(String column) {
    return places.get(column);
  }

  /** The document of {@code --json}; {@code docs/cli.md} promises its fields. */
  Map<String, @Nullable Object> document() {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("requestId", row.text(SystemColumn.REQUEST_ID));
    Long micros = row.times().get(SystemColumn.TS.columnName());
    json.put("time", micros == null ? null : LogValues.time(micros).toEpochMilli());
    FIELDS.forEach((name, column) -> json.put(name, row.system(column)));
    json.put("file", row.file().toString());
    json.put("uri", version == null ? null : version.uri());
    json.put("digest", version == null ? null : version.digest());
    json.put("runId", version == null ? null : version.lineage().runId());
    json.put("runName", run == null ? null : run.name());
    json.put("experiment", version == null ? null : version.lineage().experiment());
    List<@Nullable Object> inputs = new ArrayList<>();
    if (version != null) {
      version.lineage().inputs().forEach(input -> inputs.add(ModelDocument.input(input)));
    }
    json.put("inputs", inputs);
    json.put("features", columns(row.named("input", "context")));
    List<@Nullable Object> dropped = new ArrayList<>();
    row.dropped()
        .forEach((name, role) -> dropped.add(Map.<String, Object>of("name", name, "role", role)));
    json.put("dropped", dropped);
    json.put("predictions", columns(row.named("prediction", "target")));
    json.put("notes", row.notes());
    json.put("replay", replay == null ? null : replay.document());
    return json;
  }

  private List<@Nullable Object> columns(List<String> names) {
    List<@Nullable Object> columns = new ArrayList<>();
    for (String name : names) {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("name", name);
      json.put("role", row.roles().get(name));
      json.put("value", row.values().get(name));
      json.put("privacy", row.privacy().get(name));
      FeaturePlace place = places.get(name);
      if (place != null) {
        json.putAll(place.document());
      }
      columns.add(json);
    }
    return columns;
  }
}
