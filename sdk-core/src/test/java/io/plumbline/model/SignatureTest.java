package io.plumbline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignatureTest {

  @Test
  @DisplayName("A signature of columns is written as MLflow's three JSON strings")
  void columns() {
    Signature signature =
        Signature.builder()
            .input("distance", DataType.DOUBLE)
            .optionalInput("größe", DataType.LONG)
            .output("late", DataType.DOUBLE)
            .param("threshold", DataType.DOUBLE, 0.5)
            .param("names", DataType.STRING, List.of("a", "b"))
            .build();
    assertThat(signature)
        .hasToString(
            "{\"inputs\":\"[{\\\"type\\\":\\\"double\\\",\\\"name\\\":\\\"distance\\\",\\\"required\\\":true},"
                + "{\\\"type\\\":\\\"long\\\",\\\"name\\\":\\\"größe\\\",\\\"required\\\":false}]\","
                + "\"outputs\":\"[{\\\"type\\\":\\\"double\\\",\\\"name\\\":\\\"late\\\",\\\"required\\\":true}]\","
                + "\"params\":\"[{\\\"name\\\":\\\"threshold\\\",\\\"type\\\":\\\"double\\\",\\\"default\\\":0.5,"
                + "\\\"shape\\\":null},{\\\"name\\\":\\\"names\\\",\\\"type\\\":\\\"string\\\","
                + "\\\"default\\\":[\\\"a\\\",\\\"b\\\"],\\\"shape\\\":[-1]}]\"}");
    assertThat(Signature.fromJson(signature.toJson())).isEqualTo(signature);
    assertThat(signature.inputNames()).containsExactly("distance", "größe");
    assertThat(signature.outputNames()).containsExactly("late");
  }

  @Test
  @DisplayName(
      "What MLflow's Python writes is read, types without a word here included, and written back unchanged")
  void python() {
    String json =
        """
        {"inputs": "[{\\"name\\": \\"x\\", \\"type\\": \\"tensor\\", \\"tensor-spec\\": {\\"dtype\\": \\"float32\\", \\"shape\\": [-1, 3]}}]",
         "outputs": "[{\\"type\\": \\"array\\", \\"items\\": {\\"type\\": \\"double\\"}, \\"name\\": \\"scores\\", \\"required\\": true}]",
         "params": null}""";
    Signature signature = Signature.fromJson(json.getBytes(StandardCharsets.UTF_8));
    assertThat(signature.inputs())
        .containsExactly(new TensorSpec("x", "float32", List.of(-1L, 3L)));
    assertThat(signature.outputs().get(0)).isInstanceOf(OtherSpec.class);
    assertThat(signature.outputNames()).containsExactly("scores");
    assertThat(signature)
        .hasToString(json.replace(": ", ":").replace(", ", ",").replace("\n ", ""));
    assertThat(Signature.fromJson(signature.toJson())).isEqualTo(signature);
  }

  @Test
  @DisplayName("The short form makes required doubles with one output")
  void doubles() {
    assertThat(Signature.doubles(List.of("a", "b"), "y"))
        .isEqualTo(
            Signature.builder()
                .input("a", DataType.DOUBLE)
                .input("b", DataType.DOUBLE)
                .output("y", DataType.DOUBLE)
                .build());
  }

  @Test
  @DisplayName("Equal names, and tensors among columns, are refused")
  void refused() {
    assertThatThrownBy(() -> Signature.doubles(List.of("a", "a"), "y"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("two of a signature's inputs are named 'a'");
    assertThatThrownBy(
            () ->
                Signature.builder()
                    .input("a", DataType.DOUBLE)
                    .inputTensor("b", "float32", -1)
                    .build())
        .hasMessageContaining("all tensors or all columns");
    assertThatThrownBy(() -> Signature.builder().param("p", DataType.LONG, "text"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the default of 'p' is no long: 'text'");
    assertThatThrownBy(() -> Signature.builder().inputTensor("t", "float32", -2))
        .hasMessageContaining("-1");
  }

  @Test
  @DisplayName("A default of NaN or infinity survives JSON")
  void notFinite() {
    Signature signature =
        Signature.builder()
            .param("a", DataType.DOUBLE, Double.NaN)
            .param("b", DataType.FLOAT, Float.NEGATIVE_INFINITY)
            .build();
    assertThat(Signature.fromJson(signature.toJson())).isEqualTo(signature);
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("What is no signature is refused with its place")
  @ValueSource(
      strings = {
        "[]",
        "{\"inputs\":[]}",
        "{\"inputs\":\"{\"}",
        "{\"inputs\":\"[1]\"}",
        "{\"inputs\":\"[{}]\"}",
        "{\"inputs\":\"[{\\\"type\\\":\\\"tensor\\\"}]\"}",
        "{\"params\":\"[{\\\"name\\\":\\\"p\\\",\\\"type\\\":\\\"strange\\\"}]\"}"
      })
  void malformed(String json) {
    assertThatThrownBy(() -> Signature.fromJson(json.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
