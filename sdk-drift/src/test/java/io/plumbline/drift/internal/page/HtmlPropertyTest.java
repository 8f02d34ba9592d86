package io.plumbline.drift.internal.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.plumbline.internal.json.Json;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

@Label("Text in a page")
class HtmlPropertyTest {
  private static final Pattern TAG = Pattern.compile("<[^>]*>");

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> pieces =
        Arbitraries.of(
            "<script>",
            "</script>",
            "<img src=x onerror=a()>",
            "\"",
            "'",
            "&",
            "&lt;",
            "<!--",
            "-->",
            "]]>",
            "</title>",
            "</style>",
            "`",
            "\u0000",
            "\u202e",
            "\ud800",
            "\u2028",
            "javascript:",
            " onclick=",
            "=",
            "/>",
            "\n");
    return Arbitraries.oneOf(pieces, Arbitraries.strings().all().ofMaxLength(8))
        .list()
        .ofMaxSize(8)
        .map(list -> String.join("", list));
  }

  @Property(tries = 2_000)
  @Label("never yields a tag, an attribute or the end of one, wherever it stands")
  void noTag(@ForAll("texts") String text) {
    Html html = new Html();
    for (Tag tag : Tag.values()) {
      html.open(tag);
      for (Attr attr : Attr.values()) {
        html.attr(attr, text);
      }
      if (!tag.empty()) {
        html.text(text);
      }
      html.close();
    }
    String content = html.content();
    Matcher tags = TAG.matcher(content);
    int found = 0;
    while (tags.find()) {
      found++;
      assertThat(tags.group())
          .matches("(?s)</[a-z0-9]+>|<[a-z0-9]+( [a-zA-Z0-9-]+=\"[^\"<>']*\")*>");
    }
    long empty = List.of(Tag.values()).stream().filter(Tag::empty).count();
    assertThat(found).isEqualTo((int) (2L * Tag.values().length - empty));
    assertThat(TAG.matcher(content).replaceAll("")).doesNotContain("<", ">", "\"", "'");
  }

  @Property(tries = 1_000)
  @Label("reads back from the page's data as it was, and cannot end it")
  void data(@ForAll("texts") String text) {
    Html html = new Html().data("d", Map.of("k", List.of(text)));
    String content = html.content().strip();
    String start = "<script type=\"application/json\" id=\"d\">";
    assertThat(content).startsWith(start).endsWith("</script>");
    String json = content.substring(start.length(), content.length() - "</script>".length());
    assertThat(json).doesNotContain("<", ">", "&", "\u2028", "\u2029");
    assertThat(Json.parse(json)).isEqualTo(Map.of("k", List.of(text)));
  }

  @Property(tries = 300)
  @Label("leaves the head and the policy of a page as they are")
  void page(@ForAll("texts") String text) {
    Page page = new Page(text);
    page.header(text, text, List.of(new Page.Section("a", text)));
    page.footer(text);
    String content = page.text();
    assertThat(content.split("<script>", -1)).hasSize(2);
    assertThat(content.split("</title>", -1)).hasSize(2);
    assertThat(content.split("<style>", -1)).hasSize(2);
    assertThat(content.indexOf("Content-Security-Policy")).isLessThan(content.indexOf("<title>"));
    assertThat(content).contains("default-src 'none'").doesNotContain("unsafe");
  }

  @Example
  @Label("is no link that a browser would run")
  void links() {
    for (String bad : List.of("javascript:alert(1)", "data:text/html,x", "vbscript:x")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Html().open(Tag.A).linkTo(URI.create(bad)))
          .withMessageContaining("file, http and https only");
    }
    Html html = new Html().open(Tag.A).linkTo(URI.create("drift/a%20b.html")).close();
    assertThat(html.content()).isEqualTo("<a href=\"drift/a%20b.html\"></a>");
  }

  @Example
  @Label("that would turn the direction of what follows is shown as an escape")
  void directions() {
    assertThat(new Html().text("a\u202eb\u0001\ud83d\ude00").content())
        .isEqualTo("a\\u202eb\\u0001\ud83d\ude00");
  }
}
