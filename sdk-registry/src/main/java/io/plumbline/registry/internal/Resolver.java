package io.plumbline.registry.internal;

import io.plumbline.ConflictException;
import io.plumbline.NotFoundException;
import io.plumbline.internal.Printable;
import io.plumbline.model.ModelRef;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.Page;
import io.plumbline.model.RegisteredModel;
import io.plumbline.spi.ModelStore;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Finds the version that a reference names now, and refuses what must not be used. */
final class Resolver {
  private static final int PAGE = 100;

  private final ModelStore models;
  private final LoggedModels logged;

  Resolver(ModelStore models, LoggedModels logged) {
    this.models = models;
    this.logged = logged;
  }

  /**
   * Resolves a reference.
   *
   * @throws NotFoundException if there is nothing, or it is deleted
   * @throws ConflictException if it is quarantined
   */
  ModelVersion resolve(ModelRef ref) {
    if (ref instanceof ModelRef.ByRun || ref instanceof ModelRef.ById) {
      return ModelVersion.unregistered(logged.find(ref));
    }
    ModelVersion found = find(ref);
    if (models.findModel(found.name()).map(RegisteredModel::deleted).orElse(true)) {
      throw new NotFoundException(
          "the registered model "
              + Printable.quote(found.name())
              + " is deleted; restore it first");
    }
    usable(found, ref.toString());
    return found;
  }

  private ModelVersion find(ModelRef ref) {
    if (ref instanceof ModelRef.ByVersion byVersion) {
      return models
          .findVersion(byVersion.name(), byVersion.version())
          .orElseThrow(() -> noVersion(byVersion.name(), byVersion.version()));
    } else if (ref instanceof ModelRef.ByAlias byAlias) {
      return alias(byAlias.name(), byAlias.alias());
    } else if (ref instanceof ModelRef.ByStage byStage) {
      return alias(byStage.name(), byStage.stage().alias());
    } else if (ref instanceof ModelRef.Latest latest) {
      return newest(latest.name(), ModelVersion::usable)
          .map(this::whole)
          .orElseThrow(() -> noSuch(latest.name(), "a version that can be used"));
    }
    ModelRef.ByDigest byDigest = (ModelRef.ByDigest) ref;
    String digest = byDigest.digest();
    return newest(byDigest.name(), version -> version.digest().equals(digest))
        .or(() -> newest(byDigest.name(), version -> isUnread(version, digest)).map(this::whole))
        .orElseThrow(() -> noSuch(byDigest.name(), "a version with the digest " + digest));
  }

  private boolean isUnread(ModelVersion version, String digest) {
    return version.digest().isEmpty() && whole(version).digest().equals(digest);
  }

  /**
   * Returns a version with its files and their digests. A server's list lacks those of versions
   * that other clients have registered.
   */
  ModelVersion whole(ModelVersion version) {
    return version.registered() && version.digest().isEmpty()
        ? models.findVersion(version.name(), version.version()).orElse(version)
        : version;
  }

  private ModelVersion alias(String name, String alias) {
    return models
        .findByAlias(name, alias)
        .orElseThrow(
            () -> {
              RegisteredModel model = models.findModel(name).orElse(null);
              return model == null
                  ? noModel(name)
                  : new NotFoundException(
                      "the registered model "
                          + Printable.quote(name)
                          + " has no alias "
                          + Printable.quote(alias)
                          + "; it has "
                          + (model.aliases().isEmpty() ? "none" : model.aliases().keySet()));
            });
  }

  private Optional<ModelVersion> newest(String name, Predicate<ModelVersion> wanted) {
    @Nullable String token = null;
    do {
      Page<ModelVersion> page = models.versions(name, PAGE, token);
      Optional<ModelVersion> found = page.items().stream().filter(wanted).findFirst();
      if (found.isPresent()) {
        return found;
      }
      token = page.pageToken();
    } while (token != null);
    return Optional.empty();
  }

  private static NotFoundException noSuch(String name, String what) {
    return new NotFoundException(
        "the registered model " + Printable.quote(name) + " does not have " + what);
  }

  static NotFoundException noModel(String name) {
    return new NotFoundException("there is no registered model " + Printable.quote(name));
  }

  NotFoundException noVersion(String name, int version) {
    return models
        .findModel(name)
        .map(
            model ->
                new NotFoundException(
                    "the registered model "
                        + Printable.quote(name)
                        + " has no version "
                        + version
                        + "; its newest is "
                        + model.latestVersion()))
        .orElseGet(() -> noModel(name));
  }

  /** Refuses a version that is deleted or quarantined. */
  static void usable(ModelVersion version, String ref) {
    if (version.deleted()) {
      throw new NotFoundException(
          ref + " resolves to " + version.uri() + ", which is deleted; restore it first");
    }
    if (version.quarantine().isPresent()) {
      throw new ConflictException(
          ref
              + " resolves to "
              + version.uri()
              + ", which is quarantined: "
              + version.quarantine().get()
              + "; roll the alias back, promote another version, or release this one");
    }
  }
}
