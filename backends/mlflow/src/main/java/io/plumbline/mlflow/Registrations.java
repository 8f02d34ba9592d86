package io.plumbline.mlflow;

import io.plumbline.ConflictException;
import io.plumbline.NotFoundException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.RegisteredModel;
import io.plumbline.spi.NewVersion;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Registers versions, each once: the server has no keys for requests, so a version keeps the key of
 * its registration as a tag, by which a repetition finds it.
 */
final class Registrations {
  /** Where models lie that no run has logged: the experiment that every server begins with. */
  private static final String DEFAULT_EXPERIMENT = "0";

  private final Rest rest;
  private final MlflowModels models;
  private final LoggedModels logged;
  private final Contents contents;

  Registrations(Rest rest, MlflowModels models, LoggedModels logged, Contents contents) {
    this.contents = contents;
    this.rest = rest;
    this.models = models;
    this.logged = logged;
  }

  ModelVersion register(NewVersion version) {
    boolean known = models.findModel(version.name()).map(this::usable).isPresent();
    if (known) {
      List<JsonObject> made = made(version);
      if (!made.isEmpty()) {
        return read(made.get(0));
      }
    }
    Content content = content(version);
    if (!known) {
      createModel(version.name());
    }
    JsonObject json = create(version, content);
    return first(version, json, content);
  }

  /** What it is made of may be too much for its tag. */
  private ModelVersion read(JsonObject json) {
    return VersionJson.version(json, contents.ofVersion(json));
  }

  private RegisteredModel usable(RegisteredModel model) {
    if (model.deleted()) {
      throw new ConflictException(
          "registered model " + Printable.quote(model.name()) + " is deleted; restore it first");
    }
    return model;
  }

  private void createModel(String name) {
    try {
      models.createModel(name, "", Map.of());
    } catch (ConflictException e) {
      return; // somebody else has made it meanwhile
    }
  }

  /** What is registered, and where it lies. */
  private record Content(String source, @Nullable String modelId, PackageTag tag) {}

  private Content content(NewVersion version) {
    if (version.source() instanceof NewVersion.Source.Logged source) {
      return content(source.model());
    }
    NewVersion.Source.Packed packed = (NewVersion.Source.Packed) version.source();
    LoggedModel model =
        logged.put(DEFAULT_EXPERIMENT, version.key(), logName(version.name()), packed.model());
    return content(model, PackageTag.of(packed.model()));
  }

  private Content content(LoggedModel model) {
    if (!rest.keepsModels()) {
      return content(model, new PackageTag(model.flavor(), model.digest(), model.parts()));
    }
    JsonObject info =
        logged
            .find(model.id())
            .orElseThrow(
                () ->
                    new NotFoundException(
                        "there is no logged model " + model.id() + " on this server"));
    return content(model, contents.of(info));
  }

  private Content content(LoggedModel model, PackageTag tag) {
    return new Content(logged.source(model), rest.keepsModels() ? model.id() : null, tag);
  }

  /** A logged model's name has fewer characters to choose from than a registered one's. */
  static String logName(String name) {
    return name.replaceAll("[/:.%\"']", "_");
  }

  private JsonObject create(NewVersion version, Content content) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("name", version.name());
    body.put("source", content.source());
    if (content.modelId() != null) {
      body.put("model_id", content.modelId());
    }
    if (version.lineage().runId() != null) {
      body.put("run_id", version.lineage().runId());
    }
    int longest = rest.keepsModels() ? PackageTag.LONGEST : PackageTag.LONGEST_BEFORE_3;
    body.put("description", version.description());
    body.put("tags", Tags.list(RegistryTags.of(version, content.tag(), longest)));
    try {
      return rest.post("model-versions/create", body).object("model_version");
    } catch (Refused e) {
      throw e.refusal().exception();
    }
  }

  /**
   * Of several that came at once with one key, the first stays. The server gives out numbers one
   * after the other, so who has made a later one sees the first.
   */
  private ModelVersion first(NewVersion version, JsonObject mine, Content content) {
    List<JsonObject> made = made(version);
    JsonObject first = made.isEmpty() ? mine : made.get(0);
    int number = VersionJson.number(mine);
    if (VersionJson.number(first) >= number) {
      return VersionJson.version(mine, content.tag());
    }
    try {
      rest.delete(
          "model-versions/delete",
          Map.of("name", version.name(), "version", String.valueOf(number)));
    } catch (Refused e) {
      throw e.refusal().exception();
    }
    return read(first);
  }

  /** Returns the versions that a registration has made, the first one first. */
  private List<JsonObject> made(NewVersion version) {
    Map<String, Object> asked =
        Map.of(
            "filter",
            "name = "
                + MlflowModels.quoted(version.name())
                + " AND tags.`"
                + RegistryTags.REGISTRATION
                + "` = "
                + MlflowModels.quoted(version.key()),
            "max_results",
            100);
    try {
      return rest.get("model-versions/search", asked).objects("model_versions").stream()
          .sorted(Comparator.comparingInt(VersionJson::number))
          .toList();
    } catch (Refused e) {
      throw e.refusal().exception();
    }
  }
}
