package io.plumbline.mlflow;

import io.plumbline.ConflictException;
import io.plumbline.IntegrityException;
import io.plumbline.NotFoundException;
import io.plumbline.PlumblineException;
import io.plumbline.ServerException;
import io.plumbline.internal.Retrying;
import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.ModelPackage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps models on a server that keeps logged models. Each is pending until all its files are there;
 * one that was begun is gone on with, so that a repetition makes no second one.
 */
final class ModelUploads {
  private final Rest rest;
  private final ArtifactProxy proxy;
  private final LoggedModels models;

  ModelUploads(Rest rest, ArtifactProxy proxy, LoggedModels models) {
    this.rest = rest;
    this.proxy = proxy;
    this.models = models;
  }

  /**
   * Keeps a model of no run: it is pending until all its files are there.
   *
   * @param experimentId where it is kept
   * @param key names the registration; the same key again goes on with the model that it has begun
   */
  LoggedModel put(String experimentId, String key, String name, ModelPackage model) {
    PackageTag tag = PackageTag.of(model);
    try {
      List<JsonObject> begun = begun(experimentId, key);
      JsonObject info =
          begun.isEmpty() ? create(experimentId, null, key, name, model, tag) : begun.get(0);
      send(info, null, model, !begun.isEmpty());
      ready(info);
      return LoggedModels.read(info, tag);
    } catch (Refused e) {
      throw e.refusal().exception();
    }
  }

  /** Keeps a model that a run logs. */
  LoggedModel put(JsonObject run, String name, ModelPackage model) {
    String experimentId = Ids.of(run.object("info"), "experiment_id");
    String runId = Ids.of(run.object("info"), "run_id");
    PackageTag tag = PackageTag.of(model);
    try {
      List<JsonObject> begun = begun(run, name, tag);
      JsonObject info =
          begun.isEmpty() ? create(experimentId, runId, null, name, model, tag) : begun.get(0);
      send(info, runId, model, !begun.isEmpty());
      String id = ready(info);
      deleteTwins(run, name, tag, id);
      rest.post(
          "runs/outputs",
          Map.of("run_id", runId, "models", List.of(Map.of("model_id", id, "step", 0))));
      return LoggedModels.read(info, tag);
    } catch (Refused e) {
      throw e.refusal().exception();
    }
  }

  private String ready(JsonObject info) throws Refused {
    String id = Ids.of(info, "model_id");
    rest.patch("logged-models/" + id, Map.of("model_id", id, "status", "LOGGED_MODEL_READY"));
    return id;
  }

  /** Something on the way that repeats a request has the model made twice. */
  private void deleteTwins(JsonObject run, String name, PackageTag tag, String id) throws Refused {
    for (JsonObject twin : begun(run, name, tag)) {
      String its = Ids.of(twin, "model_id");
      if (!its.equals(id)) {
        rest.delete("logged-models/" + its, Map.of("model_id", its));
      }
    }
  }

  private JsonObject create(
      String experimentId,
      @Nullable String runId,
      @Nullable String key,
      String name,
      ModelPackage model,
      PackageTag tag)
      throws Refused {
    Map<String, String> tags = new HashMap<>(tag.tag(PackageTag.LONGEST));
    if (key != null) {
      tags.put(RegistryTags.REGISTRATION, key);
    }
    Map<String, Object> body = new HashMap<>();
    body.put("experiment_id", experimentId);
    body.put("name", name);
    body.put("model_type", model.flavor());
    body.put("tags", Tags.list(tags));
    if (runId != null) {
      body.put("source_run_id", runId);
    }
    return rest.post("logged-models", body).object("model").object("info");
  }

  /**
   * Finds the same model of the same run, which the run does not have among its outputs yet: it is
   * gone on with, so that no half of a model stays behind.
   */
  private List<JsonObject> begun(JsonObject run, String name, PackageTag tag) {
    List<String> whole = LoggedModels.ids(run);
    return models.infos(List.of(run)).stream()
        .filter(info -> !whole.contains(Ids.of(info, "model_id")))
        .filter(info -> !isFailed(info))
        .filter(info -> info.stringOrEmpty("name").equals(name))
        .filter(info -> isSame(PackageTag.of(info), tag))
        .toList();
  }

  /** Finds the models that a registration has begun. */
  private List<JsonObject> begun(String experimentId, String key) {
    String filter = "tags.`" + RegistryTags.REGISTRATION + "` = " + MlflowModels.quoted(key);
    return models.infos(List.of(experimentId), filter).stream()
        .filter(info -> !isFailed(info))
        .toList();
  }

  private static boolean isFailed(JsonObject info) {
    return info.stringOrEmpty("status").equals("LOGGED_MODEL_UPLOAD_FAILED");
  }

  private static boolean isSame(PackageTag one, PackageTag other) {
    return one.whole() && one.digest().equals(other.digest());
  }

  /** Sends the files; if that is refused for good, the server gets to know it. */
  private void send(JsonObject info, @Nullable String runId, ModelPackage model, boolean begun) {
    String id = Ids.of(info, "model_id");
    String root = info.string("artifact_uri");
    MlflowFiles.Place place =
        new MlflowFiles.Place(root, id, runId, LoggedModels.created(info), rest.version());
    try {
      Map<String, Sending> files = PartBody.of(model, place);
      if (begun) {
        new Uploads(rest, proxy).missing(root, files);
      } else {
        proxy.put(root, files);
      }
    } catch (PlumblineException | IllegalArgumentException e) {
      if (runId == null ? !Retrying.mayPass(e) : isForGood(e)) {
        fail(id);
      }
      throw e;
    }
  }

  /**
   * Whether the model is never sent again: a courier gives it up, and not only for now, after
   * these. What the server says in no words of MLflow's is no bad argument of ours.
   */
  private static boolean isForGood(RuntimeException e) {
    return e instanceof NotFoundException
        || e instanceof ConflictException
        || e instanceof ServerException.InvalidRequest
        || e instanceof IntegrityException
        || (e instanceof IllegalArgumentException && !(e instanceof JsonException));
  }

  private void fail(String id) {
    try {
      rest.patch(
          "logged-models/" + id, Map.of("model_id", id, "status", "LOGGED_MODEL_UPLOAD_FAILED"));
    } catch (Refused | PlumblineException e) {
      // What the upload has failed with is what is told.
    }
  }
}
