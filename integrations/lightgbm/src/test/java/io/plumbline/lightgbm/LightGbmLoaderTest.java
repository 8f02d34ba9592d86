package io.plumbline.lightgbm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.metarank.lightgbm4j.LGBMBooster;
import io.plumbline.IncompatibleModelException;
import io.plumbline.StoreException;
import io.plumbline.model.DataType;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
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
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The loader of LightGBM models")
class LightGbmLoaderTest {
  @TempDir Path folder;

  @Test
  @DisplayName("is found by what looks for loaders, and reads the flavor of LightGBM")
  void isFound() {
    assertThat(ServiceLoader.load(ModelLoader.class))
        .hasSize(1)
        .first()
        .isInstanceOf(LightGbmLoader.class)
        .satisfies(loader -> assertThat(loader.flavors()).containsExactly("lightgbm"));
  }

  @Test
  @DisplayName("loads what LightGbm.pack has made, with its signature")
  void loadsPacked() throws Exception {
    SmallTable table = new SmallTable(300, 1);
    double[] expected;
    ModelPackage model;
    try (LGBMBooster booster = table.booster(20)) {
      expected = LightGbm.predict(booster, table.features);
      model = LightGbm.pack(booster).with(LightGbm.signature(booster, "late"));
    }
    try (LoadedModel loaded = Models.load(model, folder);
        Predictor predictor = loaded.open()) {
      assertThat(loaded.concurrency()).isEqualTo(Concurrency.PER_THREAD);
      assertThat(loaded.inputs()).isEqualTo(3);
      assertThat(loaded.outputs()).isEqualTo(1);
      double[] out = new double[expected.length];
      predictor.predict(Models.flat(table.features), expected.length, out);
      assertThat(out).containsExactly(expected);
    }
  }

  @Test
  @DisplayName(
      "takes the file that the metadata names, as here or as MLflow does, or the usual one")
  void findsTheFile() throws Exception {
    String text = Models.binary();
    for (ModelPackage model :
        List.of(
            Models.packed(Map.of("model_file", "m.txt"), "m.txt", text),
            Models.packed(Map.of("data", "booster.lgb"), "booster.lgb", text),
            Models.packed(Map.of(), "model.txt", text),
            Models.packed(Map.of("data", 1), "model.lgb", text),
            Models.packed(Map.of("model_file", "model.txt"), "model.lgb", "no model")
                .with(ModelPart.of("model.txt", "text/plain", Files.readAllBytes(file(text)))))) {
      try (LoadedModel loaded = Models.load(model, folder)) {
        assertThat(loaded.inputs()).isEqualTo(Models.NAMES.size());
      }
    }
  }

  @Test
  @DisplayName("refuses a file that is no part of the package, whatever the metadata says")
  void refusesOtherFiles() throws Exception {
    Path outside = file(Models.binary());
    for (String key : List.of("model_file", "data")) {
      for (String name : List.of(outside.toString(), "../" + outside.getFileName(), "")) {
        refused(
            Models.packed(Map.of(key, name), "model.txt", Models.binary()),
            "'" + name + "' as " + key,
            "'model.json', 'model.txt'");
      }
    }
    refused(ModelPackage.of("lightgbm", Map.of()), "names no model_file", "model.lgb");
  }

  @Test
  @DisplayName("refuses a newer format, with what to do, unless it is allowed")
  void refusesNewer() throws Exception {
    String newer = Models.binary().replace("version=v4\n", "version=v5\n");
    refused(
        Models.packed(newer),
        "model.txt' is of LightGBM's text format v5",
        "newest known here, to LightGBM 4.3.0, is v4",
        "Use a newer plumbline-lightgbm or lightgbm4j, train with an older LightGBM",
        "allowNewerFormat");
    try (LoadedModel loaded =
        Models.load(Models.packed(newer), folder, new LoadOptions(true, Map.of()))) {
      assertThat(loaded.inputs()).isEqualTo(Models.NAMES.size());
    }
    refused(Models.packed(newer.replace("=v5\n", "=5\n")), "its format is '5'");
    for (String older : List.of("v3", "v2")) {
      Models.load(Models.packed(newer.replace("=v5\n", "=" + older + "\n")), folder).close();
    }
  }

  @Test
  @DisplayName("refuses a line that only a newer LightGBM can have written, unless it is allowed")
  void refusesUnknownLines() throws Exception {
    String text = Models.binary();
    for (String newer :
        List.of(
            text.replace("label_index=0\n", "label_index=0\nblend=1\n"),
            ModelTexts.withSizes(text.replace("\nis_linear=0\n", "\nis_linear=0\nblend=1\n")))) {
      refused(Models.packed(newer), "'blend'", "is not known here", "a newer plumbline-lightgbm");
      Models.load(Models.packed(newer), folder, new LoadOptions(true, Map.of())).close();
    }
  }

  @Test
  @DisplayName("refuses what is no model, with what to log instead")
  void refusesOtherContents() throws Exception {
    refused(Models.packed(""), "model.txt' is no text that LightGBM 4.3.0 reads");
    refused(Models.packed("PK\3\4"), "model.txt' is no text that LightGBM 4.3.0 reads");
    refused(Models.packed("{\"learner\": {}}\n"), "the first line must be 'tree'", "save_model");
    byte[] pickle = {(byte) 0x80, 4, (byte) 0x95, 10};
    refused(
        ModelPackage.of("lightgbm", Map.of("data", "model.pkl"))
            .with(ModelPart.of("model.pkl", "application/octet-stream", pickle)),
        "model.pkl' is no text",
        "log its booster_");
    refused(Models.packed(Models.binary().replace("\n", "\r\n")), "carriage return", "git");
    refused(
        Models.packed(Models.binary().replace("objective=binary", "objective=magic")),
        "objective 'magic'");
  }

  @Test
  @DisplayName("says which file cannot be read")
  void missingFile() throws Exception {
    ModelPackage model = Models.packed(Models.binary());
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(
            () -> new LightGbmLoader().load(model, folder.resolve("gone"), LoadOptions.DEFAULT))
        .withMessageContaining("gone/model.txt");
  }

  @Test
  @DisplayName("refuses a signature of other features, another number or another order")
  void refusesOtherSignatures() throws Exception {
    ModelPackage model = Models.packed(Models.binary());
    refused(
        model.with(Signature.doubles(List.of("a", "b", "c", "weekday"), "y")),
        "the signature has 4 inputs, ['a', 'b', 'c', 'weekday']",
        "model.txt' has 5 features, ['a', 'b', 'c', 'weekday', 'e']");
    refused(
        model.with(Signature.doubles(List.of("a", "c", "b", "weekday", "e"), "y")),
        "input 1 of the signature is 'c'",
        "feature 1 of",
        "model.txt' is 'b'",
        "LightGbm.signature");
    refused(
        model.with(
            Signature.builder()
                .inputTensor("", "float64", -1, 6)
                .output("y", DataType.DOUBLE)
                .build()),
        "tensor has 6 columns",
        "has 5 features");
  }

  @Test
  @DisplayName("accepts a signature without names, names for features that have none, and blanks")
  void acceptsSignatures() throws Exception {
    String text = Models.binary();
    String unnamed =
        text.replace(
            "feature_names=a b c weekday e\n",
            "feature_names=Column_0 Column_1 Column_2 Column_3 Column_4\n");
    String blanks = text.replace("=a b c weekday e\n", "=a b c week_day e\n");
    Signature tensor =
        Signature.builder().inputTensor("", "float64", -1, 5).output("y", DataType.DOUBLE).build();
    Models.load(Models.packed(text).with(tensor), folder).close();
    Models.load(Models.packed(unnamed).with(Signature.doubles(Models.NAMES, "y")), folder).close();
    List<String> named = List.of("a", "b", "c", "week day", "e");
    Models.load(Models.packed(blanks).with(Signature.doubles(named, "y")), folder).close();
  }

  @Test
  @DisplayName("says how much memory a model takes, more with each predictor, and less when closed")
  void memory() throws Exception {
    String text = Models.binary();
    LoadedModel model = Models.load(Models.packed(text), folder);
    long one = model.memoryBytes();
    Predictor first = model.open();
    assertThat(model.memoryBytes()).isEqualTo(one).isBetween(1_000L + text.length(), 1_000_000L);
    Predictor second = model.open();
    assertThat(model.memoryBytes()).isGreaterThan(one + text.length() / 2);
    second.close();
    second.close();
    assertThat(model.memoryBytes()).isEqualTo(one);
    first.close();
    model.close();
    assertThat(model.memoryBytes()).isZero();
  }

  private Path file(String text) throws Exception {
    return Files.writeString(folder.resolve("outside.txt"), text);
  }

  private void refused(ModelPackage model, String... words) {
    assertThatExceptionOfType(IncompatibleModelException.class)
        .isThrownBy(() -> Models.load(model, folder).close())
        .satisfies(e -> assertThat(e.getMessage()).contains(words));
  }
}
