package io.plumbline.internal.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.plumbline.model.Run;
import io.plumbline.model.RunStatus;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A hostile filter")
class HostileFilterTest {
  private static final int LARGE = 100_000;

  @Test
  @DisplayName("of 100 kB is read and answered")
  void large() {
    Run run = Runs.withParam("a", "x");
    String filter = "params.a = 'x' AND ".repeat(LARGE / 19) + "params.a = 'x'";

    assertThat(RunFilter.parse(filter).matches(run)).isTrue();
    assertThat(RunFilter.parse(filter + " AND params.a = 'y'").matches(run)).isFalse();
  }

  @Test
  @DisplayName("with a value or a key of 100 kB is read and answered")
  void largeParts() {
    String text = "'`\"😀\0".repeat(LARGE / 6);
    Run run = Runs.withParam(text, text);
    String key = "`" + text.replace("`", "``") + "`";
    String value = "'" + text.replace("'", "''") + "'";

    assertThat(RunFilter.parse("params." + key + " = " + value).matches(run)).isTrue();
    assertThat(RunFilter.parse("params." + key + " != " + value).matches(run)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'",
        "''",
        "\"",
        "`",
        "'\"`",
        "(",
        "((",
        "NOT ",
        "AND ",
        "params.",
        ".",
        "😀",
        "\0",
        "\ud83d",
        "\udc00",
        "<",
        "-",
        "9",
        "x",
        "metrics.a > 1 ",
        "status IN (",
        "\u202e",
        "\\",
        "--",
        "/*",
        "params.a = 'x' AND\0"
      })
  @DisplayName("of 100 kB that says nothing is refused with a short message on three lines")
  void nonsense(String piece) {
    String filter = piece.repeat(LARGE / piece.length());

    assertThatThrownBy(() -> RunFilter.parse(filter))
        .isInstanceOf(IllegalArgumentException.class)
        .satisfies(
            e -> {
              String message = String.valueOf(e.getMessage());
              assertThat(message.lines()).hasSize(3);
              assertThat(message).hasSizeLessThan(3_000).doesNotContain("\0", "\u202e");
            });
  }

  @Test
  @DisplayName("with a NUL is read like one with any other character")
  void nul() {
    Run run = Runs.withParam("a\0b", "x\0y");

    assertThat(RunFilter.parse("params.`a\0b` LIKE 'x_y'").matches(run)).isTrue();
    assertThat(RunFilter.parse("params.`a\0b` = 'x\0y'").matches(run)).isTrue();
    assertThat(RunFilter.parse("params.`a\0b` = 'x'").matches(run)).isFalse();
    assertThatThrownBy(() -> RunFilter.parse("\0"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not '\\u0000'");
  }

  @Test
  @DisplayName("with a number of 100 kB is read")
  void largeNumber() {
    String digits = "9".repeat(LARGE);
    Run run = Run.builder("r").metrics(Runs.metrics(Map.of("a", 1.0))).build();

    assertThat(RunFilter.parse("metrics.a < " + digits).matches(run)).isTrue();
    assertThat(RunFilter.parse("start_time < " + digits).matches(run)).isTrue();
    assertThat(RunFilter.parse("start_time > -" + digits + "e" + digits).matches(run)).isTrue();
    assertThat(RunFilter.parse("metrics.a > 0." + digits + "e-" + digits).matches(run)).isTrue();
  }

  @Test
  @DisplayName("whose pattern makes regular expressions explode is answered")
  void explodingPattern() {
    Run run = Runs.withParam("a", "a".repeat(LARGE));

    assertThat(RunFilter.parse("params.a LIKE '" + "%a".repeat(LARGE / 2) + "b'").matches(run))
        .isFalse();
    assertThat(RunFilter.parse("params.a LIKE '" + "%a".repeat(LARGE / 2) + "'").matches(run))
        .isTrue();
    String half = "a".repeat(LARGE / 2);
    assertThat(RunFilter.parse("params.a ILIKE '%" + half + "b" + half + "%'").matches(run))
        .isFalse();
    assertThat(RunFilter.parse("params.a ILIKE '%" + half + "A%'").matches(run)).isTrue();
  }

  @Test
  @DisplayName("that was parsed allocates nothing, however many runs it sees")
  void noAllocation() {
    assumeTrue(
        ManagementFactory.getThreadMXBean() instanceof ThreadMXBean threads
            && threads.isThreadAllocatedMemorySupported(),
        "this JVM does not count allocations");
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Run run =
        Run.builder("r1")
            .name("n")
            .status(RunStatus.FAILED)
            .metrics(Runs.metrics(Map.of("auc", 0.5)))
            .params(Map.of("p", "some Text 😀"))
            .inputs(List.of(Runs.input("a", "b", ""), Runs.input("c", "d", "training")))
            .build();
    RunFilter filter =
        RunFilter.parse(
            "metrics.auc > 0.1 AND params.p ILIKE '%TEXT%_' AND params.p LIKE '%o_e%😀'"
                + " AND tags.x IS NULL AND run_id IN ('r1', 'r2') AND status LIKE 'f%'"
                + " AND start_time < 1e3 AND datasets.context = 'training' AND params.p != 'y'");
    int calls = 20_000;
    int matched = 0;
    for (int i = 0; i < calls; i++) {
      matched += filter.matches(run) ? 1 : 0;
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < calls; i++) {
      matched += filter.matches(run) ? 1 : 0;
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;

    assertThat(matched).isEqualTo(2 * calls);
    // Less than a byte a call: the counter itself may allocate a little.
    assertThat(allocated).isLessThan(calls);
  }
}
