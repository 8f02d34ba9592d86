package io.plumbline.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.plumbline.IncompatibleModelException;
import io.plumbline.model.ColumnSpec;
import io.plumbline.model.DataType;
import io.plumbline.model.GoldenRecords;
import io.plumbline.model.InputExample;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import io.plumbline.model.Signature;
import io.plumbline.model.TensorSpec;
import io.plumbline.spi.LoadedModel;
import io.plumbline.spi.Predictor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("ONNX")
class OnnxTest {

  // ---- packing

  @Test
  @DisplayName("packs a file with its formats and its producer, without native code")
  void packs() {
    ModelPackage model = Onnx.pack(Models.file("boosting"));

    assertThat(model.flavor()).isEqualTo("onnx");
    assertThat(model.metadata())
        .containsEntry("model_file", "model.onnx")
        .containsEntry("ir_version", 8L)
        .containsEntry("opsets", Map.of("ai.onnx", 17L, "ai.onnx.ml", 1L))
        .containsEntry("producer_name", "skl2onnx")
        .containsEntry("producer_version", "1.20.0")
        .doesNotContainKey("output");
    assertThat(model.parts())
        .extracting(ModelPart::name)
        .containsExactlyInAnyOrder("model.onnx", "model.json");
    assertThat(Onnx.pack(Models.file("boosting")).digest()).isEqualTo(model.digest());
  }

  @Test
  @DisplayName("packs the files of external tensors that a model names, in folders too")
  void packsExternalData() {
    assertThat(Onnx.pack(Models.file("mlp")).parts())
        .extracting(ModelPart::name)
        .containsExactlyInAnyOrder("model.onnx", "model.data", "weights/w1.bin", "model.json");
  }

  @Test
  @DisplayName("packs the outputs that count")
  void packsOutputs() {
    Path file = Models.file("logistic");
    assertThat(Onnx.pack(file, "probabilities").metadata())
        .containsEntry("output", "probabilities");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Onnx.pack(file, "score"))
        .withMessage("The model has the outputs [label, probabilities], but [score] shall count");
  }

  @ParameterizedTest
  @ValueSource(strings = {"escaping", "escaping_branch"})
  @DisplayName(
      "refuses to pack a model whose tensors lie outside its folder, and says how to save it")
  void packsNoEscaping(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Onnx.pack(Models.file(name)))
        .withMessageContaining("'model.onnx'")
        .withMessageContaining("'../secret'")
        .withMessageContaining("save_as_external_data");
  }

  @Test
  @DisplayName("refuses to pack what is missing or no model, by name")
  void packsNoOther(@TempDir Path folder) throws IOException {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Onnx.pack(folder.resolve("none.onnx")))
        .withMessageContaining("none.onnx");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Onnx.pack(Models.file("unlisted")))
        .withMessageContaining("weights.bin");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Onnx.pack(Models.file("cyclic_tree")))
        .withMessageContaining("'model.onnx'");
    Path text = Files.writeString(folder.resolve("text.onnx"), "no model");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Onnx.pack(text))
        .withMessageContaining("'text.onnx' is no ONNX model");
  }

  @Test
  @DisplayName("refuses null by the parameter's name")
  @SuppressWarnings("NullAway") // The callers of this test are those without NullAway.
  void refusesNull() {
    assertThatNullPointerException().isThrownBy(() -> Onnx.pack(null)).withMessage("modelFile");
    assertThatNullPointerException().isThrownBy(() -> Onnx.signature(null)).withMessage("model");
    assertThatNullPointerException()
        .isThrownBy(() -> Onnx.goldenRecords(null, InputExample.of(List.of(), new double[0][])))
        .withMessage("model");
  }

  // ---- documents

  @Test
  @DisplayName("makes a signature of columns where each input is one, and of tensors elsewhere")
  void signatures() {
    Signature columns = Onnx.signature(Onnx.pack(Models.file("columns")));
    assertThat(columns.inputs())
        .containsExactly(
            new ColumnSpec("distance", DataType.FLOAT, true),
            new ColumnSpec("hour", DataType.LONG, true),
            new ColumnSpec("origin", DataType.STRING, true));
    assertThat(columns.outputs())
        .containsExactly(
            new TensorSpec("label", "int64", List.of(-1L)),
            new TensorSpec("probabilities", "float32", List.of(-1L, 2L)));

    Signature tensors = Onnx.signature(Onnx.pack(Models.file("types")));
    assertThat(tensors.inputs())
        .extracting(field -> ((TensorSpec) field).dtype())
        .containsExactly("float64", "int64", "int32", "bool", "float32");
    assertThat(tensors.inputs().get(4))
        .isEqualTo(new TensorSpec("floats", "float32", List.of(-1L, 2L, 2L)));
  }

  @Test
  @DisplayName("makes a signature of the outputs that count, and of no text")
  void signatureOfOutputs() {
    assertThat(Onnx.signature(Onnx.pack(Models.file("logistic"), "probabilities")).outputNames())
        .containsExactly("probabilities");
    assertThat(Onnx.signature(Onnx.pack(Models.file("zipmap"), "output_label")).outputNames())
        .containsExactly("output_label");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Onnx.signature(Onnx.pack(Models.file("zipmap"))))
        .withMessageContaining("'output_probability'")
        .withMessageContaining("zipmap=False");
  }

  @ParameterizedTest
  @ValueSource(strings = {"logistic", "boosting", "mlp", "types", "dynamic", "columns"})
  @DisplayName("makes a signature with which a model gives the same as without")
  void signatureChangesNothing(String name) {
    ModelPackage plain = Onnx.pack(Models.file(name));
    ModelPackage signed = plain.with(Onnx.signature(plain));
    try (LoadedModel with = Models.load(signed, Models.folder(name));
        LoadedModel without = Models.load(plain, Models.folder(name))) {
      assertThat(with.inputs()).isEqualTo(without.inputs());
      assertThat(with.outputs()).isEqualTo(without.outputs());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"logistic", "columns", "mlp", "zipmap", "one_row"})
  @DisplayName("makes golden records of what the model predicts, and leaves no file behind")
  void goldenRecords(String name) throws IOException {
    GoldenRecords python = Models.golden(name);
    long before = temporaryFolders();
    GoldenRecords golden =
        Onnx.goldenRecords(
            Onnx.pack(Models.file(name)), new InputExample(python.inputColumns(), python.inputs()));

    assertThat(golden.inputs()).isEqualTo(python.inputs());
    assertThat(golden.size()).isEqualTo(python.size());
    for (int row = 0; row < golden.size(); row++) {
      double[] actual =
          golden.outputs().get(row).stream().mapToDouble(Double::doubleValue).toArray();
      assertThat(python.matches(row, actual)).as("row %s", row).isTrue();
    }
    assertThat(golden.relativeTolerance()).isEqualTo(1e-4);
    assertThat(temporaryFolders()).isEqualTo(before);
  }

  @Test
  @DisplayName("names the numbers of golden records by their output and position")
  void goldenNames() {
    double[][] rows = {Models.golden("logistic").inputDoubles()[0]};
    InputExample example = InputExample.of(List.of("a", "b", "c", "d"), rows);
    assertThat(Onnx.goldenRecords(Onnx.pack(Models.file("logistic")), example).outputColumns())
        .containsExactly("label", "probabilities.0", "probabilities.1");
  }

  @Test
  @DisplayName("refuses golden records of rows that do not fit, or of a model that does not load")
  void wrongGoldenRecords() throws IOException {
    long before = temporaryFolders();
    InputExample narrow = InputExample.of(List.of("a"), new double[][] {{1}});
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Onnx.goldenRecords(Onnx.pack(Models.file("logistic")), narrow))
        .withMessageContaining("1 columns, but the model has 4 inputs");
    assertThatExceptionOfType(IncompatibleModelException.class)
        .isThrownBy(() -> Onnx.goldenRecords(Models.raw("newer_ir"), narrow));
    assertThat(temporaryFolders()).isEqualTo(before);
  }

  @Test
  @DisplayName("carries model, signature and golden records to a reader that predicts the same")
  void roundTrip(@TempDir Path folder) throws IOException {
    GoldenRecords python = Models.golden("mlp");
    InputExample rows = new InputExample(python.inputColumns(), python.inputs());
    ModelPackage packed = Onnx.pack(Models.file("mlp"));
    packed = packed.with(Onnx.signature(packed)).with(rows).with(Onnx.goldenRecords(packed, rows));
    for (ModelPart part : packed.parts()) {
      Path file = folder.resolve(part.name());
      Files.createDirectories(file.getParent());
      try (InputStream in = part.open()) {
        Files.copy(in, file);
      }
    }

    ModelPackage read = ModelPackage.read(folder);
    assertThat(read).isEqualTo(packed);
    GoldenRecords golden = read.goldenRecords().orElseThrow();
    try (LoadedModel model = Models.load(read, folder);
        Predictor predictor = model.open()) {
      double[] out = new double[golden.size() * 3];
      predictor.predict(OnnxPythonTest.flat(golden.inputDoubles()), golden.size(), out);
      for (int row = 0; row < golden.size(); row++) {
        assertThat(golden.matches(row, Arrays.copyOfRange(out, row * 3, row * 3 + 3))).isTrue();
      }
    }
  }

  private static long temporaryFolders() throws IOException {
    try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .filter(file -> file.getFileName().toString().contains("plumbline-onnx-"))
          .count();
    }
  }
}
