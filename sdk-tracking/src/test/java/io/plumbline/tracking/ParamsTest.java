package io.plumbline.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.ConflictException;
import io.plumbline.model.Run;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Params")
class ParamsTest {
  private TrackingClient tracking;
  private Tracker tracker;

  @BeforeEach
  void open(@TempDir Path folder) {
    tracking = Stores.open(folder);
    tracker = tracking.start("params");
  }

  @AfterEach
  void close() {
    tracking.close();
  }

  private Map<String, String> params() {
    return tracking.get(tracker.id()).params();
  }

  /** Its text differs from its name. */
  private enum Objective {
    BINARY;

    @Override
    public String toString() {
      return "something else";
    }
  }

  @Test
  @DisplayName("of every type are kept as text, whatever the language of the machine")
  void typed() {
    assertThat(Locale.getDefault()).as("the tests' language").isEqualTo(new Locale("tr", "TR"));
    tracker.logParam("text", "gbm");
    tracker.logParam("char", 'x');
    tracker.logParam("int", 6);
    tracker.logParam("long", 1L << 40);
    tracker.logParam("double", 1234567.125);
    tracker.logParam("small", 0.1);
    tracker.logParam("float", 0.1f);
    tracker.logParam("boolean", true);
    tracker.logParam("enum", Objective.BINARY);
    assertThat(params())
        .containsEntry("text", "gbm")
        .containsEntry("char", "x")
        .containsEntry("int", "6")
        .containsEntry("long", "1099511627776")
        .containsEntry("double", "1234567.125")
        .containsEntry("small", "0.1")
        .containsEntry("float", "0.1")
        .containsEntry("boolean", "true")
        .containsEntry("enum", "BINARY");
  }

  @Test
  @DisplayName("in bulk are kept as single ones are, and in their order")
  void bulk() {
    Map<String, Object> params = new LinkedHashMap<>();
    params.put("depth", 6);
    params.put("rate", 0.1);
    params.put("objective", Objective.BINARY);
    params.put("nested", List.of(1, 2));
    params.put("flag", false);
    tracker.logParams(params);
    assertThat(params()).containsOnlyKeys("depth", "rate", "objective", "nested", "flag");
    assertThat(new ArrayList<>(params().values()))
        .containsExactly("6", "0.1", "BINARY", "[1, 2]", "false");
  }

  @Test
  @DisplayName("in bulk are kept all or none")
  void allOrNone() {
    tracker.logParam("depth", "six");
    Map<String, Object> params = new LinkedHashMap<>();
    params.put("fresh", 1);
    params.put("depth", "seven");
    assertThatThrownBy(() -> tracker.logParams(params))
        .isInstanceOf(ConflictException.class)
        .hasMessageContainingAll("depth", "six", "seven");
    Map<String, Object> hostile = new LinkedHashMap<>();
    hostile.put("fresh", 1);
    hostile.put("", 2);
    assertThatThrownBy(() -> tracker.logParams(hostile))
        .isInstanceOf(IllegalArgumentException.class);
    Map<String, Object> withNull = new LinkedHashMap<>();
    withNull.put("fresh", 1);
    withNull.put("other", null);
    assertThatThrownBy(() -> tracker.logParams(withNull))
        .isInstanceOf(NullPointerException.class)
        .hasMessageContaining("other");
    assertThat(params()).isEqualTo(Map.of("depth", "six"));
    tracker.logParam("fresh", 9);
    assertThat(params()).containsEntry("fresh", "9");
  }

  @Test
  @DisplayName(
      "do not change: another value is a conflict that names key and both values; the same value is fine")
  void immutable() {
    tracker.logParam("depth", 6);
    tracker.logParam("depth", "6");
    tracker.logParams(Map.of("depth", 6L));
    assertThatThrownBy(() -> tracker.logParam("depth", 7))
        .isInstanceOf(ConflictException.class)
        .hasMessageContainingAll("'depth'", "'6'", "'7'");
    assertThat(params()).isEqualTo(Map.of("depth", "6"));
    assertThat(tracking.get(tracker.id()).warnings()).isEmpty();
  }

  @Test
  @DisplayName("set to two values by two threads: exactly one ConflictException, which names both")
  void race() throws Exception {
    for (int round = 0; round < 50; round++) {
      String key = "p" + round;
      Queue<Exception> failures = new ConcurrentLinkedQueue<>();
      CyclicBarrier together = new CyclicBarrier(2);
      List<Thread> threads = new ArrayList<>();
      for (String value : List.of("left", "right")) {
        Thread thread =
            new Thread(
                () -> {
                  try {
                    together.await(60, TimeUnit.SECONDS);
                    tracker.logParam(key, value);
                  } catch (Exception e) {
                    failures.add(e);
                  }
                });
        thread.start();
        threads.add(thread);
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(failures)
          .singleElement()
          .isInstanceOf(ConflictException.class)
          .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.THROWABLE)
          .hasMessageContainingAll("left", "right");
    }
    Run run = tracking.get(tracker.id());
    assertThat(run.params()).hasSize(50);
    assertThat(run.params().values()).allMatch(v -> v.equals("left") || v.equals("right"));
    assertThat(run.warnings()).isEmpty();
  }

  @Test
  @DisplayName("of 10 MB come back exactly, also after the store was opened again")
  void large(@TempDir Path other) {
    char[] chars = new char[10_000_000];
    Arrays.fill(chars, 'ü');
    String value = new String(chars);
    String id;
    try (TrackingClient first = Stores.open(other)) {
      id = first.run("large", t -> t.logParam("huge", value)).id();
      assertThat(value.equals(first.get(id).params().get("huge"))).isTrue();
    }
    try (TrackingClient second = Stores.open(other)) {
      assertThat(value.equals(second.get(id).params().get("huge"))).isTrue();
    }
  }
}
