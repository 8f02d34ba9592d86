package io.plumbline.internal.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.internal.digest.RootDigest;
import io.plumbline.model.Run;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

@Label("An order")
class RunOrderPropertyTest {

  @Property
  @Label("is total: signs are opposite, and sorting puts every two runs as they compare")
  void total(@ForAll("runs") List<Run> runs, @ForAll("orders") List<String> orderBy) {
    Comparator<Run> order = RunOrder.parse(orderBy);
    List<Run> sorted = new ArrayList<>(runs);
    sorted.sort(order);

    for (int i = 0; i < sorted.size(); i++) {
      for (int j = i; j < sorted.size(); j++) {
        int sign = order.compare(sorted.get(i), sorted.get(j));
        assertThat(sign).isNotPositive();
        assertThat(Integer.signum(order.compare(sorted.get(j), sorted.get(i)))).isEqualTo(-sign);
        assertThat(sign == 0).isEqualTo(sorted.get(i).id().equals(sorted.get(j).id()));
      }
    }
  }

  @Property
  @Label("of texts is that of their UTF-8 bytes")
  void byBytes(@ForAll("texts") String a, @ForAll("texts") String b) {
    assertThat(Integer.signum(RunOrder.byCodePoint(a, b)))
        .isEqualTo(Integer.signum(RootDigest.ORDER.compare(a, b)));
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of("a", "b", "\u07ff", "\ud7ff", "\ue000", "\uffff", "😀", "\ud800\udc00")
        .list()
        .ofMaxSize(4)
        .map(parts -> String.join("", parts));
  }

  @Provide
  Arbitrary<List<String>> orders() {
    return Arbitraries.of("metrics.m", "metrics.m DESC", "params.p", "tags.p DESC", "end_time")
        .list()
        .ofMaxSize(3)
        .uniqueElements(entry -> entry.replace(" DESC", ""));
  }

  @Provide
  Arbitrary<List<Run>> runs() {
    Arbitrary<Map<String, Double>> metrics =
        Arbitraries.of(Double.NaN, 0.0, -0.0, 1.0, Double.NEGATIVE_INFINITY)
            .map(value -> Map.of("m", value));
    Arbitrary<Map<String, String>> params = texts().map(text -> Map.of("p", text));
    return Combinators.combine(
            Arbitraries.integers().between(0, 1_000),
            metrics.optional(0.7).map(m -> m.orElse(Map.of())),
            params.optional(0.7).map(p -> p.orElse(Map.of())),
            Arbitraries.longs().between(0, 2),
            Arbitraries.longs().between(0, 2).injectNull(0.3))
        .as(
            (id, m, p, start, end) ->
                Run.builder("r" + id)
                    .metrics(Runs.metrics(m))
                    .params(p)
                    .tags(p)
                    .startTime(Instant.ofEpochMilli(start))
                    .endTime(end == null ? null : Instant.ofEpochMilli(end))
                    .build())
        .list()
        .ofMaxSize(8)
        .uniqueElements(Run::id);
  }
}
