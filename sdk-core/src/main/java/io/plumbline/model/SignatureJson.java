package io.plumbline.model;

import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** MLflow's JSON of a signature: three strings that contain JSON themselves. */
final class SignatureJson {
  private static final String PLACE = "signature";

  private SignatureJson() {}

  static byte[] write(Signature signature) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("inputs", fields(signature.inputs()));
    json.put("outputs", fields(signature.outputs()));
    json.put(
        "params",
        signature.params().isEmpty()
            ? null
            : Json.text(signature.params().stream().map(SignatureJson::param).toList()));
    return Json.bytes(json);
  }

  static Signature read(byte[] bytes) {
    JsonObject json = Json.object(bytes, PLACE);
    return new Signature(readFields(json, "inputs"), readFields(json, "outputs"), readParams(json));
  }

  /** One column as MLflow's object. */
  static Map<String, @Nullable Object> column(ColumnSpec column) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("type", column.type().label());
    putName(json, column.name());
    json.put("required", column.required());
    return json;
  }

  private static @Nullable String fields(List<FieldSpec> fields) {
    return fields.isEmpty() ? null : Json.text(fields.stream().map(SignatureJson::field).toList());
  }

  private static @Nullable Object field(FieldSpec field) {
    if (field instanceof ColumnSpec column) {
      return column(column);
    }
    if (field instanceof TensorSpec tensor) {
      Map<String, @Nullable Object> inner = new LinkedHashMap<>();
      inner.put("dtype", tensor.dtype());
      inner.put("shape", tensor.shape());
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      putName(json, tensor.name());
      json.put("type", "tensor");
      json.put("tensor-spec", inner);
      return json;
    }
    return Json.parse(((OtherSpec) field).json());
  }

  private static Map<String, @Nullable Object> param(ParamSpec param) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("name", param.name());
    json.put("type", param.type().label());
    json.put("default", param.defaultValue());
    json.put("shape", param.list() ? List.of(-1L) : null);
    return json;
  }

  private static void putName(Map<String, @Nullable Object> json, String name) {
    if (!name.isEmpty()) {
      json.put("name", name);
    }
  }

  private static List<FieldSpec> readFields(JsonObject json, String key) {
    List<FieldSpec> fields = new ArrayList<>();
    for (JsonObject field : inner(json, key)) {
      fields.add(readField(field));
    }
    return fields;
  }

  private static FieldSpec readField(JsonObject json) {
    String type = json.string("type");
    String name = json.stringOrEmpty("name");
    if (type.equals("tensor")) {
      JsonObject tensor = json.object("tensor-spec");
      return new TensorSpec(name, tensor.string("dtype"), longs(tensor, "shape"));
    }
    for (DataType known : DataType.values()) {
      if (known.label().equals(type)) {
        return new ColumnSpec(name, known, json.boolOr("required", true));
      }
    }
    return new OtherSpec(name, json.boolOr("required", true), Json.text(json.asMap()));
  }

  private static List<ParamSpec> readParams(JsonObject json) {
    List<ParamSpec> params = new ArrayList<>();
    for (JsonObject param : inner(json, "params")) {
      params.add(
          new ParamSpec(
              param.string("name"),
              DataType.of(param.string("type")),
              param.asMap().get("default"),
              param.has("shape")));
    }
    return params;
  }

  /** The objects of the list that a string contains; none if it is absent or null. */
  private static List<JsonObject> inner(JsonObject json, String key) {
    String text = json.stringOr(key, null);
    if (text == null) {
      return List.of();
    }
    String place = PLACE + "." + key;
    List<JsonObject> objects = new ArrayList<>();
    for (Object item : JsonObject.toList(Json.parse(text), place)) {
      objects.add(JsonObject.of(item, place + "[" + objects.size() + "]"));
    }
    return objects;
  }

  private static List<Long> longs(JsonObject json, String key) {
    List<Long> longs = new ArrayList<>();
    for (Object item : json.list(key)) {
      if (!(item instanceof Long number)) {
        throw new JsonException(json.place() + "." + key + " must be a list of integers");
      }
      longs.add(number);
    }
    return longs;
  }
}
