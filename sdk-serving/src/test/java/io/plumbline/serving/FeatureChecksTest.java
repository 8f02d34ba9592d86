package io.plumbline.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.IncompatibleModelException;
import io.plumbline.drift.FeatureTransform;
import io.plumbline.drift.Profile;
import io.plumbline.drift.TransformCheck.Policy;
import io.plumbline.drift.TransformDigest;
import io.plumbline.model.DataType;
import io.plumbline.model.Feature;
import io.plumbline.model.FeatureSchema;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import io.plumbline.registry.ModelRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A live model that knows which transform makes its features")
class FeatureChecksTest {
  private static final FeatureSchema SCHEMA =
      FeatureSchema.of(Feature.of("a", DataType.DOUBLE), Feature.of("b", DataType.DOUBLE));
  private static final Scale TRAINED = new Scale("1", List.of("a", "b"), 2);

  @TempDir private Path folder;
  private final List<LiveEvent> events = new CopyOnWriteArrayList<>();
  private ModelRegistry registry;

  /** Makes a number and its multiple. */
  private record Scale(String version, List<String> features, double factor)
      implements FeatureTransform<Double> {
    @Override
    public String id() {
      return "scale";
    }

    @Override
    public void apply(Double input, double[] out) {
      out[0] = input;
      out[1] = factor * input;
    }

    @Override
    public List<Double> examples() {
      return List.of(1.5, -1.0);
    }
  }

  @BeforeEach
  void open() {
    registry = Served.registry(folder);
  }

  @AfterEach
  void close() {
    registry.close();
  }

  private static ModelPackage trained(double factor, Scale transform) {
    TransformDigest digest = TransformDigest.of(transform);
    return Served.linear(factor).with(SCHEMA).with(digest).with(profile(digest.digest()));
  }

  private static Profile profile(String transform) {
    return Profile.builder()
        .schema(SCHEMA)
        .transformDigest(transform)
        .add("a", new double[] {1, 2, 3})
        .add("b", new double[] {1, 2, 3})
        .build();
  }

  private LiveModel live(Scale code, Policy policy) {
    return LiveModel.builder(registry, "models:/flights@champion")
        .loader(new Served.Linear())
        .transform(code, policy)
        .onEvent(events::add)
        .open();
  }

  private void refuses(Scale code, String... why) {
    assertThatThrownBy(() -> live(code, Policy.FAIL).close())
        .isInstanceOf(IncompatibleModelException.class)
        .hasMessageContainingAll("models:/flights/", "other features than it was trained with")
        .hasMessageContainingAll(why);
  }

  @Test
  @DisplayName("serves a version that was trained with it, without a word")
  void same() {
    Served.promote(registry, trained(1, TRAINED));
    try (LiveModel model = live(TRAINED, Policy.FAIL)) {
      assertThat(model.predict(new double[] {1, 2})).containsExactly(3);
    }
    assertThat(events).noneMatch(event -> event.kind() == LiveEvent.Kind.TRANSFORM_DIFFERS);
  }

  @Test
  @DisplayName("refuses one with another version, order, code, or nothing to compare with")
  void refused() {
    Served.promote(registry, trained(1, TRAINED));
    refuses(new Scale("2", List.of("a", "b"), 2), "its version was '1' in training");
    refuses(new Scale("1", List.of("b", "a"), 2), "feature 0 was 'a' in training and is 'b' here");
    refuses(new Scale("1", List.of("a", "b"), 3), "the code has changed");
    Served.promote(registry, Served.linear(2));
    refuses(TRAINED, "has no transform.json");
    Scale swapped = new Scale("1", List.of("b", "a"), 2);
    Served.promote(registry, trained(3, swapped));
    refuses(swapped, "the model's input 0 is 'a', and the transform makes 'b' there");
    Served.promote(
        registry,
        Served.linear(4)
            .with(SCHEMA)
            .with(TransformDigest.of(TRAINED))
            .with(profile("0".repeat(64))));
    refuses(TRAINED, "the package's profile was made with another transform");
  }

  @Test
  @DisplayName("serves on with the old version when a new one was trained with another transform")
  void swap() {
    Served.promote(registry, trained(1, TRAINED));
    try (LiveModel model = live(TRAINED, Policy.FAIL)) {
      Served.promote(registry, trained(2, new Scale("2", List.of("a", "b"), 2)));
      model.refresh(Duration.ofMinutes(1));
      assertThat(model.predict(new double[] {1, 2})).containsExactly(3);
      LiveStatus status = model.status();
      assertThat(status.version().orElseThrow().version()).isEqualTo(1);
      assertThat(status.rejected()).containsOnlyKeys("models:/flights/2");
      assertThat(status.rejected().get("models:/flights/2")).contains("its version was '2'");
      Served.promote(registry, trained(3, TRAINED));
      model.refresh(Duration.ofMinutes(1));
      assertThat(model.predict(new double[] {1, 2})).containsExactly(5);
    }
  }

  @Test
  @DisplayName("closes no version for one that it refuses, where versions make room for each other")
  void makesRoom() {
    Served.promote(registry, trained(1, TRAINED));
    try (LiveModel model =
        LiveModel.builder(registry, "models:/flights@champion")
            .loader(new Served.Linear())
            .policy(SwapPolicy.RESOURCE)
            .transform(TRAINED, Policy.FAIL)
            .onEvent(events::add)
            .open()) {
      Served.promote(registry, trained(2, new Scale("2", List.of("a", "b"), 2)));
      model.refresh(Duration.ofMinutes(1));
      assertThat(model.predict(new double[] {1, 2})).containsExactly(3);
      assertThat(events).noneMatch(event -> event.kind() == LiveEvent.Kind.CLOSED);
    }
  }

  @Test
  @DisplayName("warns and serves by the other policy, with an event that says what differs")
  void warns() {
    Served.promote(registry, trained(1, TRAINED));
    try (LiveModel model = live(TRAINED, Policy.WARN)) {
      Served.promote(registry, trained(2, new Scale("2", List.of("a", "b"), 2)));
      model.refresh(Duration.ofMinutes(1));
      assertThat(model.predict(new double[] {1, 2})).containsExactly(4);
      Served.await(
          "the event",
          () -> events.stream().anyMatch(e -> e.kind() == LiveEvent.Kind.TRANSFORM_DIFFERS));
    }
    assertThat(events)
        .filteredOn(event -> event.kind() == LiveEvent.Kind.TRANSFORM_DIFFERS)
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.reason())
                  .contains("its version was '2' in training and is '1' here");
              assertThat(String.valueOf(event.version())).contains("flights");
            });
  }

  @Test
  @DisplayName("refuses a damaged transform.json, and a transform that fails on its own examples")
  void damaged() {
    Served.promote(
        registry,
        Served.linear(1)
            .with(
                ModelPart.json(
                    TransformDigest.FILE, "{\"transform\":1}".getBytes(StandardCharsets.UTF_8))));
    assertThatThrownBy(() -> live(TRAINED, Policy.WARN).close())
        .isInstanceOf(IncompatibleModelException.class)
        .hasMessageContaining("transform.json");
    Scale failing = new Scale("1", List.of("a"), 2); // it writes two
    assertThatThrownBy(() -> live(failing, Policy.WARN).close())
        .isInstanceOf(IncompatibleModelException.class);
  }

  @Test
  @DisplayName("compares the features that the program was written for, by their schema's digest")
  void schema() {
    Served.promote(registry, trained(1, TRAINED));
    FeatureSchema other =
        FeatureSchema.of(Feature.of("a", DataType.DOUBLE), Feature.of("b", DataType.LONG));
    FeatureSchema turned =
        FeatureSchema.of(Feature.of("b", DataType.DOUBLE), Feature.of("a", DataType.DOUBLE));
    for (Map.Entry<FeatureSchema, String> wrong :
        Map.of(other, "types, context or maximum ages differ", turned, "input 0 is 'a'")
            .entrySet()) {
      assertThatThrownBy(
              () ->
                  LiveModel.builder(registry, "models:/flights@champion")
                      .loader(new Served.Linear())
                      .features(wrong.getKey(), Policy.FAIL)
                      .open()
                      .close())
          .isInstanceOf(IncompatibleModelException.class)
          .hasMessageContaining(wrong.getValue());
    }
    try (LiveModel model =
        LiveModel.builder(registry, "models:/flights@champion")
            .loader(new Served.Linear())
            .features(SCHEMA, Policy.FAIL)
            .open()) {
      assertThat(model.predict(new double[] {1, 2})).containsExactly(3);
    }
  }
}
