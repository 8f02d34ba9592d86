package io.plumbline.spi;

import io.plumbline.ConflictException;
import io.plumbline.NotFoundException;
import io.plumbline.model.AliasChange;
import io.plumbline.model.ModelQuery;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.Page;
import io.plumbline.model.RegisteredModel;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps registered models, their versions and aliases.
 *
 * <p>Each call is atomic: it has happened whole or not at all, also if the process dies within it.
 * What a call has stored, the next call sees, from every instance that is opened on the same place.
 * Reading shows what is deleted and quarantined too: what may be used is decided by who resolves.
 * Unknown names are a {@link NotFoundException}, except where a method says otherwise.
 */
public interface ModelStore {
  // ---- models

  /**
   * Makes a registered model.
   *
   * @throws ConflictException if the name is taken, by a deleted model too
   */
  RegisteredModel createModel(String name, String description, Map<String, String> tags);

  /** Finds a registered model, deleted or not. */
  Optional<RegisteredModel> findModel(String name);

  /** Returns one page of the models that a query asks for. */
  Page<RegisteredModel> searchModels(ModelQuery query);

  /** Changes a model. */
  void updateModel(String name, RegistryUpdate update);

  // ---- versions

  /**
   * Registers a version, with the next number.
   *
   * @throws ConflictException if the model is deleted
   */
  ModelVersion createVersion(NewVersion version);

  /** Finds a version, deleted or not; nothing if there is no such model either. */
  Optional<ModelVersion> findVersion(String name, int version);

  /**
   * Finds the version that an alias points to, deleted or not; nothing if there is no such alias or
   * model.
   */
  Optional<ModelVersion> findByAlias(String name, String alias);

  /**
   * Lists the versions of a model, deleted ones included, the newest first.
   *
   * @param maxResults the size of a page, from 1
   * @param pageToken from the page before, or null
   */
  Page<ModelVersion> versions(String name, int maxResults, @Nullable String pageToken);

  /** Changes a version. */
  void updateVersion(String name, int version, RegistryUpdate update);

  // ---- aliases

  /**
   * Sets, moves or deletes an alias.
   *
   * @return the entry in its history; of a change that comes again, the one that it has made,
   *     whatever has come after it
   * @throws ConflictException if it does not point to what was expected; the message says to what
   *     it does; or if the model is deleted
   * @throws NotFoundException if there is no such version, or no such alias to be deleted
   */
  AliasChange changeAlias(NewAlias alias);

  /** Returns the changes of an alias, the newest first; none if there was never such an alias. */
  List<AliasChange> aliasHistory(String name, String alias);

  // ---- contents

  /**
   * Opens a file of a version, which the caller closes.
   *
   * @param part the file's path in the package
   * @param offset how many bytes are left out at the beginning, from 0 to the file's size
   * @throws NotFoundException if it has no such file
   */
  InputStream openPart(ModelVersion version, String part, long offset);
}
