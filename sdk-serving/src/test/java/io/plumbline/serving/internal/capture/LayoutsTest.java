package io.plumbline.serving.internal.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.model.DataType;
import io.plumbline.model.Feature;
import io.plumbline.model.FeatureSchema;
import io.plumbline.model.ModelVersion;
import io.plumbline.serving.internal.VersionFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The slots of a prediction logger")
class LayoutsTest {
  private static final long LATER = TimeUnit.SECONDS.toNanos(11);

  private final CaptureOptions options = new CaptureOptions();
  private final Layouts layouts = new Layouts(options, null);

  private static VersionFacts facts(int version, int inputs) {
    List<Feature> features = new ArrayList<>();
    for (int i = 0; i < inputs; i++) {
      features.add(Feature.of("x" + i, DataType.DOUBLE));
    }
    List<String> names = features.stream().map(Feature::name).toList();
    return new VersionFacts(
        ModelVersion.builder("flights", version).build(),
        names,
        new FeatureSchema(features),
        1,
        List.of(),
        null);
  }

  @Test
  @DisplayName("get wider with a wider version, and the narrow ones go when nobody uses them")
  void wider() {
    long now = System.nanoTime();
    for (int version = 1; version <= 50; version++) {
      RowLayout layout = layouts.of(facts(version, version));
      long sequence = layout.ring.claim();
      layout.ring.publish(sequence);
      for (Ring ring : layouts.rings()) {
        ring.free(ring.tail()); // as the consumer does it
      }
      layouts.tidy(now + LATER * version);
      assertThat(layouts.memory()).isLessThanOrEqualTo(options.memory);
    }
    assertThat(layouts.rings()).hasSize(1);
    assertThat(layouts.claimed()).isEqualTo(50);
    assertThat(layouts.of(facts(51, 1)).ring).isSameAs(layouts.rings().get(0));
  }

  @Test
  @DisplayName("are another version's, too, when a ring is replaced")
  void replaced() {
    VersionFacts narrow = facts(1, 1);
    RowLayout before = layouts.of(narrow);
    assertThat(layouts.of(narrow)).isSameAs(before);
    Ring wide = layouts.of(facts(2, 9)).ring;
    RowLayout after = layouts.of(narrow);
    assertThat(after.ring).isSameAs(wide);
    assertThat(before.ring.claim()).as("a row that was begun before").isNotEqualTo(Ring.FULL);
    layouts.tidy(System.nanoTime() + LATER);
    assertThat(layouts.rings()).as("it is not taken yet").hasSize(2);
    assertThat(before.ring.claim()).isEqualTo(Ring.FULL);
  }

  @Test
  @DisplayName("of the version that was used last are kept, however many others were loaded")
  void leastRecentlyUsed() {
    VersionFacts serving = facts(1, 1);
    RowLayout layout = layouts.of(serving);
    for (int version = 2; version < 600; version++) {
      layouts.of(facts(version, 1));
      Layouts.Entry entry = layouts.entry(layout.number);
      assertThat(entry).isNotNull();
      assertThat(entry.writer()).isNotNull(); // a row is taken
    }
    assertThat(layouts.of(serving)).isSameAs(layout);
  }

  @Test
  @DisplayName("say of a column that they do not have which version that is, and which was meant")
  void unknown() {
    RowLayout layout = layouts.of(facts(3, 12));
    assertThat(layout.whyUnknown("X_11"))
        .isEqualTo(
            "the prediction log of models:/flights/3 has no column 'X_11'; did you mean 'x11'? a"
                + " column that is only watched is a Feature.context(...) in the version's feature"
                + " schema");
    assertThat(layout.whyUnknown("origin")).contains("no column 'origin'; a column that");
    assertThat(layout.whyUnknown("x1"))
        .isEqualTo(
            "the prediction log of models:/flights/3 takes no such value for its column 'x1'");
    assertThat(layout.whyUnknown("x\n".repeat(5_000))).doesNotContain("\n").hasSizeLessThan(1_000);
  }

  @Test
  @DisplayName("are nobody's any more when they are sealed")
  void sealed() {
    Ring ring = layouts.of(facts(1, 1)).ring;
    long sequence = ring.claim();
    layouts.seal();
    assertThat(ring.claim()).isEqualTo(Ring.FULL);
    assertThat(ring.tail()).isEqualTo(sequence + 1);
    assertThat(layouts.of(facts(2, 9)).ring.claim()).isEqualTo(Ring.FULL);
  }
}
