package io.plumbline.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

@Label("A settings file is read as java.util.Properties reads it, with line numbers")
class PropertiesFileTest {

  @Example
  @Label("comments, blank lines, continued lines and all line ends count as lines")
  void numbers() throws Exception {
    String text = "# comment \\\na=1\r\n\r\n  b : x\\\r   y\n!c=3\nd\\ e 4";

    assertThat(PropertiesFile.parse(text))
        .containsExactly(
            new PropertiesFile.Line("a", "1", 2),
            new PropertiesFile.Line("b", "xy", 4),
            new PropertiesFile.Line("d e", "4", 7));
  }

  @Example
  @Label("a bad escape is refused with its line number and without its content")
  void badEscape() {
    assertThatThrownBy(() -> PropertiesFile.parse("a=1\npassword=s3cr3t\\u12"))
        .isInstanceOf(BadValueException.class)
        .hasMessage("line 2 has a \\u that is not followed by four hexadecimal digits");
  }

  @Property(tries = 5_000)
  @Label("any text gives what java.util.Properties gives, or is refused by both")
  void oracle(@ForAll("texts") String text) throws IOException {
    Properties expected = new Properties();
    boolean refused = false;
    try {
      expected.load(new StringReader(text));
    } catch (IllegalArgumentException e) {
      refused = true;
    }
    Map<String, String> actual = new HashMap<>();
    try {
      for (PropertiesFile.Line line : PropertiesFile.parse(text)) {
        actual.put(line.key(), line.value());
      }
      // What is only a backslash is nothing to one and an empty line to the other; neither has a
      // key.
      expected.remove("");
      actual.remove("");
      assertThat(refused).isFalse();
      assertThat(actual).isEqualTo(expected);
    } catch (BadValueException e) {
      assertThat(refused).as(e.getMessage()).isTrue();
    }
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(
            "a", "b", "key", "=", ":", " ", "\t", "\f", "\\", "\\\\", "\n", "\r", "\r\n", "#", "!",
            "\\u0041", "\\u00g1", "\\n", "\\=", "é")
        .list()
        .ofMaxSize(16)
        .map(parts -> String.join("", parts));
  }
}
