package io.plumbline.mlflow;

import io.plumbline.internal.json.Json;
import io.plumbline.model.InputExample;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import io.plumbline.model.Signature;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files beside a package's parts by which MLflow's own clients know and load it. They are no
 * parts: the package and its digest stay as they are.
 *
 * <p>For LightGBM and ONNX there is the flavor {@code python_function} too, so that {@code
 * mlflow.pyfunc.load_model} loads what Java has logged. Of a LightGBM model it predicts what {@code
 * Booster.predict} returns: of a binary one the probability of class 1, one number a row, and of
 * one with several classes a probability each. Of an ONNX model it is the graph's outputs by name.
 */
final class MlflowFiles {
  static final String MLMODEL = "MLmodel";

  private static final String SERVING_EXAMPLE = "serving_input_example.json";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** What MLflow's clients need to load a flavor: its module and what must be installed. */
  private record Python(
      String module, String versionKey, String versionOf, String defaultFile, List<String> needs) {}

  private static final Map<String, Python> KNOWN =
      Map.of(
          "lightgbm",
          new Python(
              "mlflow.lightgbm",
              "lgb_version",
              "lightgbm_version",
              "model.txt",
              List.of("lightgbm")),
          "onnx",
          new Python(
              "mlflow.onnx", "onnx_version", "", "model.onnx", List.of("onnx", "onnxruntime")));

  private MlflowFiles() {}

  /**
   * Where and when a model is kept.
   *
   * @param path its place: the address of its folder, or the folder in its run's artifacts
   * @param id its id; empty if the server keeps no logged models
   * @param runId the run that logs it, or null
   * @param mlflow the server's version; empty if unknown
   */
  record Place(String path, String id, @Nullable String runId, Instant created, String mlflow) {}

  /**
   * Returns the files; none for a package that brings an {@code MLmodel} of its own, which is a
   * model of MLflow's already. A part of the package is never replaced.
   */
  static List<ModelPart> of(ModelPackage model, Place place) {
    if (model.part(MLMODEL).isPresent()) {
      return List.of();
    }
    List<ModelPart> files = new ArrayList<>();
    files.add(
        ModelPart.of(
            MLMODEL,
            "text/plain",
            yaml(description(model, place)).getBytes(StandardCharsets.UTF_8)));
    Python python = KNOWN.get(model.flavor());
    if (python != null) {
      files.addAll(environment(model, python, place.mlflow()));
    }
    model.inputExample().ifPresent(example -> files.add(servingExample(example)));
    files.removeIf(file -> model.part(file.name()).isPresent());
    return files;
  }

  private static Map<String, @Nullable Object> description(ModelPackage model, Place place) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("artifact_path", place.path());
    json.put("flavors", flavors(model));
    if (!place.mlflow().isEmpty()) {
      json.put("mlflow_version", place.mlflow());
    }
    if (!place.id().isEmpty()) {
      json.put("model_id", place.id());
      json.put("model_uuid", place.id());
    }
    json.put("model_size_bytes", model.size());
    json.put("run_id", place.runId());
    model
        .inputExample()
        .ifPresent(
            example ->
                json.put(
                    "saved_input_example_info",
                    Map.of(
                        "artifact_path",
                        InputExample.FILE,
                        "pandas_orient",
                        "split",
                        "serving_input_path",
                        SERVING_EXAMPLE,
                        "type",
                        "dataframe")));
    model
        .signature()
        .ifPresent(
            signature ->
                json.put("signature", Json.object(signature.toJson(), Signature.FILE).asMap()));
    json.put("utc_time_created", TIME.format(place.created()));
    return json;
  }

  private static Map<String, Object> flavors(ModelPackage model) {
    Map<String, Object> own = new LinkedHashMap<>();
    Map<String, Object> flavors = new LinkedHashMap<>();
    flavors.put(model.flavor(), own);
    Python python = KNOWN.get(model.flavor());
    if (python != null) {
      Map<String, @Nullable Object> metadata = model.metadata();
      String file = text(metadata.get("model_file"), python.defaultFile());
      own.put("data", file);
      own.put(python.versionKey(), text(metadata.get(python.versionOf()), ""));
      if (model.flavor().equals("lightgbm")) {
        own.put("model_class", "lightgbm.basic.Booster");
      } else {
        own.put("providers", List.of("CPUExecutionProvider"));
      }
      flavors.put(
          "python_function",
          Map.of(
              "data", file,
              "env", Map.of("conda", "conda.yaml", "virtualenv", "python_env.yaml"),
              "loader_module", python.module()));
    }
    own.put("manifest", ModelPackage.MANIFEST);
    return flavors;
  }

  private static String text(@Nullable Object value, String otherwise) {
    return value instanceof String text ? text : otherwise;
  }

  private static List<ModelPart> environment(ModelPackage model, Python python, String mlflow) {
    List<String> needs = new ArrayList<>();
    needs.add(mlflow.isEmpty() ? "mlflow" : "mlflow==" + mlflow);
    String version = text(model.metadata().get(python.versionOf()), "");
    for (String need : python.needs()) {
      // A booster's text is read by the LightGBM that wrote it, and by later ones.
      needs.add(version.matches("[0-9]+(\\.[0-9]+)*") ? need + ">=" + version : need);
    }
    Map<String, Object> conda =
        Map.of(
            "name", "mlflow-env",
            "channels", List.of("conda-forge"),
            "dependencies", List.of("python", "pip", Map.of("pip", needs)));
    Map<String, Object> virtualenv =
        Map.of(
            "build_dependencies", List.of("pip", "setuptools", "wheel"),
            "dependencies", List.of("-r requirements.txt"));
    return List.of(
        file("requirements.txt", String.join("\n", needs) + "\n"),
        file("conda.yaml", yaml(conda)),
        file("python_env.yaml", yaml(virtualenv)));
  }

  private static ModelPart servingExample(InputExample example) {
    Map<String, @Nullable Object> split = Json.object(example.toJson(), InputExample.FILE).asMap();
    return ModelPart.json(SERVING_EXAMPLE, Json.bytes(Map.of("dataframe_split", split)));
  }

  private static ModelPart file(String name, String text) {
    return ModelPart.of(name, "text/plain", text.getBytes(StandardCharsets.UTF_8));
  }

  /** JSON that YAML reads as the same: characters that YAML has no place for are escaped. */
  static String yaml(Object value) {
    String json = Json.pretty(value);
    StringBuilder text = new StringBuilder(json.length() + 16);
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      boolean plain =
          c == '\n' || (c >= ' ' && c < 0x7f) || Character.isSurrogate(c) || Character.isLetter(c);
      text.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "\\u%04x", (int) c));
    }
    return text.append('\n').toString();
  }
}
