package io.plumbline.mlflow;

import io.plumbline.ConflictException;
import io.plumbline.NotFoundException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.AliasChange;
import io.plumbline.model.ModelQuery;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.Page;
import io.plumbline.model.RegisteredModel;
import io.plumbline.spi.ModelStore;
import io.plumbline.spi.NewAlias;
import io.plumbline.spi.NewVersion;
import io.plumbline.spi.RegistryUpdate;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The registered models of an MLflow server. What it has no field for is kept in tags: quarantine,
 * deletion that can be taken back, lineage, and the history of aliases.
 */
final class MlflowModels implements ModelStore {
  private final Rest rest;
  private final Contents contents;
  private final Stages stages;
  private final Aliases aliases;
  private final Registrations registrations;

  MlflowModels(Rest rest) {
    this.rest = rest;
    ArtifactProxy proxy = new ArtifactProxy(rest);
    LoggedModels logged = new LoggedModels(rest, proxy);
    this.contents = new Contents(rest, proxy, logged);
    this.stages = new Stages(rest);
    this.aliases = new Aliases(rest);
    this.registrations = new Registrations(rest, this, logged, contents);
  }

  // ---- models

  @Override
  public RegisteredModel createModel(String name, String description, Map<String, String> tags) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("name", name);
    body.put("description", description);
    body.put("tags", Tags.list(tags));
    try {
      return VersionJson.model(
          rest.post("registered-models/create", body).object("registered_model"));
    } catch (Refused e) {
      if (e.refusal().is("RESOURCE_ALREADY_EXISTS")) {
        throw new ConflictException(
            "there is a registered model " + Printable.quote(name) + " already");
      }
      throw e.refusal().exception();
    }
  }

  @Override
  public Optional<RegisteredModel> findModel(String name) {
    return json(name).map(VersionJson::model);
  }

  private Optional<JsonObject> json(String name) {
    try {
      return Optional.of(
          rest.get("registered-models/get", Map.of("name", name)).object("registered_model"));
    } catch (Refused e) {
      if (e.refusal().isMissing()) {
        return Optional.empty();
      }
      throw e.refusal().exception();
    }
  }

  /** Reads a model that must be there. */
  JsonObject required(String name) {
    return json(name).orElseThrow(() -> unknown(name));
  }

  private static NotFoundException unknown(String name) {
    return new NotFoundException("there is no registered model " + Printable.quote(name));
  }

  @Override
  public Page<RegisteredModel> searchModels(ModelQuery query) {
    Map<String, Object> asked = new LinkedHashMap<>();
    asked.put("filter", filter(query));
    asked.put("max_results", query.maxResults());
    asked.put("order_by", "name ASC");
    if (query.pageToken() != null) {
      asked.put("page_token", query.pageToken());
    }
    try {
      JsonObject page = rest.get("registered-models/search", asked);
      // LIKE takes more than was meant, and knows nothing of our deletions.
      List<RegisteredModel> models =
          page.objects("registered_models").stream()
              .map(VersionJson::model)
              .filter(query::matches)
              .toList();
      String token = page.stringOrEmpty("next_page_token");
      return new Page<>(models, token.isEmpty() ? null : token);
    } catch (Refused e) {
      throw e.refusal().exception();
    }
  }

  private static String filter(ModelQuery query) {
    StringBuilder filter = new StringBuilder();
    if (!query.nameContains().isEmpty()) {
      filter.append("name ILIKE ").append(quoted("%" + query.nameContains() + "%"));
    }
    query
        .tags()
        .forEach(
            (key, value) ->
                filter
                    .append(filter.length() == 0 ? "" : " AND ")
                    .append("tags.`")
                    .append(key)
                    .append("` = ")
                    .append(quoted(value)));
    return filter.toString();
  }

  /** Quotes a text for a filter, which has no escapes. */
  static String quoted(String text) {
    char quote = text.indexOf('\'') < 0 ? '\'' : '"';
    if (text.indexOf(quote) >= 0) {
      throw new IllegalArgumentException(
          "MLflow cannot search for " + Printable.quote(text) + ", which has both kinds of quotes");
    }
    return quote + text + quote;
  }

  @Override
  public void updateModel(String name, RegistryUpdate update) {
    Map<String, Object> of = Map.of("name", name);
    try {
      if (update instanceof RegistryUpdate.Quarantine) {
        throw new IllegalArgumentException("a quarantine is of a version, not of a model");
      }
      update("registered-models", of, update);
    } catch (Refused e) {
      throw e.refusal().isMissing() ? unknown(name) : e.refusal().exception();
    }
  }

  private void update(String kind, Map<String, Object> of, RegistryUpdate update) throws Refused {
    if (update instanceof RegistryUpdate.Describe describe) {
      rest.patch(kind + "/update", with(of, "description", describe.description()));
    } else if (update instanceof RegistryUpdate.SetTag tag) {
      setTag(kind, of, tag.key(), tag.value());
    } else if (update instanceof RegistryUpdate.DeleteTag tag) {
      rest.delete(kind + "/delete-tag", with(of, "key", tag.key()));
    } else if (update instanceof RegistryUpdate.SetDeleted deletion) {
      mark(kind, of, RegistryTags.DELETED, deletion.deleted() ? "true" : null);
    } else if (update instanceof RegistryUpdate.Quarantine quarantine) {
      mark(kind, of, RegistryTags.QUARANTINE, quarantine.reason());
    }
  }

  private void mark(String kind, Map<String, Object> of, String key, @Nullable String value)
      throws Refused {
    if (value == null) {
      rest.delete(kind + "/delete-tag", with(of, "key", key));
    } else {
      setTag(kind, of, key, value);
    }
  }

  private void setTag(String kind, Map<String, Object> of, String key, String value)
      throws Refused {
    rest.post(kind + "/set-tag", with(with(of, "key", key), "value", value));
  }

  private static Map<String, Object> with(Map<String, Object> of, String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(of);
    more.put(name, value);
    return more;
  }

  // ---- versions

  @Override
  public ModelVersion createVersion(NewVersion version) {
    return registrations.register(version);
  }

  @Override
  public Optional<ModelVersion> findVersion(String name, int version) {
    return versionJson(name, version).map(this::whole);
  }

  /** Reads a version with its content, also of one that others have registered. */
  private ModelVersion whole(JsonObject json) {
    return VersionJson.version(json, contents.ofVersion(json));
  }

  private Optional<JsonObject> versionJson(String name, int version) {
    try {
      return Optional.of(rest.get("model-versions/get", of(name, version)).object("model_version"));
    } catch (Refused e) {
      if (e.refusal().isMissing()) {
        return Optional.empty();
      }
      throw e.refusal().exception();
    }
  }

  private static Map<String, Object> of(String name, int version) {
    return Map.of("name", name, "version", String.valueOf(version));
  }

  @Override
  public Optional<ModelVersion> findByAlias(String name, String alias) {
    try {
      return Optional.of(
          whole(
              rest.get("registered-models/alias", Map.of("name", name, "alias", alias))
                  .object("model_version")));
    } catch (Refused e) {
      // A missing alias is "bad" to the server, not "missing".
      if (e.refusal().isMissing()
          || (e.refusal().isOfInput() && e.refusal().message().contains("alias"))) {
        return findByStage(name, alias);
      }
      throw e.refusal().exception();
    }
  }

  private Optional<ModelVersion> findByStage(String name, String alias) {
    try {
      return stages.newest(name, alias).map(this::whole);
    } catch (Refused e) {
      throw e.refusal().exception();
    }
  }

  @Override
  public Page<ModelVersion> versions(String name, int maxResults, @Nullable String pageToken) {
    RegisteredModel model = VersionJson.model(required(name));
    Map<String, Object> asked = new LinkedHashMap<>();
    asked.put("filter", "name = " + quoted(name));
    asked.put("order_by", "version_number DESC");
    asked.put("max_results", maxResults);
    if (pageToken != null) {
      asked.put("page_token", pageToken);
    }
    try {
      JsonObject page = rest.get("model-versions/search", asked);
      List<ModelVersion> versions =
          page.objects("model_versions").stream().map(json -> version(json, model)).toList();
      String token = page.stringOrEmpty("next_page_token");
      return new Page<>(versions, token.isEmpty() ? null : token);
    } catch (Refused e) {
      throw e.refusal().exception();
    }
  }

  private static ModelVersion version(JsonObject json, RegisteredModel of) {
    Set<String> aliases = new TreeSet<>();
    of.aliases()
        .forEach(
            (alias, number) -> {
              if (number == VersionJson.number(json)) {
                aliases.add(alias);
              }
            });
    return VersionJson.version(json, aliases);
  }

  @Override
  public void updateVersion(String name, int version, RegistryUpdate update) {
    try {
      update("model-versions", of(name, version), update);
    } catch (Refused e) {
      throw e.refusal().isMissing() ? Contents.unknown(name, version) : e.refusal().exception();
    }
  }

  // ---- aliases

  @Override
  public AliasChange changeAlias(NewAlias alias) {
    JsonObject model = required(alias.model());
    try {
      return aliases.change(model, alias);
    } catch (Refused e) {
      Integer version = alias.version();
      throw version != null && e.refusal().isMissing()
          ? Contents.unknown(alias.model(), version)
          : e.refusal().exception();
    }
  }

  @Override
  public List<AliasChange> aliasHistory(String name, String alias) {
    return json(name).map(json -> Aliases.history(json, alias)).orElse(List.of());
  }

  // ---- contents

  @Override
  public InputStream openPart(ModelVersion version, String part, long offset) {
    return contents.open(version, part, offset);
  }
}
