package io.plumbline.internal.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.plumbline.model.Run;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

@Label("A filter")
class RunFilterPropertyTest {
  private static final List<String> KEYS =
      List.of("a", "a.b", "val/auc", "it's", "`", "\"", "", "😀");
  private static final List<String> TEXTS =
      List.of("", "x", "X", "it's", "\"", "\\", "%", "a b", "😀");
  private static final List<Double> NUMBERS =
      List.of(0.0, -0.0, 1.0, -2.5, 1e-9, 1e300, Double.NaN, Double.POSITIVE_INFINITY);
  private static final List<String> COMPARISONS = List.of(">", ">=", "=", "!=", "<", "<=");

  /** A condition as it is written, and what it means, said in another way. */
  record Written(String text, Predicate<Run> meaning) {}

  @Property(tries = 3_000)
  @Label("matches the runs that meet each of its conditions")
  void oracle(@ForAll("conditions") List<Written> conditions, @ForAll("runs") Run run) {
    String filter = conditions.stream().map(Written::text).collect(Collectors.joining(" and  \n"));

    assertThat(RunFilter.parse(filter).matches(run))
        .as(filter)
        .isEqualTo(conditions.stream().allMatch(c -> c.meaning().test(run)));
  }

  @Property
  @Label("of any text is either read or refused with an IllegalArgumentException")
  void anyText(@ForAll String text) {
    Throwable thrown = catchThrowable(() -> RunFilter.parse(text));

    assertThat(thrown == null || thrown instanceof IllegalArgumentException).isTrue();
  }

  @Property(tries = 3_000)
  @Label("of any pieces of the grammar is either read or refused with an IllegalArgumentException")
  void anyPieces(@ForAll("pieces") String text, @ForAll("runs") Run run) {
    assertThatCode(
            () -> {
              try {
                RunFilter.parse(text).matches(run);
              } catch (IllegalArgumentException refused) {
                assertThat(refused).hasMessageContaining("wrong filter, at character ");
              }
            })
        .doesNotThrowAnyException();
  }

  @Provide
  Arbitrary<String> pieces() {
    return Arbitraries.of(
            "metrics.",
            "params.",
            "tags.",
            "datasets.",
            "status",
            "name",
            "start_time",
            "a",
            "`k`",
            "\"k\"",
            "'v'",
            "'",
            "`",
            " ",
            " AND ",
            " OR ",
            "=",
            "!=",
            ">",
            " LIKE ",
            " IN ",
            "(",
            ")",
            ",",
            " IS ",
            " NOT ",
            " NULL",
            "1",
            "-1.5e3",
            ".",
            "\0",
            "😀",
            "\ud800")
        .list()
        .ofMaxSize(14)
        .map(parts -> String.join("", parts));
  }

  @Provide
  Arbitrary<List<Written>> conditions() {
    return Arbitraries.oneOf(ofMetrics(), ofEntries(), ofPresence(), ofStart(), ofUser())
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }

  private static Arbitrary<Written> ofMetrics() {
    Arbitrary<Double> finite = Arbitraries.of(NUMBERS).filter(Double::isFinite);
    return Combinators.combine(
            Arbitraries.of("metric", "metrics", "`metrics`"),
            Arbitraries.of(KEYS),
            Arbitraries.of(COMPARISONS),
            finite)
        .as(
            (word, key, comparison, value) ->
                new Written(
                    word + "." + quotedKey(key) + comparison + value,
                    run ->
                        run.metric(key).isPresent()
                            && compares(run.metric(key).getAsDouble(), comparison, value)));
  }

  private static boolean compares(double left, String comparison, double right) {
    return switch (comparison) {
      case ">" -> left > right;
      case ">=" -> left >= right;
      case "=" -> left == right;
      case "!=" -> !(left == right);
      case "<" -> left < right;
      default -> left <= right;
    };
  }

  private static Arbitrary<Written> ofEntries() {
    return Combinators.combine(
            Arbitraries.of("param", "params", "parameter", "parameters", "tag", "tags"),
            Arbitraries.of(KEYS),
            Arbitraries.of("=", "!=", "LIKE", "ilike"),
            Arbitraries.of(TEXTS),
            Arbitraries.of('\'', '"'))
        .as(
            (word, key, comparison, value, quote) ->
                new Written(
                    word + "." + quotedKey(key) + comparison + quoted(value, quote),
                    run -> {
                      String text = entries(word, run).get(key);
                      return text != null && compares(text, comparison, value);
                    }));
  }

  private static boolean compares(String text, String comparison, String value) {
    // The only pattern among the values is the % alone; the empty one matches the empty text.
    return switch (comparison) {
      case "=" -> text.equals(value);
      case "!=" -> !text.equals(value);
      case "LIKE" -> value.equals("%") || text.equals(value);
      default ->
          value.equals("%") || text.toLowerCase(Locale.ROOT).equals(value.toLowerCase(Locale.ROOT));
    };
  }

  private static Map<String, String> entries(String word, Run run) {
    return word.startsWith("tag") ? run.tags() : run.params();
  }

  private static Arbitrary<Written> ofPresence() {
    return Combinators.combine(
            Arbitraries.of("params", "tags"), Arbitraries.of(KEYS), Arbitraries.of(true, false))
        .as(
            (word, key, present) ->
                new Written(
                    word + "." + quotedKey(key) + (present ? "IS not NULL" : " is null"),
                    run -> entries(word, run).containsKey(key) == present));
  }

  private static Arbitrary<Written> ofStart() {
    return Combinators.combine(
            Arbitraries.of("start_time", "attributes.created", "run.`Created`", "attr.start_time"),
            Arbitraries.of(COMPARISONS),
            Arbitraries.of("0", "1", "1.5", "2", "-1e3", ".5", "1e30", "-0"))
        .as(
            (name, comparison, value) ->
                new Written(
                    name + comparison + value,
                    run ->
                        compares(
                            (double) run.startTime().toEpochMilli(),
                            comparison,
                            Double.parseDouble(value))));
  }

  private static Arbitrary<Written> ofUser() {
    return Combinators.combine(
            Arbitraries.of(TEXTS).list().ofMinSize(1).ofMaxSize(4), Arbitraries.of(true, false))
        .as(
            (values, in) ->
                new Written(
                    "user_id"
                        + (in ? " in" : " not IN ")
                        + values.stream()
                            .map(value -> quoted(value, '\''))
                            .collect(Collectors.joining(" , ", "( ", ")")),
                    run -> values.contains(run.user()) == in));
  }

  private static String quotedKey(String key) {
    return key.equals("a") || key.equals("a.b") ? key + " " : quoted(key, '`');
  }

  private static String quoted(String text, char quote) {
    String one = String.valueOf(quote);
    return one + text.replace(one, one + one) + one;
  }

  @Provide
  Arbitrary<Run> runs() {
    Arbitrary<Map<String, Double>> metrics =
        Arbitraries.maps(Arbitraries.of(KEYS), Arbitraries.of(NUMBERS)).ofMaxSize(6);
    Arbitrary<Map<String, String>> texts =
        Arbitraries.maps(Arbitraries.of(KEYS), Arbitraries.of(TEXTS)).ofMaxSize(6);
    return Combinators.combine(
            metrics, texts, texts, Arbitraries.of(TEXTS), Arbitraries.longs().between(-1, 3))
        .as(
            (m, params, tags, user, start) ->
                Run.builder("r")
                    .metrics(Runs.metrics(m))
                    .params(params)
                    .tags(new HashMap<>(tags))
                    .user(user)
                    .startTime(Instant.ofEpochMilli(start))
                    .build());
  }
}
