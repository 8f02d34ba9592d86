package io.plumbline.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

class RunStatePropertyTest {
  @Property
  @Label("A run merged from its writers does not depend on their order")
  void order(@ForAll @IntRange(min = 1, max = 4) int writers, @ForAll Random random) {
    List<RunState> states = new ArrayList<>();
    for (int w = 0; w < writers; w++) {
      states.add(randomState("writer-" + w, random));
    }
    Object expected = merged(states);
    for (int i = 0; i < 6; i++) {
      Collections.shuffle(states, random);
      assertThat(merged(states)).isEqualTo(expected);
    }
  }

  @Property
  @Label("A state reads back from its summary as it was")
  void summary(@ForAll Random random) {
    RunState state = randomState("w", random);
    RunState read = RunState.fromJson(Json.object(Json.bytes(state.toJson()), "run.json"));
    assertThat(read.toJson()).isEqualTo(state.toJson());
  }

  private static Object merged(List<RunState> states) {
    RunState all = new RunState();
    for (RunState state : states) {
      all.merge(RunState.fromJson(Json.object(Json.bytes(state.toJson()), "run.json")));
    }
    // Params and others keep the order of their arrival, which is the reader's order of writers.
    Map<String, @Nullable Object> json = new TreeMap<>(all.toJson());
    json.put("inputs", sorted(json.get("inputs")));
    json.put("models", sorted(json.get("models")));
    json.put("batches", sorted(json.get("batches")));
    json.put("conflicts told", all.conflicts());
    return json;
  }

  private static List<String> sorted(@Nullable Object list) {
    return JsonObject.toList(list, "list").stream().map(Json::text).sorted().toList();
  }

  private static RunState randomState(String writer, Random random) {
    RunState state = new RunState();
    int events = random.nextInt(8);
    for (int i = 0; i < events; i++) {
      Map<String, @Nullable Object> event = new LinkedHashMap<>();
      event.put("t", (long) random.nextInt(4));
      fill(event, random);
      state.apply(JsonObject.of(event, "event"), writer);
    }
    return state;
  }

  private static void fill(Map<String, @Nullable Object> event, Random random) {
    switch (random.nextInt(10)) {
      case 0 -> event.put("start", Map.of("time", (long) random.nextInt(3), "user", any(random)));
      case 1 -> event.put("name", any(random));
      case 2 -> event.put("deleted", random.nextBoolean());
      case 3 -> {
        event.put("status", random.nextBoolean() ? "FINISHED" : "FAILED");
        event.put("time", (long) random.nextInt(3));
      }
      case 4, 5 -> event.put("params", new HashMap<>(Map.of(any(random), any(random))));
      case 6 -> {
        Map<String, @Nullable Object> tags = new HashMap<>();
        tags.put(any(random), random.nextBoolean() ? any(random) : null);
        event.put("tags", tags);
      }
      case 7 ->
          event.put(
              "inputs",
              List.of(
                  Map.of(
                      "dataset",
                      Map.of("name", any(random), "digest", "d", "schema", any(random)),
                      "context",
                      "training")));
      case 8 -> event.put("models", List.of(Map.of("id", any(random), "name", any(random))));
      default -> {
        event.put("artifacts", List.of(Map.of("path", any(random), "sha256", any(random))));
        event.put("dropped", Map.of("quota", (long) random.nextInt(5)));
        event.put(
            "metrics", List.of(List.of("m", random.nextDouble(), (long) random.nextInt(3), 1L)));
      }
    }
  }

  private static String any(Random random) {
    return String.valueOf((char) ('a' + random.nextInt(3)));
  }
}
