package io.plumbline.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.IncompatibleModelException;
import io.plumbline.drift.TransformCheck.Policy;
import io.plumbline.drift.TransformCheck.Verdict;
import io.plumbline.model.ModelPackage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A feature transform at load")
class TransformCheckTest {
  private static final Scale TRAINED =
      new Scale("scale", "1", Map.of("factor", "2"), List.of("a", "b"), 2);

  /** Makes a number and its multiple, or nothing of what is missing. */
  private record Scale(
      String id, String version, Map<String, String> config, List<String> features, double factor)
      implements FeatureTransform<Double> {
    @Override
    public void apply(Double input, double[] out) {
      out[0] = input;
      if (out.length > 1 && input > 0) {
        out[1] = factor * input;
      }
    }

    @Override
    public List<Double> examples() {
      return List.of(1.5, -1.0, Double.NaN);
    }
  }

  private static TransformCheck check(FeatureTransform<?> code) {
    return TransformCheck.check(Optional.of(TransformDigest.of(TRAINED)), code, Policy.FAIL);
  }

  @Test
  @DisplayName("is accepted when it is the one of training")
  void same() {
    TransformCheck check = check(TRAINED);
    assertThat(check.verdict()).isEqualTo(Verdict.OK);
    check.throwIfFailed();
    assertThat(check(new Scale("scale", "1", Map.of("factor", "2"), List.of("a", "b"), 2 + 1e-12)))
        .as("the last digits may differ between machines")
        .isEqualTo(check);
  }

  @Test
  @DisplayName("is refused when its version or a setting differs, which the message names")
  void differs() {
    Scale other = new Scale("scale", "2", Map.of("factor", "3"), List.of("a", "b"), 3);
    assertThat(check(other).differences())
        .containsExactly(
            "its version was '1' in training and is '2' here",
            "the setting 'factor' was '2' in training and is '3' here");
    assertThatThrownBy(() -> check(other).throwIfFailed())
        .isInstanceOf(IncompatibleModelException.class)
        .hasMessageContaining("not be made as in training")
        .hasMessageContaining("'factor' was '2'");
    assertThat(check(new Scale("scale", "1", Map.of(), List.of("a", "b"), 2)).differences())
        .containsExactly("the setting 'factor' was '2' in training and is '(not set)' here");
    assertThat(
            check(new Scale("scale", "1", Map.of("factor", "2"), List.of("b", "a"), 2))
                .differences())
        .containsExactly("feature 0 was 'a' in training and is 'b' here");
    assertThat(check(new Scale("scale", "1", Map.of("factor", "2"), List.of("a"), 2)).differences())
        .containsExactly("there were 2 features in training and 1 here");
  }

  @Test
  @DisplayName("is refused when its code has changed though nobody has changed its version")
  void code() {
    Scale silent = new Scale("scale", "1", Map.of("factor", "2"), List.of("a", "b"), 2.5);
    assertThat(check(silent).differences())
        .containsExactly(
            "of example 0 the feature 'b' was 3 in training and is 3.75 here, though the version"
                + " is the same: the code has changed");
  }

  @Test
  @DisplayName("only warns if that is the policy, also of a package that says nothing")
  void policy() {
    TransformCheck none = TransformCheck.check(Optional.empty(), TRAINED, Policy.WARN);
    assertThat(none.verdict()).isEqualTo(Verdict.WARN);
    assertThat(none.differences().get(0)).contains("has no transform.json");
    none.throwIfFailed();
    assertThat(TransformCheck.check(Optional.empty(), TRAINED, Policy.FAIL).verdict())
        .isEqualTo(Verdict.FAIL);
  }

  @Test
  @DisplayName("travels as transform.json and is read back equal; its digest names it")
  void document() {
    TransformDigest digest = TransformDigest.of(TRAINED);
    assertThat(digest.examples())
        .containsExactly(
            List.of(1.5, 3.0), List.of(-1.0, Double.NaN), List.of(Double.NaN, Double.NaN));
    assertThat(digest.toPart().name()).isEqualTo("transform.json");
    assertThat(TransformDigest.fromJson(digest.toPart().bytes())).isEqualTo(digest);
    assertThat(TransformDigest.in(ModelPackage.of("rules", Map.of()).with(digest)))
        .contains(digest);
    assertThat(TransformDigest.in(ModelPackage.of("rules", Map.of()))).isEmpty();
    assertThat(digest.digest()).hasSize(64);
    assertThat(
            TransformDigest.of(new Scale("scale", "2", Map.of("factor", "2"), List.of("a", "b"), 2))
                .digest())
        .isNotEqualTo(digest.digest());
    assertThat(
            TransformDigest.of(new Scale("scale", "1", Map.of("factor", "3"), List.of("a", "b"), 2))
                .configDigest())
        .isNotEqualTo(digest.configDigest());
  }

  @Test
  @DisplayName("is not believed when its file was changed, is damaged, or of another version")
  void hostile() {
    String json = new String(TransformDigest.of(TRAINED).toJson(), StandardCharsets.UTF_8);
    assertThatThrownBy(() -> read(json.replace("\"factor\":\"2\"", "\"factor\":\"3\"")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("config_digest is not the digest");
    assertThatThrownBy(() -> read(json.replace("\"version\":\"1\"", "\"version\":\"9\"")))
        .hasMessageContaining("digest is not the digest");
    assertThatThrownBy(() -> read(json.replace("\"transform\":1", "\"transform\":7")))
        .hasMessageContaining("transform is not 1");
    assertThatThrownBy(() -> read(json.replace("[1.5,3]", "[1.5]")))
        .hasMessageContaining("has 1 values, but there are 2 features");
    assertThatThrownBy(() -> read(json.replace("[1.5,3]", "[1.5,\"x\"]")))
        .hasMessageContaining("examples[0][1] must be a number");
    assertThatThrownBy(() -> read(json.substring(0, 40)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TransformDigest("t", "1", Map.of(), List.of("a", "a"), List.of()))
        .hasMessageContaining("named twice");
    assertThatThrownBy(() -> new TransformDigest("", "1", Map.of(), List.of("a"), List.of()))
        .hasMessageContaining("needs an id");
  }

  private static TransformDigest read(String json) {
    return TransformDigest.fromJson(json.getBytes(StandardCharsets.UTF_8));
  }
}
