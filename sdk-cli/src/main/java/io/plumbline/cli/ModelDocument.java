package io.plumbline.cli;

import io.plumbline.internal.export.RunDocument;
import io.plumbline.model.AliasChange;
import io.plumbline.model.ColumnSpec;
import io.plumbline.model.FieldSpec;
import io.plumbline.model.Lineage;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.ParamSpec;
import io.plumbline.model.RegisteredModel;
import io.plumbline.model.Signature;
import io.plumbline.model.TensorSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What is in the registry, as JSON documents; {@code docs/cli.md} promises their fields. */
final class ModelDocument {
  private ModelDocument() {}

  /** Returns a registered model without its versions. */
  static Map<String, @Nullable Object> of(RegisteredModel model) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("name", model.name());
    json.put("description", model.description());
    json.put("tags", new TreeMap<String, @Nullable Object>(model.tags()));
    Map<String, @Nullable Object> aliases = new TreeMap<>();
    model.aliases().forEach((alias, version) -> aliases.put(alias, version.longValue()));
    json.put("aliases", aliases);
    json.put("latestVersion", (long) model.latestVersion());
    json.put("created", model.created().toEpochMilli());
    json.put("changed", model.changed().toEpochMilli());
    json.put("deleted", model.deleted());
    return json;
  }

  /** Returns a version without its signature. */
  static Map<String, @Nullable Object> of(ModelVersion version) {
    Lineage lineage = version.lineage();
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("name", version.name());
    json.put("version", version.registered() ? (long) version.version() : null);
    json.put("uri", version.uri());
    json.put("digest", version.digest());
    json.put("flavor", version.flavor());
    json.put("size", version.size());
    json.put("created", version.created().toEpochMilli());
    json.put("user", version.user());
    json.put("description", version.description());
    json.put("tags", new TreeMap<String, @Nullable Object>(version.tags()));
    json.put("aliases", List.copyOf(new TreeSet<>(version.aliases())));
    json.put("runId", lineage.runId());
    json.put("modelId", lineage.modelId());
    json.put("experiment", lineage.experiment());
    json.put("parentRunId", lineage.parentRunId());
    json.put("inputs", lineage.inputs().stream().map(ModelDocument::input).toList());
    json.put("parents", lineage.parents());
    json.put("quarantine", version.quarantine().orElse(null));
    json.put("deleted", version.deleted());
    json.put("parts", RunDocument.artifacts(version.parts()));
    return json;
  }

  /** Returns a dataset that a version comes from. */
  static Map<String, @Nullable Object> input(Lineage.Input input) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("name", input.name());
    json.put("digest", input.digest());
    json.put("context", input.context());
    return json;
  }

  /** Returns a change of an alias. */
  static Map<String, @Nullable Object> of(AliasChange change) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("name", change.model());
    json.put("alias", change.alias());
    json.put("version", number(change.version()));
    json.put("previous", number(change.previous()));
    json.put("kind", change.kind().name());
    json.put("time", change.time().toEpochMilli());
    json.put("user", change.user());
    json.put("reason", change.reason());
    return json;
  }

  private static @Nullable Long number(@Nullable Integer version) {
    return version == null ? null : version.longValue();
  }

  /** Returns a signature. */
  static Map<String, @Nullable Object> of(Signature signature) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("inputs", signature.inputs().stream().map(ModelDocument::field).toList());
    json.put("outputs", signature.outputs().stream().map(ModelDocument::field).toList());
    json.put("params", signature.params().stream().map(ModelDocument::param).toList());
    return json;
  }

  private static Map<String, @Nullable Object> field(FieldSpec field) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("name", field.name());
    json.put("type", type(field));
    json.put("shape", field instanceof TensorSpec tensor ? tensor.shape() : null);
    json.put("required", field.required());
    return json;
  }

  /** Returns the type of an input or output: {@code double}, or {@code float32} of a tensor. */
  static String type(FieldSpec field) {
    if (field instanceof ColumnSpec column) {
      return column.type().label();
    }
    return field instanceof TensorSpec tensor ? tensor.dtype() : "other";
  }

  private static Map<String, @Nullable Object> param(ParamSpec param) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("name", param.name());
    json.put("type", param.type().label());
    return json;
  }
}
