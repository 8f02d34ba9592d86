package io.plumbline.onnx;

import io.plumbline.model.GoldenRecords;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import io.plumbline.spi.LoadOptions;
import io.plumbline.spi.LoadedModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The models that {@code tools/models/make_onnx.py} has made. */
final class Models {
  /** Those that can predict. */
  static final List<String> PREDICTING =
      List.of(
          "logistic",
          "zipmap",
          "text_labels",
          "boosting",
          "columns",
          "mlp",
          "types",
          "dynamic",
          "one_row",
          "tree_ensemble");

  private Models() {}

  static Path folder(String name) {
    URL file = Models.class.getResource("/python/" + name + "/model.onnx");
    try {
      return Objects.requireNonNull(Path.of(Objects.requireNonNull(file).toURI()).getParent());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  static Path file(String name) {
    return folder(name).resolve("model.onnx");
  }

  /** What Python predicts. */
  static GoldenRecords golden(String name) {
    try {
      return GoldenRecords.fromJson(
          Files.readAllBytes(folder(name).resolve("golden_records.json")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static LoadedModel load(String name) {
    return load(Onnx.pack(file(name)), folder(name));
  }

  static LoadedModel load(ModelPackage model, Path folder) {
    return new OnnxLoader().load(model, folder, LoadOptions.DEFAULT);
  }

  /** A package of all files of a folder, also of a model that {@link Onnx#pack} refuses. */
  static ModelPackage raw(Path folder, Map<String, Object> metadata) {
    ModelPackage model = ModelPackage.of("onnx", metadata);
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        model =
            model.with(
                ModelPart.file(
                    folder.relativize(file).toString(), "application/octet-stream", file));
      }
      return model;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ModelPackage raw(String name) {
    return raw(folder(name), Map.of());
  }
}
