package io.plumbline.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.ConfigException;
import io.plumbline.IncompatibleModelException;
import io.plumbline.model.DataType;
import io.plumbline.model.GoldenRecords;
import io.plumbline.model.InputExample;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.Signature;
import io.plumbline.spi.LoadOptions;
import io.plumbline.spi.LoadedModel;
import io.plumbline.spi.LoadedModel.Concurrency;
import io.plumbline.spi.ModelLoader;
import io.plumbline.spi.Predictor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The loader of ONNX models")
class OnnxLoaderTest {
  private static final LoadOptions NEWER = new LoadOptions(true, Map.of());

  @Test
  @DisplayName("is found by its flavor")
  void found() {
    assertThat(ServiceLoader.load(ModelLoader.class))
        .filteredOn(loader -> loader.flavors().contains("onnx"))
        .singleElement()
        .isInstanceOf(OnnxLoader.class);
  }

  @Test
  @DisplayName("says that one predictor serves all threads, and how much memory a model takes")
  void describes() {
    try (LoadedModel model = Models.load("mlp")) {
      assertThat(model.concurrency()).isEqualTo(Concurrency.SHARED);
      assertThat(model.inputs()).isEqualTo(10);
      assertThat(model.outputs()).isEqualTo(3);
      assertThat(model.memoryBytes()).isBetween(1L << 20, 2L << 20);
    }
    try (LoadedModel trees = Models.load("boosting");
        LoadedModel matrix = Models.load("logistic")) {
      // 333 nodes
      assertThat(trees.memoryBytes()).isGreaterThan(matrix.memoryBytes() + 333 * 300);
    }
  }

  // ---- the file

  @Test
  @DisplayName("opens a package as MLflow writes it, whose metadata call the file data")
  void mlflow(@TempDir Path folder) throws Exception {
    Files.copy(Models.file("boosting"), folder.resolve("trees.onnx"));
    ModelPackage model = Models.raw(folder, Map.of("data", "trees.onnx", "onnx_version", "1.23.2"));
    try (LoadedModel loaded = Models.load(model, folder)) {
      assertThat(loaded.inputs()).isEqualTo(5);
    }
  }

  @Test
  @DisplayName("opens a model in a folder of the package, with its external data beside it")
  void inFolder(@TempDir Path folder) throws Exception {
    for (String file : List.of("model.onnx", "model.data", "weights/w1.bin")) {
      Path target = folder.resolve("onnx").resolve(file);
      Files.createDirectories(target.getParent());
      Files.copy(Models.folder("mlp").resolve(file), target);
    }
    ModelPackage model = Models.raw(folder, Map.of("model_file", "onnx/model.onnx"));
    GoldenRecords golden = Models.golden("mlp");
    try (LoadedModel loaded = Models.load(model, folder);
        Predictor predictor = loaded.open()) {
      double[] out = new double[3];
      predictor.predict(golden.inputDoubles()[0], 1, out);
      assertThat(golden.matches(0, out)).isTrue();
    }
  }

  @Test
  @DisplayName("names the file that the package lacks, and the parts that it has")
  void noFile() {
    ModelPackage model = Models.raw(Models.folder("mlp"), Map.of("model_file", "other.onnx"));
    assertRefused(model, Models.folder("mlp"))
        .withMessageContaining("'other.onnx'")
        .withMessageContaining("weights/w1.bin")
        .withMessageContaining("model_file");
  }

  @ParameterizedTest
  @CsvSource({
    "escaping, '../secret'",
    "escaping_branch, '../secret'",
    "absolute, '/etc/hostname'",
    "unlisted, 'weights.bin'"
  })
  @DisplayName("does not open a model with tensors in a file that is no part of the package")
  void escaping(String name, String location) {
    assertRefused(name).withMessageContaining("'" + location + "'");
  }

  @Test
  @DisplayName("does not open a model with tensors outside its folder, also if such a file exists")
  void escapingFileExists(@TempDir Path folder) throws Exception {
    Path inner = Files.createDirectory(folder.resolve("model"));
    Files.copy(Models.file("escaping"), inner.resolve("model.onnx"));
    Files.write(folder.resolve("secret"), new byte[8]);
    assertRefused(Models.raw(inner, Map.of()), inner).withMessageContaining("'../secret'");
    assertRefused(Models.raw(folder, Map.of("model_file", "model/model.onnx")), folder)
        .withMessageContaining("'../secret'");
  }

  @Test
  @DisplayName("does not open a file that is no ONNX model")
  void noModel(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("model.onnx"), "tree\nversion=v4\n");
    assertRefused(Models.raw(folder, Map.of()), folder).withMessageContaining("'model.onnx'");
    Files.write(folder.resolve("model.onnx"), new byte[0]);
    assertRefused(Models.raw(folder, Map.of()), folder).withMessageContaining("no graph");
  }

  // ---- formats

  @Test
  @DisplayName("opens a model of the newest format that ONNX Runtime knows")
  void newestKnown() {
    try (LoadedModel model = Models.load("newest_known")) {
      assertThat(model.outputs()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "newer_ir, IR version 14, IR version 13",
    "newer_opset, opset 27 of domain ai.onnx, opset 26",
    "newer_ml_opset, opset 6 of domain ai.onnx.ml, opset 5"
  })
  @DisplayName(
      "refuses a model of a newer format, and names what was found, what is known and what helps")
  void newer(String name, String found, String known) {
    assertRefused(name)
        .withMessageContaining("'model.onnx'")
        .withMessageContaining(found)
        .withMessageContaining("ONNX Runtime 1.")
        .withMessageContaining(known)
        .withMessageContaining("com.microsoft.onnxruntime:onnxruntime")
        .withMessageContaining("older opset")
        .withMessageContaining("allowNewerFormat");
  }

  @ParameterizedTest
  @ValueSource(strings = {"newer_ir", "newer_opset", "newer_ml_opset"})
  @DisplayName(
      "leaves a newer format to ONNX Runtime where that is allowed, and passes on its refusal")
  void newerAllowed(String name) {
    assertThatExceptionOfType(IncompatibleModelException.class)
        .isThrownBy(() -> new OnnxLoader().load(Models.raw(name), Models.folder(name), NEWER))
        .withMessageContaining("does not load the model 'model.onnx'")
        .withMessageMatching("(?s).*(max supported IR version|till opset).*");
  }

  @Test
  @DisplayName(
      "refuses a model with operators that ONNX Runtime does not have, and names their domain")
  void customDomain() {
    assertRefused("custom_domain")
        .withMessageContaining("'model.onnx'")
        .withMessageContaining("com.example:Magic")
        .withMessageContaining("[com.example]")
        .withMessageContaining("without custom operators");
  }

  // ---- trees

  @ParameterizedTest
  @CsvSource({
    "cyclic_tree, two branches lead to one node|own descendant",
    "cyclic_tree_ensemble, two branches lead to one node|own descendant",
    "deep_tree, more than 500 nodes deep",
    "lost_node, 'node 11, which is not there'"
  })
  @DisplayName("refuses trees with which ONNX Runtime would hang or crash")
  void brokenTrees(String name, String why) {
    assertRefused(name).withMessageMatching("(?s).*'model.onnx'.*(" + why + ").*");
  }

  // ---- inputs and outputs

  @Test
  @DisplayName("takes as many columns as the signature has where the model takes any number")
  void anyWidth() {
    assertRefused("any_width").withMessageContaining("'x'").withMessageContaining("signature");

    Path folder = Models.folder("any_width");
    ModelPackage columns =
        Models.raw("any_width").with(Signature.doubles(List.of("a", "b", "c"), "score"));
    ModelPackage tensor =
        Models.raw("any_width")
            .with(
                Signature.builder()
                    .inputTensor("x", "float32", -1, 3)
                    .outputTensor("y", "float32", -1, 3)
                    .build());
    for (ModelPackage model : List.of(columns, tensor)) {
      try (LoadedModel loaded = Models.load(model, folder)) {
        assertThat(loaded.inputs()).isEqualTo(3);
        assertThat(loaded.outputs()).isEqualTo(3);
      }
    }
  }

  @Test
  @DisplayName(
      "refuses inputs and outputs that are no rows of numbers, and says what to export instead")
  void noRows() {
    assertRefused("text_only").withMessageContaining("are text");
    assertRefused("half")
        .withMessageContaining("'model.onnx'")
        .withMessageContaining("FLOAT16")
        .withMessageContaining("Cast");
    assertRefused("whole_batch")
        .withMessageContaining("'y'")
        .withMessageContaining("[1, 2]")
        .withMessageContaining("for 2 rows");
  }

  @Test
  @DisplayName("gives the outputs that the metadata name, in that order")
  void outputsOfTheMetadata() {
    GoldenRecords golden = Models.golden("logistic");
    double[] row = golden.inputDoubles()[0];
    double label = golden.outputs().get(0).get(0);
    double second = golden.outputs().get(0).get(2);
    Path folder = Models.folder("logistic");

    double[] one = predict(Models.raw(folder, Map.of("output", "probabilities")), folder, row);
    assertThat(one).hasSize(2);
    assertThat(one[1]).isCloseTo(second, within(1e-6));

    double[] both =
        predict(Models.raw(folder, Map.of("output", "probabilities, label")), folder, row);
    assertThat(both).hasSize(3);
    assertThat(both[2]).isEqualTo(label);

    double[] list =
        predict(
            Models.raw(folder, Map.of("output", List.of("probabilities", "label"))), folder, row);
    assertThat(list).containsExactly(both);
  }

  @Test
  @DisplayName("refuses metadata that name an output twice, or one that the model does not have")
  void wrongOutputs() {
    Path folder = Models.folder("logistic");
    assertRefused(Models.raw(folder, Map.of("output", "score")), folder)
        .withMessageContaining("'score'")
        .withMessageContaining("probabilities");
    assertRefused(Models.raw(folder, Map.of("output", "label,label")), folder)
        .withMessageContaining("different outputs");
    Path texts = Models.folder("text_labels");
    assertRefused(Models.raw(texts, Map.of("output", "output_label")), texts)
        .withMessageContaining("STRING");
  }

  @Test
  @DisplayName("gives the outputs that the signature names, if the graph has them all")
  void outputsOfTheSignature() {
    Path folder = Models.folder("logistic");
    double[] row = Models.golden("logistic").inputDoubles()[0];
    Signature chosen =
        Signature.builder()
            .input("a", DataType.FLOAT)
            .outputTensor("probabilities", "float32", -1, 2)
            .build();
    assertThat(predict(Models.raw("logistic").with(chosen), folder, row)).hasSize(2);
    Signature other = Signature.doubles(List.of("a", "b", "c", "d"), "late");
    assertThat(predict(Models.raw("logistic").with(other), folder, row)).hasSize(3);
  }

  @Test
  @DisplayName("asks for an example where only a run shows how wide an output is, and takes it")
  void example() {
    InputExample example = InputExample.of(List.of("a", "b", "c"), new double[][] {{1, 2, 3}});
    ModelPackage model = Models.raw("dynamic").with(example);
    try (LoadedModel loaded = Models.load(model, Models.folder("dynamic"))) {
      assertThat(loaded.outputs()).isEqualTo(6);
    }
  }

  // ---- settings

  @Test
  @DisplayName("predicts the same with threads of the model's own")
  void threads() {
    LoadOptions options =
        new LoadOptions(
            false,
            Map.of("onnx.intra-op-threads", "2", "onnx.inter-op-threads", "2", "lgb.x", "y"));
    GoldenRecords golden = Models.golden("mlp");
    ModelPackage model = Onnx.pack(Models.file("mlp"));
    try (LoadedModel loaded = new OnnxLoader().load(model, Models.folder("mlp"), options);
        Predictor predictor = loaded.open()) {
      double[] out = new double[3];
      predictor.predict(golden.inputDoubles()[5], 1, out);
      assertThat(golden.matches(5, out)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"many", "-1", "1025", ""})
  @DisplayName("refuses a number of threads that is none, by the setting's name")
  void wrongThreads(String value) {
    LoadOptions options = new LoadOptions(false, Map.of("onnx.intra-op-threads", value));
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> new OnnxLoader().load(Models.raw("mlp"), Models.folder("mlp"), options))
        .withMessageContaining("onnx.intra-op-threads")
        .withMessageContaining("'" + value + "'");
  }

  private static double[] predict(ModelPackage model, Path folder, double[] row) {
    try (LoadedModel loaded = Models.load(model, folder);
        Predictor predictor = loaded.open()) {
      double[] out = new double[loaded.outputs()];
      predictor.predict(row, 1, out);
      return out;
    }
  }

  private static ThrowableAssertAlternative<IncompatibleModelException> assertRefused(String name) {
    return assertRefused(Models.raw(name), Models.folder(name));
  }

  private static ThrowableAssertAlternative<IncompatibleModelException> assertRefused(
      ModelPackage model, Path folder) {
    return assertThatExceptionOfType(IncompatibleModelException.class)
        .isThrownBy(() -> Models.load(model, folder));
  }
}
