package io.plumbline.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.model.Run;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Hostile keys, names and values are refused with a clear error, or come back exactly:")
class HostileTextTest {
  private static final List<String> KEPT =
      List.of(
          "..",
          "../../etc/passwd",
          "CON",
          "nul.txt",
          "a/b\\c",
          "%00",
          "'\"`",
          " blank ",
          "👩‍🚀",
          "数据",
          "İıſK",
          "e\u0301",
          "\u200b\u202e",
          "\ufffe",
          "{}",
          "null",
          "k".repeat(250));

  private static final String HALF = "half \ud83d pair";

  private static final List<String> REFUSED_KEYS =
      List.of("", "a\u0000b", "line\nbreak", "\u007f", "\u0085", HALF, "\udc00", "k".repeat(300));

  private TrackingClient tracking;
  private Path folder;

  @BeforeEach
  void open(@TempDir Path folder) {
    this.folder = folder;
    this.tracking = Stores.open(folder);
  }

  @AfterEach
  void close() {
    tracking.close();
  }

  @Test
  @DisplayName("keys of params, metrics and tags, read back also by another client")
  void kept() {
    Tracker tracker = tracking.start("flights");
    for (String key : KEPT) {
      tracker.logParam(key, "of " + key);
      tracker.logMetric(key, key.length());
      tracker.setTag(key, "of " + key);
    }
    try (TrackingClient other = Stores.open(folder)) {
      Run run = other.get(tracker.id());
      assertThat(run.params()).containsOnlyKeys(KEPT);
      assertThat(run.metrics()).containsOnlyKeys(KEPT);
      for (String key : KEPT) {
        assertThat(run.params()).containsEntry(key, "of " + key);
        assertThat(run.metric(key)).hasValue(key.length());
        assertThat(run.tags()).containsEntry(key, "of " + key);
      }
    }
  }

  @Test
  @DisplayName(
      "keys that are empty, too long, no text, or have control characters name what they are a key of")
  void refusedKeys() {
    Tracker tracker = tracking.start("flights");
    List<Consumer<String>> calls = new ArrayList<>();
    calls.add(key -> refused(() -> tracker.logParam(key, "v"), key, "param"));
    calls.add(key -> refused(() -> tracker.logParams(Map.of(key, 1)), key, "param"));
    calls.add(key -> refused(() -> tracker.logMetric(key, 1), key, "metric"));
    calls.add(key -> refused(() -> tracker.logMetric(key, 1, 1), key, "metric"));
    calls.add(key -> refused(() -> tracker.metric(key), key, "metric"));
    calls.add(key -> refused(() -> tracker.setTag(key, "v"), key, "tag"));
    calls.add(key -> refused(() -> tracker.deleteTag(key), key, "tag"));
    calls.add(key -> refused(() -> tracking.setTag(tracker.id(), key, "v"), key, "tag"));
    for (String key : REFUSED_KEYS) {
      calls.forEach(call -> call.accept(key));
    }
    Run run = tracking.get(tracker.id());
    assertThat(run.params()).isEmpty();
    assertThat(run.metrics()).isEmpty();
  }

  private static void refused(Runnable call, String text, String what) {
    assertThatThrownBy(call::run)
        .as("%s key '%s'", what, text)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(what)
        .satisfies(e -> assertThat(String.valueOf(e.getMessage())).doesNotContain("\u0000", "\n"));
  }

  @Test
  @DisplayName("null keys and values are a NullPointerException with a word on which")
  @SuppressWarnings("NullAway") // what a caller without null checks may do
  void nulls() {
    Tracker tracker = tracking.start("flights");
    assertThatThrownBy(() -> tracker.logParam("key", (String) null))
        .isInstanceOf(NullPointerException.class)
        .hasMessageContaining("key");
    assertThatThrownBy(() -> tracker.logParam(null, "v")).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> tracker.logMetric(null, 1)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> tracker.setTag("key", null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> tracking.start((String) null))
        .isInstanceOf(NullPointerException.class);
  }

  @Test
  @DisplayName("names of experiments and runs")
  void names() {
    for (String name : KEPT) {
      Run run = tracking.run(name, RunOptions.named(name), tracker -> {});
      assertThat(run.name()).isEqualTo(name);
      assertThat(run.experiment()).isEqualTo(name);
      assertThat(tracking.search(name, "")).hasSize(1);
    }
    for (String name : List.of("", " ", "a\u0000b", "line\nbreak", HALF, "n".repeat(501))) {
      assertThatThrownBy(() -> tracking.start(name))
          .as("experiment '%s'", name)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("experiment name");
      assertThatThrownBy(() -> tracking.start("ok", RunOptions.named(name)))
          .as("run '%s'", name)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("run name");
    }
    assertThat(tracking.findExperiment("")).isEmpty();
  }

  @Test
  @DisplayName("values: anything that is text, of any length")
  void values() {
    Tracker tracker = tracking.start("flights");
    char[] chars = new char[10_000_000];
    Arrays.fill(chars, 'v');
    String huge = new String(chars);
    List<String> values = List.of("", "\u0000", "a\nb\r\n", "👩‍🚀", "\u2028", huge);
    for (int i = 0; i < values.size(); i++) {
      tracker.logParam("p" + i, values.get(i));
      tracker.setTag("t" + i, values.get(i));
    }
    Run run = tracking.get(tracker.id());
    for (int i = 0; i < values.size(); i++) {
      assertThat(values.get(i).equals(run.params().get("p" + i))).as("param %d", i).isTrue();
      assertThat(values.get(i).equals(run.tags().get("t" + i))).as("tag %d", i).isTrue();
    }
    assertThatThrownBy(() -> tracker.logParam("p", HALF))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("param p");
    assertThatThrownBy(() -> tracker.setTag("t", HALF))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tag t");
    assertThatThrownBy(() -> tracker.logText(HALF, "x.txt"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
