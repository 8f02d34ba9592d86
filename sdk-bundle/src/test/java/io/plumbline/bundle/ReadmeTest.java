package io.plumbline.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The README, and the page for MLflow's users,")
class ReadmeTest {
  private static final Path ROOT = Path.of(System.getProperty("test.root"));
  private static final Path SAMPLES = ROOT.resolve("samples/src/main/java");
  private static final Pattern BLOCK =
      Pattern.compile("<!-- sample: (\\w+)#(\\w+) -->\\n```java\\n(.*?)```", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("]\\(([^)#]+)[^)]*\\)");

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "docs/mlflow.md"})
  @DisplayName("shows Java that is cut from the samples, to the letter")
  void javaIsCutFromTheSamples(String page) throws IOException {
    String readme = Files.readString(ROOT.resolve(page));
    Matcher block = BLOCK.matcher(readme);
    int blocks = 0;
    while (block.find()) {
      blocks++;
      assertThat(block.group(3)).isEqualTo(region(block.group(1), block.group(2)));
    }
    assertThat(blocks).isPositive();
    assertThat(readme.split("```java", -1)).as("all Java blocks").hasSize(blocks + 1);
  }

  @Test
  @DisplayName("links to pages and pictures that exist")
  void linksLeadSomewhere() throws IOException {
    Matcher link = LINK.matcher(Files.readString(ROOT.resolve("README.md")));
    while (link.find()) {
      if (!link.group(1).contains("://")) {
        assertThat(ROOT.resolve(link.group(1))).exists();
      }
    }
  }

  /** The lines between a region's comments, without the indentation that they share. */
  private static String region(String sample, String name) throws IOException {
    Path file;
    try (Stream<Path> files = Files.walk(SAMPLES)) {
      file = files.filter(f -> f.endsWith(sample + ".java")).findFirst().orElseThrow();
    }
    List<String> lines = Files.readAllLines(file);
    List<String> marks = lines.stream().map(String::strip).toList();
    int from = marks.indexOf("// README: " + name) + 1;
    assertThat(from).as("the region " + name + " of " + sample).isPositive();
    int to = from + marks.subList(from, marks.size()).indexOf("// README end");
    // A blank line at the end would be the one with the least indentation.
    return String.join("\n", lines.subList(from, to)).stripTrailing().stripIndent() + "\n";
  }
}
