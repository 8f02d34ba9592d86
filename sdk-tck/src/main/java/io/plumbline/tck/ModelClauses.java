package io.plumbline.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.NotFoundException;
import io.plumbline.model.Artifact;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What holds for the models of runs. */
abstract class ModelClauses extends Clauses {
  ModelClauses(BackendKit kit) {
    super(kit);
  }

  private static ModelPackage rules(String text) {
    byte[] weights = new byte[100_000];
    new Random(text.length()).nextBytes(weights);
    return ModelPackage.of("rules", Map.of("rules_version", "1"))
        .with(ModelPart.of("rules.txt", "text/plain", text.getBytes(StandardCharsets.UTF_8)))
        .with(ModelPart.of("data/weights.bin", "application/octet-stream", weights))
        .with(ModelPart.of("empty.txt", "text/plain", new byte[0]));
  }

  private byte[] part(LoggedModel model, String name) throws IOException {
    try (InputStream in = runs().openModelPart(model, name)) {
      return in.readAllBytes();
    }
  }

  @Test
  @DisplayName("MOD-1 A model comes back with all its parts, byte for byte, under its digest")
  void parts() throws IOException {
    String run = run();
    ModelPackage packed = rules("if late then late");
    LoggedModel model = runs().putModel(run, "model", packed);
    assertThat(model.digest()).isEqualTo(packed.digest());
    assertThat(model.flavor()).isEqualTo("rules");
    assertThat(model.name()).isEqualTo("model");
    assertThat(model.runId()).isEqualTo(run);
    assertThat(model.parts())
        .extracting(Artifact::path)
        .containsExactlyInAnyOrderElementsOf(packed.parts().stream().map(ModelPart::name).toList());
    for (ModelPart part : packed.parts()) {
      assertThat(part(model, part.name())).as(part.name()).isEqualTo(part.bytes());
    }
  }

  @Test
  @DisplayName(
      "MOD-2 The run shows the model under its name, and its parts can be opened from there")
  void inTheRun() throws IOException {
    String run = run();
    ModelPackage packed = rules("if late then late");
    LoggedModel model = runs().putModel(run, "model", packed);
    LoggedModel found = read(run).model("model");
    assertThat(found.id()).isEqualTo(model.id());
    assertThat(found.digest()).isEqualTo(packed.digest());
    assertThat(part(found, "rules.txt")).asString().isEqualTo("if late then late");
    assertThat(read(run).models()).hasSize(1);
  }

  @Test
  @DisplayName("MOD-3 A part that the model does not have is a NotFoundException that names it")
  void unknownPart() {
    LoggedModel model = runs().putModel(run(), "model", rules("x"));
    assertThatThrownBy(() -> runs().openModelPart(model, "other.bin"))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("other.bin");
    assertThatThrownBy(() -> runs().openModelPart(model, "../rules.txt"))
        .isInstanceOfAny(NotFoundException.class, IllegalArgumentException.class);
  }

  @Test
  @DisplayName("MOD-4 Two models of one run are apart, with ids of their own")
  void two() throws IOException {
    String run = run();
    LoggedModel first = runs().putModel(run, "first", rules("one"));
    LoggedModel second = runs().putModel(run, "second", rules("two"));
    assertThat(first.id()).isNotEqualTo(second.id());
    assertThat(read(run).models()).hasSize(2);
    assertThat(part(read(run).model("first"), "rules.txt")).asString().isEqualTo("one");
    assertThat(part(read(run).model("second"), "rules.txt")).asString().isEqualTo("two");
  }

  @Test
  @DisplayName("MOD-5 A model of a run that does not exist is a NotFoundException")
  void unknownRun() {
    assertThatThrownBy(() -> runs().putModel(newId(), "model", rules("x")))
        .isInstanceOf(NotFoundException.class);
  }
}
