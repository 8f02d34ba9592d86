package io.plumbline.internal.copy;

import io.plumbline.NotFoundException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.Retrying;
import io.plumbline.internal.Sleeper;
import io.plumbline.internal.store.EmbeddedBackend;
import io.plumbline.internal.store.EmbeddedStore;
import io.plumbline.internal.store.RegistryFiles;
import io.plumbline.model.AliasChange;
import io.plumbline.model.Lineage;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.ModelNames;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelQuery;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.Page;
import io.plumbline.model.RegisteredModel;
import io.plumbline.spi.Backend;
import io.plumbline.spi.ModelStore;
import io.plumbline.spi.NewAlias;
import io.plumbline.spi.NewVersion;
import io.plumbline.spi.RegistryUpdate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Copies registered models with their versions, whose numbers they keep, and aliases. */
final class RegistryCopy {
  private static final int PAGE = 100;
  private static final String USER = "import";

  private final ModelStore source;
  private final VersionFiles files;
  private final Guard guard;
  private final EmbeddedStore store;
  private final RegistryFiles target;
  private final String origin;
  private final boolean deleted;
  private final UnaryOperator<String> runId;
  private final CopyCount count;
  private @Nullable Map<String, LoggedModel> logged;

  RegistryCopy(
      Backend backend,
      int retries,
      Guard guard,
      EmbeddedStore store,
      EmbeddedBackend target,
      String origin,
      boolean deleted,
      UnaryOperator<String> runId,
      CopyCount count) {
    this.source = Retrying.of(ModelStore.class, backend.models(), retries, Sleeper.SYSTEM);
    this.files = new VersionFiles(new Attempts(backend, retries));
    this.guard = guard;
    this.store = store;
    this.target = target.registry();
    this.origin = origin;
    this.deleted = deleted;
    this.runId = runId;
    this.count = count;
  }

  /** Copies the models of these names; all, if there are none. */
  void copy(Collection<String> names) {
    if (!names.isEmpty()) {
      for (String name : names) {
        copy(
            source
                .findModel(name)
                .orElseThrow(
                    () ->
                        new NotFoundException(
                            "there is no registered model "
                                + Printable.quote(name)
                                + " in "
                                + origin)));
      }
      return;
    }
    guard.done("the registered models", this::copyAll);
  }

  private void copyAll() {
    ModelQuery query = deleted ? ModelQuery.ALL.withDeleted() : ModelQuery.ALL;
    String token = null;
    do {
      Page<RegisteredModel> page = source.searchModels(query.page(PAGE, token));
      page.items().forEach(this::copy);
      token = page.pageToken();
    } while (token != null);
  }

  private void copy(RegisteredModel there) {
    guard.done("registered model " + Printable.quote(there.name()), () -> model(there));
  }

  private void model(RegisteredModel there) {
    String name = ModelNames.model(there.name());
    Optional<RegisteredModel> found = target.findModel(name);
    RegisteredModel here =
        found.isPresent()
            ? found.get()
            : target.createModel(name, there.description(), there.tags());
    if (here.deleted() && !there.deleted()) {
      count.problem(
          "registered model " + Printable.quote(name) + " is deleted here; restore it first");
      return;
    }
    if (here.deleted()) {
      return; // it was copied before it was deleted there
    }
    describe(
        there.description(),
        here.description(),
        there.tags(),
        here.tags(),
        update -> target.updateModel(name, update));
    for (ModelVersion version : versions(name)) {
      if (deleted || !version.deleted()) {
        guard.done(version.uri(), () -> version(version));
      }
    }
    there
        .aliases()
        .forEach(
            (alias, version) ->
                guard.done("alias " + alias + " of " + name, () -> alias(name, alias, version)));
    here.aliases().keySet().stream()
        .filter(alias -> !there.aliases().containsKey(alias) && isOurs(name, alias))
        .forEach(alias -> change(name, alias, null));
    if (there.deleted()) {
      target.updateModel(name, new RegistryUpdate.SetDeleted(true));
    }
  }

  private List<ModelVersion> versions(String name) {
    List<ModelVersion> versions = new ArrayList<>();
    String token = null;
    do {
      Page<ModelVersion> page = source.versions(name, PAGE, token);
      versions.addAll(page.items());
      token = page.pageToken();
    } while (token != null);
    Collections.reverse(versions);
    return versions;
  }

  private static void describe(
      String theirs,
      String ours,
      Map<String, String> theirTags,
      Map<String, String> ourTags,
      Consumer<RegistryUpdate> updates) {
    if (!theirs.equals(ours) && !theirs.isEmpty()) {
      updates.accept(new RegistryUpdate.Describe(theirs));
    }
    theirTags.forEach(
        (key, value) -> {
          if (!key.equals(StoreCopy.ORIGIN) && !value.equals(ourTags.get(key))) {
            updates.accept(new RegistryUpdate.SetTag(key, value));
          }
        });
  }

  // ---- versions

  private void version(ModelVersion there) {
    String name = there.name();
    int number = there.version();
    Optional<ModelVersion> found = target.findVersion(name, number);
    if (found.isPresent() && !found.get().tags().containsKey(StoreCopy.ORIGIN)) {
      boolean same = !there.digest().isEmpty() && there.digest().equals(found.get().digest());
      if (!same) {
        count.problem(there.uri() + " is another one here, and stays what it is");
      }
      return;
    }
    ModelVersion here = found.isPresent() ? found.get() : add(there);
    if (here == null) {
      return;
    }
    describe(
        there.description(),
        here.description(),
        there.tags(),
        here.tags(),
        update -> target.updateVersion(name, number, update));
    String reason = there.quarantine().orElse(null);
    if (!Objects.equals(reason, here.quarantine().orElse(null))) {
      target.updateVersion(name, number, new RegistryUpdate.Quarantine(reason));
    }
    if (there.deleted() != here.deleted()) {
      target.updateVersion(name, number, new RegistryUpdate.SetDeleted(there.deleted()));
    }
  }

  private @Nullable ModelVersion add(ModelVersion there) {
    LoggedModel known = logged().get(String.valueOf(there.lineage().modelId()));
    Optional<ModelVersion> added;
    if (known != null) {
      added = add(there, new NewVersion.Source.Logged(known));
    } else {
      added = fetched(there);
    }
    added.ifPresent(version -> count.version());
    return added.orElse(null);
  }

  private Optional<ModelVersion> fetched(ModelVersion listed) {
    ModelVersion there =
        source
            .findVersion(listed.name(), listed.version())
            .orElseThrow(() -> new NotFoundException("it is not there any more"));
    if (there.digest().isEmpty()) {
      count.problem(there.uri() + " has no files that can be fetched as a model: it is not copied");
      return Optional.empty();
    }
    try (Staging staging = Staging.in(store)) {
      ModelPackage read = staging.fill(() -> files.read(there, staging.folder()));
      return add(there, new NewVersion.Source.Packed(read));
    }
  }

  private Optional<ModelVersion> add(ModelVersion there, NewVersion.Source source) {
    Map<String, String> tags = new LinkedHashMap<>(there.tags());
    String mark = origin + " version " + there.version() + " of " + there.name();
    tags.put(StoreCopy.ORIGIN, mark);
    return target.addVersion(
        there.version(),
        new NewVersion(
            "import version " + there.version(),
            there.name(),
            source,
            lineage(there.lineage()),
            there.user(),
            there.description(),
            tags),
        there.created());
  }

  private Lineage lineage(Lineage there) {
    String run = there.runId();
    String parent = there.parentRunId();
    return new Lineage(
        run == null ? null : runId.apply(run),
        there.modelId(),
        there.experiment(),
        parent == null ? null : runId.apply(parent),
        there.inputs(),
        there.parents());
  }

  /** All models that runs of this store have logged, by their ids. */
  private Map<String, LoggedModel> logged() {
    Map<String, LoggedModel> known = logged;
    if (known == null) {
      Map<String, LoggedModel> all = new HashMap<>();
      store.settle();
      store.runs().all().forEach(run -> run.models().forEach(each -> all.put(each.id(), each)));
      logged = all;
      known = all;
    }
    return known;
  }

  // ---- aliases

  private void alias(String name, String alias, int version) {
    ModelNames.alias(alias);
    Optional<ModelVersion> here = target.findByAlias(name, alias);
    if (here.isPresent() && here.get().version() == version) {
      return;
    }
    if (here.isPresent() && !isOurs(name, alias)) {
      count.problem(
          "the alias "
              + alias
              + " of "
              + Printable.quote(name)
              + " points to version "
              + version
              + " there; somebody has set it to version "
              + here.get().version()
              + " here, where it stays");
      return;
    }
    if (target.findVersion(name, version).isPresent()) {
      change(name, alias, version);
      count.alias();
    }
  }

  /** Whether an import was the last one to set an alias. */
  private boolean isOurs(String name, String alias) {
    List<AliasChange> history = target.aliasHistory(name, alias);
    return !history.isEmpty() && history.get(0).user().equals(USER);
  }

  private void change(String name, String alias, @Nullable Integer version) {
    target.changeAlias(
        new NewAlias(
            name,
            alias,
            version,
            null,
            version == null ? AliasChange.Kind.DELETE : AliasChange.Kind.SET,
            USER,
            "as in " + origin));
  }
}
