package io.plumbline.internal.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

@Label("A LIKE pattern")
class LikePatternPropertyTest {

  @Property(tries = 20_000)
  @Label("matches what the regular expression that says the same matches")
  void asRegex(
      @ForAll("patterns") String pattern, @ForAll("texts") String text, @ForAll boolean ignore) {
    assertThat(LikePattern.of(pattern, ignore).matches(text))
        .isEqualTo(regex(pattern, ignore).matcher(text).matches());
  }

  @Property
  @Label("matches any text that is made from it")
  void matchesItsOwn(@ForAll("patterns") String pattern, @ForAll("texts") String filler) {
    String text = pattern.replace("_", "😀").replace("%", filler);

    assertThat(LikePattern.of(pattern, false).matches(text)).isTrue();
    assertThat(LikePattern.of(pattern, true).matches(text)).isTrue();
  }

  @Property
  @Label("without % and _ matches itself alone")
  void literal(@ForAll String pattern, @ForAll String text) {
    if (pattern.indexOf('%') < 0 && pattern.indexOf('_') < 0) {
      LikePattern like = LikePattern.of(pattern, false);
      assertThat(like.matches(pattern)).isTrue();
      assertThat(like.matches(text)).isEqualTo(text.equals(pattern));
    }
  }

  private static Pattern regex(String pattern, boolean ignoreCase) {
    StringBuilder regex = new StringBuilder();
    pattern
        .codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '%' -> regex.append(".*");
                case '_' -> regex.append('.');
                default -> regex.append(Pattern.quote(Character.toString(c)));
              }
            });
    int flags = ignoreCase ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0;
    return Pattern.compile(regex.toString(), flags | Pattern.DOTALL);
  }

  /** Few letters, so that parts repeat and almost match. */
  @Provide
  Arbitrary<String> patterns() {
    return Arbitraries.of("%", "_", "a", "b", "A", "é", "É", "😀", "\\", ".", "\n", "aab", "%%")
        .list()
        .ofMaxSize(8)
        .map(parts -> String.join("", parts));
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of("a", "b", "A", "é", "É", "😀", "\\", ".", "\n", "aab", "%", "_")
        .list()
        .ofMaxSize(10)
        .map(parts -> String.join("", parts));
  }
}
