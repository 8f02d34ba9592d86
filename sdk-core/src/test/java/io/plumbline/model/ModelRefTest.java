package io.plumbline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A reference to a model")
class ModelRefTest {
  private static final String DIGEST = "0123456789abcdef".repeat(4);
  private static final String ID = "m-" + "0123456789abcdef".repeat(2);

  static Stream<Arguments> good() {
    return Stream.of(
        Arguments.of("models:/flights/3", new ModelRef.ByVersion("flights", 3)),
        Arguments.of("models:/flights/0042", new ModelRef.ByVersion("flights", 42)),
        Arguments.of("models:///flights/3", new ModelRef.ByVersion("flights", 3)),
        Arguments.of("flights/3", new ModelRef.ByVersion("flights", 3)),
        Arguments.of("models:/flights@champion", new ModelRef.ByAlias("flights", "champion")),
        Arguments.of("flights@champion", new ModelRef.ByAlias("flights", "champion")),
        Arguments.of("models:/a@b@prod", new ModelRef.ByAlias("a@b", "prod")),
        Arguments.of(
            "models:/cat.schema.model@A_b-1", new ModelRef.ByAlias("cat.schema.model", "A_b-1")),
        Arguments.of("models:/flight delay/1", new ModelRef.ByVersion("flight delay", 1)),
        Arguments.of("models:/Flüge数据@x", new ModelRef.ByAlias("Flüge数据", "x")),
        Arguments.of("models:/flights/latest", new ModelRef.Latest("flights")),
        Arguments.of("models:/flights/LATEST", new ModelRef.Latest("flights")),
        Arguments.of(
            "models:/flights/Production", new ModelRef.ByStage("flights", Stage.PRODUCTION)),
        Arguments.of("models:/flights/staging", new ModelRef.ByStage("flights", Stage.STAGING)),
        Arguments.of("models:/flights/ARCHIVED", new ModelRef.ByStage("flights", Stage.ARCHIVED)),
        Arguments.of("models:/flights@sha256:" + DIGEST, new ModelRef.ByDigest("flights", DIGEST)),
        Arguments.of("models:/" + ID, new ModelRef.ById(ID)),
        Arguments.of("runs:/nightly_1/model", new ModelRef.ByRun("nightly_1", "model")),
        Arguments.of("runs:/0a1b/models/final", new ModelRef.ByRun("0a1b", "models/final")));
  }

  @ParameterizedTest
  @MethodSource("good")
  @DisplayName("is read as MLflow reads it, and written so that it is read back")
  void reads(String text, ModelRef expected) {
    assertThat(ModelRef.parse(text)).isEqualTo(expected);
    assertThat(ModelRef.parse(expected.toString())).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "models:/",
        "models:/flights",
        "models:/flights/",
        "models:/flights@",
        "models:/@champion",
        "models:/ @champion",
        "models:/flights/None",
        "models:/flights/1/more",
        "models:/flights/0",
        "models:/flights/99999999999",
        "models:/flights/-1",
        "models:/flights@latest",
        "models:/flights@v12",
        "models:/flights@12",
        "models:/flights@no good",
        "models:/flights@sha256:abc",
        "models:/m-123",
        "models://host/flights/1",
        "models:/../1",
        "models:/a\\b/1",
        "models:/a\u0000b/1",
        "runs:/abc",
        "runs:/abc/",
        "runs:/../model",
        "s3://bucket/model",
        "http://host/model"
      })
  @DisplayName(
      "that is none is an IllegalArgumentException that quotes it and says what is accepted")
  void refuses(String text) {
    assertThatThrownBy(() -> ModelRef.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("models:/NAME@ALIAS");
  }

  @Property
  void anyTextIsReadOrRefused(@ForAll @StringLength(max = 60) String text) {
    ModelRef read;
    try {
      read = ModelRef.parse(text);
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageContaining("is no reference to a model");
      return;
    }
    assertThat(ModelRef.parse(read.toString())).isEqualTo(read);
  }
}
