package io.plumbline.internal.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

  @Test
  @DisplayName("Every kind of value is read as its plain Java type, in the document's order")
  void plainTypes() {
    Object value =
        Json.parse(
            "{\"b\":[1,-2.5,1e2,\"é\\n\",true,null,{}],\"a\":123456789012345678901234567890}");
    assertThat(Json.object(Json.bytes(value), "it").asMap()).containsOnlyKeys("b", "a");
    assertThat(value)
        .isEqualTo(
            Map.of(
                "b",
                Arrays.asList(1L, -2.5, 100.0, "é\n", true, null, Map.of()),
                "a",
                new BigInteger("123456789012345678901234567890")));
    assertThat(new ArrayList<>(Json.object("{\"b\":1,\"a\":2}", "it").asMap().keySet()))
        .containsExactly("b", "a");
  }

  @Test
  @DisplayName("The largest and smallest long stay longs")
  void longs() {
    assertThat(Json.parse("[9223372036854775807,-9223372036854775808]"))
        .isEqualTo(List.of(Long.MAX_VALUE, Long.MIN_VALUE));
  }

  @ParameterizedTest(name = "text {index}")
  @DisplayName("What is not exactly one well-formed value is refused")
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "[1,2",
        "[1,]",
        "{\"a\":1,}",
        "{'a':1}",
        "{a:1}",
        "[1] 2",
        "[1]]",
        "nul",
        "NaN",
        "Infinity",
        "[-Infinity]",
        "01",
        "+1",
        "1.",
        ".5",
        "\"\t\"",
        "\"\\x\"",
        "// c\n1",
        "[1e999]",
        "\uFEFF1",
        "\"a"
      })
  void malformed(String text) {
    assertThatThrownBy(() -> Json.parse(text)).isInstanceOf(JsonException.class);
    assertThatThrownBy(() -> Json.parse(text.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(JsonException.class);
  }

  @Test
  @DisplayName("A refusal names line and column")
  void position() {
    assertThatThrownBy(() -> Json.parse("{\n  \"a\": 1,\n  \"a\": 2}"))
        .isInstanceOf(JsonException.class)
        .hasMessage(
            "not valid JSON at line 3, column 3: the name \"a\" appears twice in one object");
    assertThatThrownBy(() -> Json.parse("[1] 2"))
        .hasMessage("not valid JSON at line 1, column 5: something follows the JSON value");
    assertThatThrownBy(() -> Json.object("[1]", "run.json"))
        .hasMessage("run.json must be an object, not a list");
    assertThatThrownBy(() -> Json.object("{", "run.json"))
        .hasMessageStartingWith("run.json: not valid JSON at line 1");
  }

  @Test
  @DisplayName("64 levels are read and written, 65 are refused both ways")
  void depth() {
    assertThat(Json.text(Json.parse("[".repeat(64) + "]".repeat(64)))).hasSize(128);
    assertThatThrownBy(() -> Json.parse("[".repeat(65) + "]".repeat(65)))
        .isInstanceOf(JsonException.class);
    List<Object> self = new ArrayList<>();
    self.add(self);
    assertThatThrownBy(() -> Json.bytes(self))
        .isInstanceOf(JsonException.class)
        .hasMessageContaining("64 levels");
  }

  @Test
  @DisplayName(
      "Numbers of more than 1,000 digits, names of more than 50,000 characters and 64 MiB are refused")
  void sizes() {
    assertThatThrownBy(() -> Json.parse("1".repeat(1_001))).isInstanceOf(JsonException.class);
    assertThatThrownBy(() -> Json.parse("{\"" + "n".repeat(60_000) + "\":1}"))
        .isInstanceOf(JsonException.class);
    byte[] huge = new byte[(64 << 20) + 1];
    Arrays.fill(huge, (byte) ' ');
    assertThatThrownBy(() -> Json.parse(new ByteArrayInputStream(huge)))
        .isInstanceOf(JsonException.class)
        .hasMessageContaining("67108864");
  }

  @Test
  @DisplayName("Bytes that are not UTF-8 are refused, also those of UTF-16")
  void encodings() {
    assertThatThrownBy(() -> Json.parse(new byte[] {'"', (byte) 0xff, '"'}))
        .isInstanceOf(JsonException.class);
    assertThatThrownBy(() -> Json.parse(new byte[] {'"', (byte) 0xc3, '"'}))
        .isInstanceOf(JsonException.class);
    assertThatThrownBy(() -> Json.parse("{\"a\":1}".getBytes(StandardCharsets.UTF_16LE)))
        .isInstanceOf(JsonException.class);
  }

  @Test
  @DisplayName("A stream is read to its end and left open")
  void stream() throws IOException {
    assertThat(Json.parse(new ByteArrayInputStream("[1]".getBytes(StandardCharsets.UTF_8))))
        .isEqualTo(List.of(1L));
  }

  @Test
  @DisplayName("NaN and the infinities are written as strings and read back as numbers by key")
  void notFinite() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("a", Double.NaN);
    map.put("b", Double.POSITIVE_INFINITY);
    map.put("c", Float.NEGATIVE_INFINITY);
    String text = "{\"a\":\"NaN\",\"b\":\"Infinity\",\"c\":\"-Infinity\"}";
    assertThat(Json.text(map)).isEqualTo(text);
    assertThat(Json.canonical(map)).asString(StandardCharsets.UTF_8).isEqualTo(text);
    JsonObject object = Json.object(text, "it");
    assertThat(object.doubleValue("a")).isNaN();
    assertThat(object.doubleValue("b")).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(object.doubleValue("c")).isEqualTo(Double.NEGATIVE_INFINITY);
  }

  @Test
  @DisplayName("A double stays a double in compact form, the negative zero too")
  void doublesStayDoubles() {
    assertThat(Json.text(List.of(1.0, -0.0, 0.0, 1e21, 1e22, 0.1f, Double.MIN_VALUE)))
        .isEqualTo("[1.0,-0.0,0.0,1e+21,1e+22,0.10000000149011612,5e-324]");
  }

  @Test
  @DisplayName("Half a surrogate pair reads back as it was; canonical JSON refuses it")
  void loneSurrogate() {
    String hostile = "a\ud800b\udc00\ud83d\ude00\u0000\u007f\u2028";
    assertThat(Json.parse(Json.bytes(hostile))).isEqualTo(hostile);
    assertThatThrownBy(() -> Json.canonical(hostile)).isInstanceOf(JsonException.class);
  }

  @Test
  @DisplayName("The pretty form has one entry a line")
  void pretty() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("a", List.of(1, List.of()));
    map.put("b", Map.of());
    assertThat(Json.pretty(map))
        .isEqualTo(
            """
            {
              "a": [
                1,
                []
              ],
              "b": {}
            }""");
  }

  @Test
  @DisplayName("What JSON has no form for is refused by its class name")
  void unknownType() {
    assertThatThrownBy(() -> Json.text(new Object()))
        .isInstanceOf(JsonException.class)
        .hasMessageContaining("Object");
    assertThatThrownBy(() -> Json.text(Map.of(1, 2)))
        .isInstanceOf(JsonException.class)
        .hasMessageContaining("1");
  }

  @Test
  @DisplayName(
      "The canonical form equals RFC 8785's sample: sorted names, ECMAScript numbers, least escapes")
  void canonicalSample() {
    Object value =
        Json.parse(
            "{\"numbers\":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"
                + "\"string\":\"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\","
                + "\"literals\":[null,true,false]}");
    assertThat(Json.canonical(value))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo(
            "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
                + "\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
  }

  @Test
  @DisplayName(
      "Canonical names are sorted by UTF-16 code units, so an emoji stands before a Hebrew presentation form")
  void canonicalOrder() {
    Object value =
        Json.parse(
            "{\"\\u20ac\":5,\"\\r\":1,\"\\ufb33\":7,\"1\":2,\"\\ud83d\\ude00\":6,\"\\u0080\":3,\"\\u00f6\":4}");
    assertThat(Json.canonical(value))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("{\"\\r\":1,\"1\":2,\"\u0080\":3,\"ö\":4,\"€\":5,\"😀\":6,\"\ufb33\":7}");
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("Canonical JSON refuses an integer or decimal that would read as another number")
  @CsvSource({
    "9007199254740993",
    "18014402517829968",
    "9223372036854775807",
    "0.10000000000000001",
    "1e400"
  })
  void canonicalInexact(BigDecimal number) {
    assertThatThrownBy(() -> Json.canonical(number)).isInstanceOf(JsonException.class);
  }

  @Test
  @DisplayName("Canonical JSON writes an integer or decimal as the double that reads as it")
  void canonicalIntegers() {
    assertThat(Json.canonical(List.of(9007199254740992L, 7, new BigDecimal("0.10"), -0.0)))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("[9007199254740992,7,0.1,0]");
  }
}
