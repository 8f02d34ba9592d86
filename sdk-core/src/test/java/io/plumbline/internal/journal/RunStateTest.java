package io.plumbline.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.internal.history.MetricStats;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A run is what its events say, whoever wrote them")
class RunStateTest {
  private static RunState of(String writer, String... events) {
    RunState state = new RunState();
    for (String event : events) {
      state.apply(Json.object(event, "event"), writer);
    }
    return state;
  }

  @Test
  @DisplayName("Of two values of one param the earlier one is kept, and the conflict names both")
  void conflict() {
    RunState a = of("a", "{\"t\":5,\"params\":{\"lr\":\"0.1\"}}");
    RunState b = of("b", "{\"t\":3,\"params\":{\"lr\":\"0.2\"}}");
    a.merge(b);
    assertThat(a.params()).containsEntry("lr", "0.2");
    assertThat(a.conflicts())
        .containsExactly(
            "param 'lr' was set to '0.2' and by another process to '0.1'; the first is kept");
  }

  @Test
  @DisplayName("Of two values that one writer gives a param within a millisecond the first is kept")
  void sameWriter() {
    RunState a =
        of("a", "{\"t\":5,\"params\":{\"lr\":\"1\"}}", "{\"t\":5,\"params\":{\"lr\":\"2\"}}");
    assertThat(a.params()).containsEntry("lr", "1");
  }

  @Test
  @DisplayName("Of two settings of a tag the later one wins, and a removed tag is gone")
  void tags() {
    RunState a =
        of("a", "{\"t\":5,\"tags\":{\"x\":\"1\",\"y\":\"1\"}}", "{\"t\":7,\"tags\":{\"y\":null}}");
    RunState b = of("b", "{\"t\":6,\"tags\":{\"x\":\"2\",\"y\":\"2\"}}");
    b.merge(a);
    assertThat(b.tags()).containsExactly(java.util.Map.entry("x", "2"));
  }

  @Test
  @DisplayName("A batch that arrives twice counts once")
  void batch() {
    String batch = "{\"t\":1,\"batch\":\"k\",\"metrics\":[[\"m\",1.0,0,0]]}";
    RunState a = of("a", batch, batch);
    assertThat(a.hasBatch("k")).isTrue();
    MetricStats stats = a.metrics().get("m");
    assertThat(stats == null ? 0 : stats.count()).isEqualTo(1);
  }

  @Test
  @DisplayName("An event of another form is refused with its place")
  void form() {
    assertThatThrownBy(() -> of("a", "{\"t\":1,\"metrics\":[[\"m\",1.0]]}"))
        .isInstanceOf(JsonException.class)
        .hasMessageContaining("four parts");
    assertThatThrownBy(() -> of("a", "{\"name\":\"x\"}")).isInstanceOf(JsonException.class);
  }
}
