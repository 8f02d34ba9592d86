package io.plumbline.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The clauses of the contract")
class ClausesTest {
  private static final Path ROOT = Path.of(System.getProperty("test.root"));
  private static final Path DOC = ROOT.resolve("docs/writing-a-backend.md");
  private static final Pattern CLAUSE = Pattern.compile("- \\*\\*([A-Z]+-\\d+)\\*\\* (.*)");

  private static List<String> documented() throws IOException {
    List<String> clauses = new ArrayList<>();
    for (String line : Files.readAllLines(DOC)) {
      Matcher clause = CLAUSE.matcher(line);
      if (clause.matches()) {
        clauses.add(clause.group(1) + " " + clause.group(2));
      }
    }
    return clauses;
  }

  @Test
  @DisplayName("are the same in the kit and in docs/writing-a-backend.md, word for word")
  void sameInBoth() throws IOException {
    assertThat(Clauses.all()).allMatch(name -> name.matches("[A-Z]{3}-\\d+ [A-Z0-9].*"));
    assertThat(documented()).containsExactlyInAnyOrderElementsOf(Clauses.all());
  }

  @Test
  @DisplayName("have ids that are used once and numbered without gaps")
  void ids() {
    assertThat(Clauses.ids()).hasSameSizeAs(Clauses.all());
    for (String id : Clauses.ids()) {
      int number = Integer.parseInt(id.substring(4));
      if (number > 1) {
        assertThat(Clauses.ids()).contains(id.substring(0, 4) + (number - 1));
      }
    }
  }

  @Test
  @DisplayName("are all in a group of the kit")
  void groups() {
    List<Class<?>> nested =
        Stream.of(BackendKit.class.getDeclaredClasses())
            .<Class<?>>map(Class::getSuperclass)
            .toList();
    assertThat(nested).containsExactlyInAnyOrderElementsOf(Clauses.GROUPS);
  }

  @Test
  @DisplayName("stand beside a skeleton that is cut from a class that compiles")
  void skeleton() throws IOException {
    String source =
        Files.readString(
            ROOT.resolve("sdk-tck/src/test/java/io/plumbline/tck/SkeletonBackend.java"));
    int from = source.indexOf("// begin of the skeleton\n");
    int to = source.indexOf("// end of the skeleton");
    assertThat(from).isPositive();
    String cut = source.substring(source.indexOf('\n', from) + 1, source.lastIndexOf('\n', to) + 1);
    assertThat(Files.readString(DOC)).contains("```java\n" + cut + "```\n");
  }
}
