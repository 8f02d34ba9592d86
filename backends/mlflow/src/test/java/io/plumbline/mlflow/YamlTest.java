package io.plumbline.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The YAML that MLflow writes")
class YamlTest {
  private static Map<String, @Nullable Object> read(String text) {
    return Yaml.map(text, "MLmodel").asMap();
  }

  @Test
  @DisplayName("is read with its maps, lists, numbers, and texts over several lines")
  void isRead() {
    Map<String, @Nullable Object> read =
        read(
            """
            # a comment
            flavors:
              lightgbm:
                code: null
                data: model.lgb
                trusted:
                - lightgbm.basic.Booster
                - collections.OrderedDict
              python_function:
                env: {}
            list:
            - name: a
              deep:
                x: 1
            - - 2
              - 'it''s'
            signature:
              inputs: '[{"type": "double", "name": "distance", "required": true}, {"type":
                "double"}]'

              outputs: "a\\tb \\U0001F600 \\
                c"
            number: 1.5
            plain text: of words
              that go on
            time: '2026-11-26 21:57:26.655950'
            yes: true
            """);
    assertThat(Json.text(read))
        .isEqualTo(
            Json.text(
                Json.parse(
                    """
                    {"flavors": {"lightgbm": {"code": null, "data": "model.lgb",
                      "trusted": ["lightgbm.basic.Booster", "collections.OrderedDict"]},
                      "python_function": {"env": {}}},
                     "list": [{"name": "a", "deep": {"x": 1}}, [2, "it's"]],
                     "signature": {"inputs":
                       "[{\\"type\\": \\"double\\", \\"name\\": \\"distance\\", \\"required\\": true}, {\\"type\\": \\"double\\"}]",
                       "outputs": "a\\tb 😀 c"},
                     "number": 1.5, "plain text": "of words that go on",
                     "time": "2026-11-26 21:57:26.655950", "yes": true}
                    """)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a: &x 1",
        "a: *x",
        "a: !!python/object:os.system 1",
        "a: |\n  text",
        "a: >-\n  text",
        "a: [1, 2]",
        "a: {b: 1}",
        "? a\n: 1",
        "a: 1\na: 2",
        "--- a",
        "a: 1\n---\nb: 2",
        "a: 'open",
        "a: \"open \\q\"",
        "a:\n\tb: 1",
        "a: b: c",
        "a: text # comment",
        "a: 'x' y",
        "text",
        "- 1",
        "  a: 1\n b: 2",
        "a: \"\\UFFFFFFFF\"",
        "%YAML 1.1",
        "a: 'x\u2028y'"
      })
  @DisplayName("is all that is read: anchors, tags, block scalars and what is broken are refused")
  void others(String text) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(JsonException.class)
        .hasMessageContaining("MLmodel");
  }

  @Test
  @DisplayName("is refused when it is too deep, before the stack ends")
  void deep() {
    StringBuilder text = new StringBuilder();
    for (int level = 0; level < 500; level++) {
      text.append(" ".repeat(level)).append("a:\n");
    }
    assertThatThrownBy(() -> read(text.toString()))
        .isInstanceOf(JsonException.class)
        .hasMessageContaining("levels");
    assertThatThrownBy(() -> read("a:\n" + "- ".repeat(5_000) + "1"))
        .isInstanceOf(JsonException.class);
  }

  @Test
  @DisplayName("is refused or read, and nothing else, whatever is changed in it")
  void changed() {
    String good = "a:\n  b: 'c d'\n  e: \"f\\n\"\nl:\n- x: 1\n  y: null\n- 'z'\n";
    Random random = new Random(11);
    String signs = " \n\t'\"\\:-#&*{}[]|>x0";
    for (int round = 0; round < 10_000; round++) {
      StringBuilder text = new StringBuilder(good);
      for (int change = random.nextInt(4); change >= 0; change--) {
        int at = random.nextInt(text.length());
        char sign = signs.charAt(random.nextInt(signs.length()));
        if (random.nextBoolean()) {
          text.setCharAt(at, sign);
        } else {
          text.insert(at, sign);
        }
      }
      try {
        read(text.toString());
      } catch (JsonException e) {
        assertThat(e).hasMessageContaining("MLmodel");
      }
    }
  }

  @Test
  @DisplayName("means to us what it means to Python, for texts of all kinds")
  void asPython() throws Exception {
    String script =
        """
        import json, sys, yaml
        value = json.loads(sys.stdin.read())
        sys.stdout.buffer.write(yaml.safe_dump(
            value, default_flow_style=False, allow_unicode=len(sys.argv) > 1).encode("utf-8"))
        """;
    Map<String, Object> ascii = texts(List.of("\u2028", "\u0085"));
    Map<String, Object> unicode = texts(List.of());
    compare(ascii, Yaml.map(Python.pipe("mlflow", script, Json.text(ascii)), "MLmodel"));
    compare(unicode, Yaml.map(Python.pipe("mlflow", script, Json.text(unicode), "u"), "MLmodel"));
  }

  private static void compare(Map<String, Object> values, JsonObject read) {
    values.forEach((key, value) -> assertThat(read.asMap().get(key)).isEqualTo(value));
  }

  /** Texts of pieces that matter to YAML, and of those that Python must escape. */
  private static Map<String, Object> texts(List<String> escaped) {
    List<String> pieces = new ArrayList<>(PIECES);
    pieces.addAll(escaped);
    Random random = new Random(5);
    Map<String, Object> values = new LinkedHashMap<>();
    for (int i = 0; i < 400; i++) {
      StringBuilder text = new StringBuilder();
      for (int piece = random.nextInt(i < 200 ? 6 : 60); piece >= 0; piece--) {
        text.append(pieces.get(random.nextInt(pieces.size())));
      }
      Map<String, Object> nested = new LinkedHashMap<>();
      nested.put("text", text.toString());
      nested.put("list", Arrays.asList(text.toString(), null, 1.5, -3L, true, List.of(), Map.of()));
      values.put("k" + i, nested);
    }
    return values;
  }

  private static final List<String> PIECES =
      List.of(
          " ",
          "'",
          "\"",
          "\n",
          "\t",
          ":",
          " #",
          "a",
          "word ",
          "1",
          "-",
          "{",
          "é",
          "😀",
          "\\",
          "null",
          "yes",
          "  ",
          ",",
          "\r",
          "%",
          "@",
          "`",
          "long-word-of-letters ");
}
