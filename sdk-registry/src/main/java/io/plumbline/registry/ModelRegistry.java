package io.plumbline.registry;

import io.plumbline.Config;
import io.plumbline.ConfigException;
import io.plumbline.ConflictException;
import io.plumbline.IntegrityException;
import io.plumbline.NotFoundException;
import io.plumbline.Plumbline;
import io.plumbline.StoreException;
import io.plumbline.model.AliasChange;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelQuery;
import io.plumbline.model.ModelRef;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.Page;
import io.plumbline.model.RegisteredModel;
import io.plumbline.model.Stage;
import io.plumbline.registry.internal.Registries;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Registers models, moves the aliases that point to their versions, and resolves and fetches them.
 *
 * <pre>{@code
 * try (ModelRegistry registry = ModelRegistry.create()) {
 *   ModelVersion version = registry.register("flight-delay", run.model("model"));
 *   registry.promote(version, "champion", "better on March");
 *   FetchedModel model = registry.fetch("models:/flight-delay@champion");
 * }
 * }</pre>
 *
 * <p>Every call but {@link #resolve(ModelRef)}, whose answers are kept for a moment, asks the
 * registry and waits for the answer, and throws if it fails; nothing is queued. Safe for many
 * threads.
 */
public interface ModelRegistry extends AutoCloseable {
  /** Opens the registry of the configuration that {@link Config#load()} finds. */
  static ModelRegistry create() {
    return create(Config.load());
  }

  /**
   * Opens the registry of a configuration.
   *
   * @throws ConfigException if it names a server for which there is no backend
   */
  static ModelRegistry create(Config config) {
    return Registries.open(config, null);
  }

  /**
   * Opens the registry of an opened Plumbline, which stays open when the registry is closed: what
   * its runs have logged can be registered at once.
   */
  static ModelRegistry of(Plumbline plumbline) {
    return Registries.open(plumbline.config(), plumbline);
  }

  // ---- registering

  /** Registers what a run has logged as the next version; the model is made if need be. */
  ModelVersion register(String name, LoggedModel model);

  /**
   * Registers what a run has logged as the next version, with its lineage: the run, its experiment,
   * its parent and the datasets that they have read.
   *
   * @throws NotFoundException if the run is not in the store, or has not logged that model
   * @throws ConfigException if tracking was disabled when the model was logged
   * @throws ConflictException if the registered model is deleted
   */
  ModelVersion register(String name, LoggedModel model, RegisterOptions options);

  /** Registers a package that no run has logged. */
  ModelVersion register(String name, ModelPackage model, RegisterOptions options);

  // ---- reading

  /**
   * Reads a registered model, deleted or not.
   *
   * @throws NotFoundException if there is none of that name
   */
  RegisteredModel model(String name);

  /** Finds a registered model, deleted or not. */
  Optional<RegisteredModel> findModel(String name);

  /** Returns one page of the models that a query asks for. */
  Page<RegisteredModel> search(ModelQuery query);

  /**
   * Lists versions, deleted and quarantined ones included, the newest first. Those that other
   * clients than ours have registered at a server are listed without flavor, files and digest,
   * which {@link #version} reads.
   *
   * @param maxResults the size of a page, from 1 to 1,000
   * @param pageToken from the page before, or null
   */
  Page<ModelVersion> versions(String name, int maxResults, @Nullable String pageToken);

  /**
   * Reads a version, deleted and quarantined or not.
   *
   * @throws NotFoundException if there is none
   */
  ModelVersion version(String name, int version);

  /**
   * Resolves a reference.
   *
   * @throws IllegalArgumentException if it is none
   */
  ModelVersion resolve(String ref);

  /**
   * Resolves a reference. The answer may be as old as {@code registry.metadata.age}; what this
   * client changes itself shows at once.
   *
   * @throws NotFoundException if it resolves to nothing, or to a deleted version
   * @throws ConflictException if it resolves to a quarantined version; the message says why it is
   */
  ModelVersion resolve(ModelRef ref);

  // ---- aliases

  /**
   * Points an alias to a version, whatever it points to now.
   *
   * @param reason why; kept in the history
   * @throws NotFoundException if there is no such version
   * @throws ConflictException if the version is deleted or quarantined
   */
  AliasChange setAlias(String name, String alias, int version, String reason);

  /**
   * Points an alias to a version if it points to the expected one now.
   *
   * @param expected what it must point to; 0 if there must be no such alias
   * @throws ConflictException if it points elsewhere, or the version is deleted or quarantined
   */
  AliasChange moveAlias(String name, String alias, int expected, int version, String reason);

  /** Deletes an alias; its history stays. */
  AliasChange deleteAlias(String name, String alias, String reason);

  /** Returns the changes of an alias, the newest first. */
  List<AliasChange> aliasHistory(String name, String alias);

  /**
   * Makes a version the one that an alias points to. If it is already, nothing changes.
   *
   * @throws ConflictException if somebody else moves the alias at the same moment, or the version
   *     is deleted or quarantined
   */
  AliasChange promote(ModelVersion version, String alias, String reason);

  /**
   * Points an alias back to the version before the present one; twice in a row goes back two. What
   * is deleted or quarantined is passed over.
   *
   * @throws NotFoundException if there is no version to go back to
   * @throws ConflictException if somebody else moves the alias at the same moment
   */
  AliasChange rollback(String name, String alias, String reason);

  /** Puts a version into a stage of the old kind: points the alias of that name to it. */
  AliasChange setStage(ModelVersion version, Stage stage, String reason);

  // ---- what people say of models

  /** Says that a version must not be used: no resolver returns it, whatever points to it. */
  ModelVersion quarantine(ModelVersion version, String reason);

  /** Takes the quarantine of a version back. */
  ModelVersion release(ModelVersion version);

  /** Sets a model's description. */
  void describe(String name, String description);

  /** Sets a version's description. */
  ModelVersion describe(ModelVersion version, String description);

  /** Sets a tag of a model; null removes it. */
  void setTag(String name, String key, @Nullable String value);

  /** Sets a tag of a version; null removes it. */
  ModelVersion setTag(ModelVersion version, String key, @Nullable String value);

  /** Makes a registered model without versions. */
  RegisteredModel createModel(String name, String description, Map<String, String> tags);

  /** Deletes a model: it resolves to nothing, and can be restored. Repeating it is fine. */
  void delete(String name);

  /** Takes the deletion of a model back. Repeating it is fine. */
  void restore(String name);

  /** Deletes a version: it resolves to nothing, and can be restored. Repeating it is fine. */
  ModelVersion delete(ModelVersion version);

  /** Takes the deletion of a version back. Repeating it is fine. */
  ModelVersion restore(ModelVersion version);

  // ---- fetching

  /** Resolves a reference and fetches what it resolves to. */
  FetchedModel fetch(String ref);

  /**
   * Brings a version's files into the cache, if they are not there, and compares each with its
   * digest. An interrupted fetch is gone on with.
   *
   * @throws IntegrityException if the registry gives other bytes than it says
   * @throws StoreException if the cache's disk does not take it
   */
  FetchedModel fetch(ModelVersion version);

  /**
   * Keeps in the cache's folder that this version has proven good under this reference, for {@link
   * #lastKnownGood}.
   */
  void rememberGood(ModelRef ref, ModelVersion version);

  /**
   * Returns what was last remembered as good under a reference, without asking the registry, if it
   * is still in the cache and whole.
   */
  Optional<FetchedModel> lastKnownGood(ModelRef ref);

  /** Follows a reference, asking every {@code registry.poll}. Closed with this registry. */
  ModelWatch watch(ModelRef ref, ModelWatch.Listener listener);

  /** Returns the folder of the local store, which what follows a model keeps its files in. */
  Path store();

  /** Ends all watches. Idempotent. */
  @Override
  void close();
}
