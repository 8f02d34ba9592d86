package io.plumbline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FeatureSchemaTest {
  private static final FeatureSchema SCHEMA =
      FeatureSchema.of(
          Feature.of("distance", DataType.DOUBLE),
          Feature.of("pressure", DataType.DOUBLE).withMaxAge(Duration.ofMinutes(90)).orNull(),
          Feature.of("seats", DataType.INTEGER).orDefault(150),
          Feature.context("origin", DataType.STRING));

  @Test
  @DisplayName("A schema reads back from its JSON with order, roles, ages and policies")
  void roundTrip() {
    assertThat(FeatureSchema.fromJson(SCHEMA.toJson())).isEqualTo(SCHEMA);
    assertThat(SCHEMA.toJson())
        .asString(StandardCharsets.UTF_8)
        .isEqualTo(
            "{\"feature_schema\":1,\"features\":["
                + "{\"name\":\"distance\",\"role\":\"input\",\"type\":\"double\",\"when_missing\":\"fail\"},"
                + "{\"max_age\":\"PT1H30M\",\"name\":\"pressure\",\"role\":\"input\",\"type\":\"double\","
                + "\"when_missing\":\"null\"},"
                + "{\"default\":150,\"name\":\"seats\",\"role\":\"input\",\"type\":\"integer\","
                + "\"when_missing\":\"default\"},"
                + "{\"name\":\"origin\",\"role\":\"context\",\"type\":\"string\",\"when_missing\":\"null\"}]}");
  }

  @Test
  @DisplayName("The digest is that of the content: equal schemas agree, another order does not")
  void digest() {
    assertThat(FeatureSchema.fromJson(SCHEMA.toJson()).digest())
        .isEqualTo(SCHEMA.digest())
        .hasSize(64);
    assertThat(FeatureSchema.doubles(List.of("a", "b")).digest())
        .isNotEqualTo(FeatureSchema.doubles(List.of("b", "a")).digest());
  }

  @Test
  @DisplayName("The model's inputs are the features that are not context")
  void inputs() {
    assertThat(SCHEMA.inputs())
        .extracting(Feature::name)
        .containsExactly("distance", "pressure", "seats");
    assertThat(SCHEMA.find("origin")).map(Feature::role).contains(Feature.Role.CONTEXT);
    assertThat(SCHEMA.find("absent")).isEmpty();
  }

  @Test
  @DisplayName("Equal names, a wrong default, and an age that is not positive are refused")
  void refused() {
    assertThatThrownBy(() -> FeatureSchema.doubles(List.of("a", "a")))
        .hasMessage("two features are named 'a'");
    assertThatThrownBy(() -> Feature.of("", DataType.LONG))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Feature.of("a", DataType.LONG).orDefault("x"))
        .hasMessage("the default of 'a' is no long: 'x'");
    assertThatThrownBy(() -> Feature.of("a", DataType.LONG).withMaxAge(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                FeatureSchema.fromJson(
                    "{\"feature_schema\":2,\"features\":[]}".getBytes(StandardCharsets.UTF_8)))
        .hasMessage("feature_schema.json has version 2; version 1 is known");
  }
}
