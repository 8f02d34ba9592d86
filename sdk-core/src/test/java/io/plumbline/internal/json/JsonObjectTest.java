package io.plumbline.internal.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class JsonObjectTest {
  private final JsonObject object =
      Json.object(
          "{\"s\":\"text\",\"n\":7,\"d\":1.5,\"b\":true,\"l\":[\"x\",1],\"o\":{\"k\":[{\"deep\":[]}]},\"z\":null}",
          "run.json");

  @Test
  @DisplayName("A key is read as its type")
  void reads() {
    assertThat(object.string("s")).isEqualTo("text");
    assertThat(object.longValue("n")).isEqualTo(7);
    assertThat(object.doubleValue("n")).isEqualTo(7.0);
    assertThat(object.doubleValue("d")).isEqualTo(1.5);
    assertThat(object.bool("b")).isTrue();
    assertThat(object.list("l")).containsExactly("x", 1L);
    assertThat(object.object("o").objects("k")).hasSize(1);
  }

  @Test
  @DisplayName("An absent key and a null give the default")
  void defaults() {
    assertThat(object.stringOr("z", "none")).isEqualTo("none");
    assertThat(object.stringOr("absent", null)).isNull();
    assertThat(object.stringOrEmpty("absent")).isEmpty();
    assertThat(object.longOr("z", 3)).isEqualTo(3);
    assertThat(object.doubleOr("z", 0.5)).isEqualTo(0.5);
    assertThat(object.boolOr("absent", true)).isTrue();
    assertThat(object.objectOrNull("z")).isNull();
    assertThat(object.listOrEmpty("absent")).isEmpty();
    assertThat(object.strings("absent")).isEmpty();
    assertThat(object.has("z")).isFalse();
    assertThat(object.has("s")).isTrue();
  }

  @Test
  @DisplayName("An error names the place, the key, what was wanted and what is there")
  void errors() {
    assertThatThrownBy(() -> object.string("absent")).hasMessage("run.json.absent is missing");
    assertThatThrownBy(() -> object.string("n")).hasMessage("run.json.n must be a string, not 7");
    assertThatThrownBy(() -> object.longOr("d", 1))
        .hasMessage("run.json.d must be a 64-bit integer, not 1.5");
    assertThatThrownBy(() -> object.doubleValue("s"))
        .hasMessage("run.json.s must be a number, not the string \"text\"");
    assertThatThrownBy(() -> object.strings("l"))
        .hasMessage("run.json.l[1] must be a string, not 1");
    assertThatThrownBy(() -> object.object("l"))
        .hasMessage("run.json.l must be an object, not a list");
    assertThatThrownBy(() -> object.object("o").objects("k").get(0).string("deep"))
        .hasMessage("run.json.o.k[0].deep must be a string, not a list");
  }

  @Test
  @DisplayName("What it hands out cannot be changed")
  void unmodifiable() {
    assertThatThrownBy(() -> object.asMap().clear())
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> object.list("l").clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }
}
