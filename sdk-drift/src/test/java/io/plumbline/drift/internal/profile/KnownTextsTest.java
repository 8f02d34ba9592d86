package io.plumbline.drift.internal.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.drift.ColumnCounts;
import io.plumbline.drift.ColumnKind;
import io.plumbline.drift.Drift;
import io.plumbline.drift.DriftReport;
import io.plumbline.drift.Profile;
import io.plumbline.drift.ProfileCounter;
import io.plumbline.drift.Verdict;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Categories beyond the listed ones")
class KnownTextsTest {
  private static String[] categories(String prefix, int count, int times) {
    return IntStream.range(0, count * times)
        .mapToObj(i -> prefix + i % count)
        .toArray(String[]::new);
  }

  private static Profile profile(String[] values) {
    return Profile.builder().kind("zip", ColumnKind.CATEGORY).add("zip", values).build();
  }

  private static ColumnCounts count(Profile profile, String[] values) {
    ProfileCounter counter = profile.counter();
    counter.countAll(0, values);
    return counter.take().column("zip");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 201, 5_000, 65_736})
  @DisplayName("are never new, and of new ones at most one in a thousand seems to be known")
  void rate(int count) {
    Profile profile = profile(categories("zip-", count, 2));
    assertThat(profile.column("zip").tellsNew()).isTrue();
    ColumnCounts known = count(profile, categories("zip-", count, 1));
    assertThat(known.unseen()).isZero();
    ColumnCounts strange = count(profile, categories("other ", 100_000, 1));
    assertThat(strange.other()).isLessThanOrEqualTo(100);
    assertThat(strange.other() + strange.unseen()).isEqualTo(100_000);
  }

  @Test
  @DisplayName("take two bytes each, and beyond 65,536 of them nothing is new")
  void bounded() {
    Profile most = profile(categories("", 65_736, 2));
    assertThat(most.toJson().length).isLessThan(185_000);
    Profile more = profile(categories("", 65_737, 2));
    assertThat(more.toJson().length).isLessThan(6_000);
    assertThat(more.column("zip").tellsNew()).isFalse();
    assertThat(count(more, categories("strange ", 10, 1)).other()).isEqualTo(10);
  }

  private static String filter(Profile profile) {
    JsonObject json = Json.object(profile.toJson(), "profile");
    return json.objects("columns").get(0).string("known");
  }

  @Test
  @DisplayName("are the same whatever the order of the rows and the number of those kept first")
  void order() {
    List<String> values = new ArrayList<>(List.of(categories("c", 900, 3)));
    Profile first = profile(values.toArray(String[]::new));
    Collections.shuffle(values, new Random(4));
    assertThat(profile(values.toArray(String[]::new)).column("zip").categories())
        .isEqualTo(first.column("zip").categories());
    assertThat(filter(profile(values.toArray(String[]::new)))).isEqualTo(filter(first));
    Profile late =
        Profile.builder()
            .firstRows(300)
            .kind("zip", ColumnKind.CATEGORY)
            .add("zip", categories("c", 900, 3))
            .build();
    assertThat(late.column("zip").tellsNew()).isTrue();
    assertThat(count(late, categories("c", 900, 1)).unseen()).isZero();
    assertThat(count(late, categories("x", 900, 1)).unseen()).isGreaterThan(895);
    assertThat(late.column("zip").distinct()).as("the first rows had fewer").isEmpty();
  }

  @Test
  @DisplayName("come back from JSON, and a new one is an alarm that says so")
  void report() {
    Profile profile = Profile.fromJson(profile(categories("zip-", 2_000, 5)).toJson());
    String[] window = categories("zip-", 2_000, 1);
    for (int i = 0; i < 400; i++) {
      window[5 * i] = "market " + i;
    }
    ProfileCounter counter = profile.counter();
    counter.countAll(0, window);
    DriftReport report = Drift.compare(profile, counter.take());
    assertThat(report.verdict()).isEqualTo(Verdict.ALERT);
    assertThat(report.column("zip").explanation())
        .contains("new categories rose from 0 % to 20 % of the rows");
    DriftReport same = Drift.compare(profile, profile);
    assertThat(same.verdict()).isEqualTo(Verdict.OK);
  }

  @Test
  @DisplayName("are moved exactly into the categories of another profile")
  void moved() {
    Profile all = profile(categories("zip-", 1_000, 4));
    Profile some = profile(categories("zip-", 150, 4));
    assertThat(Drift.compare(all, some).column("zip").rate("new_category").orElseThrow().count())
        .isZero();
    Profile others = profile(categories("new-", 150, 4));
    assertThat(Drift.compare(all, others).column("zip").rate("new_category").orElseThrow().rate())
        .isGreaterThan(0.98);
  }

  @Test
  @DisplayName("are told apart whatever their texts: long, empty, with half surrogates")
  void hostile() {
    String[] texts = new String[600];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = "\uD800".repeat(i % 3) + "x".repeat(500) + i;
    }
    texts[0] = "";
    Profile profile = Profile.fromJson(profile(texts).toJson());
    assertThat(count(profile, texts).unseen()).isZero();
    assertThat(count(profile, new String[] {"\uDC00", "x".repeat(2_000)}).unseen()).isEqualTo(2);
  }

  @Test
  @DisplayName("are refused where a file's filter does not fit its count, or is no base64")
  void damaged() {
    String json = new String(profile(categories("c", 300, 3)).toJson(), StandardCharsets.UTF_8);
    for (String[] change :
        List.of(
            new String[] {"\"known_count\":100", "\"known_count\":99"},
            new String[] {"\"known_count\":100", "\"known_count\":-1"},
            new String[] {"\"known_count\":100", "\"known_count\":9007199254740991"},
            new String[] {"\"known\":\"", "\"known\":\"A"},
            new String[] {"\"known\":\"", "\"known\":\"!!!!"})) {
      assertThat(json).contains(change[0]);
      byte[] bytes = json.replace(change[0], change[1]).getBytes(StandardCharsets.UTF_8);
      assertThatThrownBy(() -> Profile.fromJson(bytes))
          .isInstanceOf(JsonException.class)
          .hasMessageContaining("known");
    }
    Map<String, Object> written = new HashMap<>();
    KnownTexts known = KnownTexts.of(List.of("a", "b", "c"));
    known.write(written);
    assertThat(KnownTexts.read(JsonObject.of(written, "column"))).isEqualTo(known);
  }
}
