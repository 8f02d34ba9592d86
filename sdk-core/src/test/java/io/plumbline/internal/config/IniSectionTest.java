package io.plumbline.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("An INI section is read as Python's configparser reads it")
class IniSectionTest {
  @Test
  @DisplayName("keys have any letters, either sign and blanks around them; comments have own lines")
  void forms() throws Exception {
    String text =
        """
        ; a comment
        [other]
        user = nobody

        [mlflow]
        # another one
        USER = ada # is no comment here
        Password : a=b:c
        empty =
        """;

    assertThat(IniSection.read(text, "mlflow"))
        .containsOnly(
            entry("user", "ada # is no comment here"),
            entry("password", "a=b:c"),
            entry("empty", ""));
  }

  @Test
  @DisplayName("a deeper line goes on with the value, and line ends may be of any system")
  void continuation() throws Exception {
    assertThat(IniSection.read("[a]\r\nk = one\r\n  two\rb = 3", "a"))
        .containsOnly(entry("k", "one\ntwo"), entry("b", "3"));
  }

  @Test
  @DisplayName("DEFAULT has what the section has not; a missing section is empty")
  void defaults() throws Exception {
    String text = "[DEFAULT]\na = 1\nb = 2\n[s]\nb = 3\n";

    assertThat(IniSection.read(text, "s")).containsOnly(entry("a", "1"), entry("b", "3"));
    assertThat(IniSection.read(text, "t")).isEmpty();
    assertThat(IniSection.read("", "t")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"c4nary = 1", "[s]\nc4nary", "[s]\n= c4nary", "[s]\na=1\nA=c4nary", "[c4"})
  @DisplayName("what Python refuses is refused with its line, and nothing of its content")
  void refused(String text) {
    assertThatExceptionOfType(BadValueException.class)
        .isThrownBy(() -> IniSection.read(text, "s"))
        .withMessageMatching("line \\d .*")
        .withMessageNotContaining("c4");
  }
}
