package io.plumbline.mlflow;

import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.Stage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * MLflow's stages, which are older than its aliases. To us a stage is the alias of its name; so
 * that both sides agree, who moves that alias moves the stage too, and where there is no such alias
 * the version that somebody has put into the stage is found.
 */
final class Stages {
  private static final String NONE = "None";

  private final Rest rest;

  Stages(Rest rest) {
    this.rest = rest;
  }

  private static @Nullable Stage of(String alias) {
    for (Stage stage : Stage.values()) {
      if (stage.alias().equals(alias)) {
        return stage;
      }
    }
    return null;
  }

  /** Returns the newest version in the stage that an alias is the name of. */
  Optional<JsonObject> newest(String name, String alias) throws Refused {
    Stage stage = of(alias);
    if (stage == null) {
      return Optional.empty();
    }
    try {
      return rest
          .post(
              "registered-models/get-latest-versions",
              Map.of("name", name, "stages", List.of(stage.label())))
          .objects("model_versions")
          .stream()
          .findFirst();
    } catch (Refused e) {
      if (e.refusal().status() == 404) { // no such model, or a server without stages
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Moves the stage with the alias of its name; the version that was in it is archived. */
  void follow(String name, String alias, @Nullable Integer before, @Nullable Integer version)
      throws Refused {
    Stage stage = of(alias);
    if (stage == null) {
      return;
    }
    if (version != null) {
      move(name, version, stage.label(), stage != Stage.ARCHIVED);
    } else if (before != null) {
      move(name, before, NONE, false);
    }
  }

  private void move(String name, int version, String stage, boolean archive) throws Refused {
    try {
      rest.post(
          "model-versions/transition-stage",
          Map.of(
              "name",
              name,
              "version",
              String.valueOf(version),
              "stage",
              stage,
              "archive_existing_versions",
              archive));
    } catch (Refused e) {
      if (e.refusal().status() != 404) { // a server without stages; the alias is moved already
        throw e;
      }
    }
  }
}
