package io.plumbline.internal.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

class JsonPropertyTest {
  private static final BigInteger LARGEST_LONG = BigInteger.valueOf(Long.MAX_VALUE);

  @Property(tries = 500)
  @Label("Every value reads back as it was written, compact and pretty")
  void roundTrip(@ForAll("values") @Nullable Object value) {
    assertThat(Json.parse(Json.bytes(value))).isEqualTo(value);
    assertThat(Json.parse(Json.pretty(value))).isEqualTo(value);
  }

  @Property(tries = 500)
  @Label("The canonical form does not depend on the order of names, and is its own canonical form")
  void canonical(@ForAll("objects") Map<String, @Nullable Object> value) {
    List<String> names = new ArrayList<>(value.keySet());
    Collections.reverse(names);
    Map<String, @Nullable Object> reversed = new LinkedHashMap<>();
    names.forEach(name -> reversed.put(name, value.get(name)));
    byte[] canonical = Json.canonical(value);
    assertThat(Json.canonical(reversed)).isEqualTo(canonical);
    assertThat(Json.canonical(Json.parse(canonical))).isEqualTo(canonical);
  }

  @Provide
  Arbitrary<Map<String, @Nullable Object>> objects() {
    // Code points only: canonical JSON refuses half surrogates. Integers within those of a double.
    Arbitrary<String> names =
        Arbitraries.strings().ofMaxLength(8).filter(JsonPropertyTest::wellFormed);
    Arbitrary<@Nullable Object> leaves =
        Arbitraries.oneOf(
            names.map(n -> n),
            Arbitraries.doubles().map(d -> d),
            Arbitraries.longs().between(-(1L << 53), 1L << 53).map(n -> n),
            Arbitraries.of(true, false).map(b -> b));
    return Arbitraries.maps(names, leaves).ofMaxSize(6);
  }

  @Provide
  Arbitrary<@Nullable Object> values() {
    Arbitrary<String> strings = Arbitraries.strings().ofMaxLength(12);
    Arbitrary<@Nullable Object> leaves =
        Arbitraries.oneOf(
            strings.map(s -> s),
            Arbitraries.doubles().map(d -> d),
            Arbitraries.longs().map(n -> n),
            Arbitraries.bigIntegers()
                .between(BigInteger.ONE, BigInteger.TEN.pow(40))
                .map(n -> n.add(LARGEST_LONG)),
            Arbitraries.of(true, false).map(b -> b),
            Arbitraries.just(0).map(zero -> null));
    return Arbitraries.recursive(
        () -> leaves,
        inner ->
            Arbitraries.oneOf(
                inner.list().ofMaxSize(4).map(list -> list),
                Arbitraries.maps(strings, inner).ofMaxSize(4).map(map -> map)),
        0,
        3);
  }

  private static boolean wellFormed(String text) {
    return text.codePoints()
        .noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }
}
