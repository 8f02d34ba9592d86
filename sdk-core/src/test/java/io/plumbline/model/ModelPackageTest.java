package io.plumbline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.IntegrityException;
import io.plumbline.NotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelPackageTest {

  @TempDir Path folder;

  @Test
  @DisplayName("The digest is the golden root digest over manifest and parts")
  void golden() {
    // tools/golden/words.py, "package"
    assertThat(rules().digest())
        .isEqualTo("3568ed25b809cb70972373fe3ebb0f82a22668a1a8f6ec7b12bc10bc55fc275d");
  }

  @Test
  @DisplayName(
      "The digest changes with flavor, metadata, a name, a content or a media type, not with the signature")
  void digestCovers() {
    ModelPackage base = ModelPackage.of("rules", Map.of("v", 1)).with(text("a", "x"));
    assertThat(
            List.of(
                ModelPackage.of("other", Map.of("v", 1)).with(text("a", "x")).digest(),
                ModelPackage.of("rules", Map.of("v", 2)).with(text("a", "x")).digest(),
                ModelPackage.of("rules", Map.of("v", 1)).with(text("b", "x")).digest(),
                ModelPackage.of("rules", Map.of("v", 1)).with(text("a", "y")).digest(),
                ModelPackage.of("rules", Map.of("v", 1))
                    .with(ModelPart.json("a", bytes("x")))
                    .digest()))
        .doesNotHaveDuplicates()
        .doesNotContain(base.digest());
    assertThat(base.with(text(ModelPackage.SIGNATURE, "signed")).digest()).isEqualTo(base.digest());
  }

  @Test
  @DisplayName(
      "Documents are found again as what they were, and a new one takes the place of the old")
  void documents() {
    Signature signature = Signature.doubles(List.of("a"), "y");
    FeatureSchema schema = FeatureSchema.doubles(List.of("a"));
    InputExample example = InputExample.of(List.of("a"), new double[][] {{1}});
    GoldenRecords golden =
        GoldenRecords.of(List.of("a"), new double[][] {{1}}, List.of("y"), new double[][] {{2}});
    ModelPackage model =
        rules()
            .with(Signature.doubles(List.of("old"), "y"))
            .with(signature)
            .with(schema)
            .with(example)
            .with(golden);
    assertThat(model.signature()).contains(signature);
    assertThat(model.featureSchema()).contains(schema);
    assertThat(model.inputExample()).contains(example);
    assertThat(model.goldenRecords()).contains(golden);
    assertThat(rules().signature()).isEmpty();
    assertThat(model.metadata()).isEqualTo(Map.of("rules_version", "1", "trees", 100L));
    assertThat(model.parts())
        .extracting(ModelPart::name)
        .containsExactly(
            "feature_schema.json",
            "golden_records.json",
            "input_example.json",
            "model.json",
            "rules.txt",
            "signature.json",
            "weights/a.bin");
  }

  @Test
  @DisplayName(
      "A feature schema that contradicts the signature is refused by the column, whichever comes first")
  void schemaAgainstSignature() {
    Signature signature =
        Signature.builder()
            .input("a", DataType.DOUBLE)
            .input("b", DataType.STRING)
            .output("y", DataType.DOUBLE)
            .build();
    Feature a = Feature.of("a", DataType.DOUBLE);
    Feature b = Feature.of("b", DataType.STRING);
    refusedTogether(
        signature,
        FeatureSchema.of(a),
        "the signature has the input 'b' of type string, which the feature schema does not have; add it to the schema");
    refusedTogether(
        signature,
        FeatureSchema.of(a, Feature.context("b", DataType.STRING)),
        "the signature has the input 'b' of type string, and the feature schema has it as context; make it Feature.of(...)");
    refusedTogether(
        signature,
        FeatureSchema.of(Feature.of("a", DataType.STRING), b),
        "the signature has the input 'a' of type double, and the feature schema says string; give both the type that the model was trained with");
    refusedTogether(
        signature,
        FeatureSchema.of(a, b, Feature.of("c", DataType.LONG)),
        "the feature schema has the input 'c', which the signature does not have; make it Feature.context(...) if the model does not use it, or add it to the signature");
    refusedTogether(
        signature,
        FeatureSchema.of(b, a),
        "the feature schema has its inputs in the order [b, a], and the signature in the order [a, b]; both are the model's positions, so bring them into the same order");
  }

  @Test
  @DisplayName(
      "A schema may say more than a signature: context, and types that the model's hold exactly; of tensors nothing is known")
  void schemaBesideSignature() {
    FeatureSchema schema =
        FeatureSchema.of(
            Feature.of("a", DataType.INTEGER), Feature.context("origin", DataType.STRING));
    assertThat(rules().with(Signature.doubles(List.of("a"), "y")).with(schema).featureSchema())
        .contains(schema);
    Signature tensor =
        Signature.builder().inputTensor("", "float32", -1, 2).output("y", DataType.DOUBLE).build();
    assertThat(rules().with(schema).with(tensor).featureSchema()).contains(schema);
    FeatureSchema other = FeatureSchema.doubles(List.of("b"));
    assertThat(
            rules()
                .with(schema)
                .with(other) // a document that was replaced is not asked any more
                .with(Signature.doubles(List.of("b"), "y"))
                .featureSchema())
        .contains(other);
  }

  private static void refusedTogether(Signature signature, FeatureSchema schema, String message) {
    assertThatThrownBy(() -> rules().with(signature).with(schema))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> rules().with(schema).with(signature)).hasMessage(message);
  }

  @ParameterizedTest(name = "name {index}")
  @DisplayName(
      "A name that some file system would read as something else is refused, and quoted on one line")
  @ValueSource(
      strings = {
        "",
        "/",
        "/etc/passwd",
        "..",
        "../x",
        "a/../b",
        "a/./b",
        "a//b",
        "a/",
        "./a",
        "a\\b",
        "C:\\x",
        "c:x",
        "a\u0000b",
        "a\nb",
        "CON",
        "con.txt",
        "a/NUL.tar.gz",
        "lpt1",
        "COM9.x",
        "aux .txt",
        "a.",
        "a ",
        "a?",
        "a*",
        "a|b",
        "a<b",
        "\"",
        "a\ud800"
      })
  void hostileNames(String name) {
    assertThatThrownBy(() -> text(name, "x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("the part name '")
        .hasMessageNotContainingAny("\n", "\u0000");
  }

  @Test
  @DisplayName(
      "A segment may have 255 bytes of UTF-8 and not one more; emoji, blanks and dots inside are fine")
  void lengths() {
    assertThat(text("x".repeat(255) + "/" + "é".repeat(127), "").size()).isZero();
    assertThatThrownBy(() -> text("x".repeat(256), "")).hasMessageContaining("255 bytes");
    assertThatThrownBy(() -> text("é".repeat(128), "")).hasMessageContaining("255 bytes");
    assertThatThrownBy(() -> text("x/".repeat(600) + "x", "")).hasMessageContaining("1024 bytes");
    assertThat(text("😀 model..v1/.hidden/console.log", "").name())
        .isEqualTo("😀 model..v1/.hidden/console.log");
  }

  @Test
  @DisplayName("Two parts that would be one file, or a file and its own folder, are refused")
  void collisions() {
    ModelPackage model =
        ModelPackage.of("rules", Map.of()).with(text("Model/a", "x")).with(text("é", "x"));
    assertThatThrownBy(() -> model.with(text("Model/a", "y")))
        .hasMessageContaining("two parts named 'Model/a'");
    assertThatThrownBy(() -> model.with(text("model/A", "y"))).hasMessageContaining("are one file");
    assertThatThrownBy(() -> model.with(text("e\u0301", "y"))).hasMessageContaining("are one file");
    assertThatThrownBy(() -> model.with(text("model", "y"))).hasMessageContaining("folder of");
    assertThatThrownBy(() -> model.with(text("Model/a/b", "y"))).hasMessageContaining("folder of");
    assertThatThrownBy(() -> model.with(text("model.json", "y")))
        .hasMessageContaining("by the package itself");
    assertThatThrownBy(() -> model.with(text("MODEL.JSON", "y")))
        .hasMessageContaining("are one file");
  }

  @Test
  @DisplayName("A flavor, a media type or metadata that cannot be kept is refused")
  void refused() {
    assertThatThrownBy(() -> ModelPackage.of("a/b", Map.of())).hasMessageContaining("flavor 'a/b'");
    assertThatThrownBy(() -> ModelPackage.of("a", Map.of("x", new Object())))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ModelPackage.of("a", Map.of("x", (1L << 53) + 1)))
        .hasMessageContaining("as a string");
    assertThatThrownBy(() -> ModelPart.of("a", "text", new byte[0]))
        .hasMessageContaining("no media type");
    assertThatThrownBy(() -> ModelPart.file("a", "text/plain", folder.resolve("absent")))
        .hasMessageContaining("absent");
  }

  @Test
  @DisplayName(
      "A part's bytes are copied, and a file that changed after packing is refused when it is read")
  void contents() throws IOException {
    byte[] content = bytes("x");
    ModelPart part = ModelPart.of("a", "text/plain", content);
    content[0] = 'y';
    assertThat(part.bytes()).asString(StandardCharsets.UTF_8).isEqualTo("x");
    Path file = Files.writeString(folder.resolve("weights"), "weights");
    ModelPart onDisk = ModelPart.file("weights", "application/octet-stream", file);
    assertThat(onDisk)
        .isEqualTo(ModelPart.of("weights", "application/octet-stream", bytes("weights")));
    assertThat(onDisk.bytes()).isEqualTo(bytes("weights"));
    Files.writeString(file, "Weights");
    assertThatThrownBy(onDisk::bytes)
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("pack the model again");
    try (InputStream in = onDisk.open()) {
      assertThatThrownBy(() -> in.skipNBytes(100)).isInstanceOf(IntegrityException.class);
    }
  }

  @Test
  @DisplayName("A package reads back from its folder, signature file included")
  void readsBack() throws IOException {
    ModelPackage model =
        rules()
            .with(Signature.doubles(List.of("a"), "y"))
            .with(ModelPart.json(ModelPackage.SIGNATURE, bytes("{}")));
    write(model);
    assertThat(ModelPackage.read(folder)).isEqualTo(model);
    assertThat(ModelPackage.read(folder).digest()).isEqualTo(model.digest());
  }

  @Test
  @DisplayName(
      "A folder whose part is changed, missing, added or linked is refused by that part's name")
  void tampered() throws IOException {
    write(rules());
    Path weights = folder.resolve("weights/a.bin");
    Files.writeString(weights, "Weights");
    refused("'weights/a.bin'");
    Files.delete(weights);
    refused("a.bin");
    Path elsewhere = Files.writeString(Files.createTempFile("plumbline", ".bin"), "weights");
    Files.createSymbolicLink(weights, elsewhere);
    refused("behind a symbolic link");
    Files.delete(weights);
    Files.delete(elsewhere);
    Files.writeString(weights, "weights");
    Files.writeString(folder.resolve("added.txt"), "");
    refused("'added.txt' is not in the manifest");
    Files.delete(folder.resolve("added.txt"));
    assertThat(ModelPackage.read(folder)).isEqualTo(rules());
  }

  @Test
  @DisplayName(
      "A manifest that is malformed, newer, hostile or not canonical is refused; none is not found")
  void manifests() throws IOException {
    assertThatThrownBy(() -> ModelPackage.read(folder)).isInstanceOf(NotFoundException.class);
    write(rules());
    Path manifest = folder.resolve("model.json");
    String written = Files.readString(manifest);
    for (String changed :
        List.of(
            "{",
            written + "\n",
            written.replace("\"model_package\":1", "\"model_package\":2"),
            written.replace("rules.txt", "../rules.txt"),
            written.replace("\"flavor\":\"rules\"", "\"flavor\":7"),
            written.replace("\"size\":7", "\"size\":8"))) {
      assertThat(changed).isNotEqualTo(written);
      Files.writeString(manifest, changed);
      refused("model");
    }
  }

  private void refused(String what) {
    assertThatThrownBy(() -> ModelPackage.read(folder))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining(what);
  }

  private void write(ModelPackage model) throws IOException {
    for (ModelPart part : model.parts()) {
      Path file = folder.resolve(part.name());
      Files.createDirectories(Objects.requireNonNull(file.getParent()));
      Files.write(file, part.bytes());
    }
  }

  private static ModelPackage rules() {
    return ModelPackage.of("rules", Map.of("rules_version", "1", "trees", 100))
        .with(ModelPart.of("weights/a.bin", "application/octet-stream", bytes("weights")))
        .with(text("rules.txt", "größer 😀"));
  }

  private static ModelPart text(String name, String content) {
    return ModelPart.of(name, "text/plain", bytes(content));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
