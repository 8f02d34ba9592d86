package io.plumbline.registry.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.plumbline.Config;
import io.plumbline.NotFoundException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.Time;
import io.plumbline.internal.config.Keys;
import io.plumbline.model.AliasChange;
import io.plumbline.model.Lineage;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelQuery;
import io.plumbline.model.ModelRef;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.Page;
import io.plumbline.model.RegisteredModel;
import io.plumbline.model.Stage;
import io.plumbline.registry.FetchedModel;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.registry.ModelWatch;
import io.plumbline.registry.RegisterOptions;
import io.plumbline.spi.Backend;
import io.plumbline.spi.ModelStore;
import io.plumbline.spi.NewAlias;
import io.plumbline.spi.NewVersion;
import io.plumbline.spi.RegistryUpdate;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A registry on a backend's model store. */
final class StoreRegistry implements ModelRegistry {
  private final Config config;
  private final ModelStore models;
  private final LoggedModels logged;
  private final ModelCache cache;
  private final Resolver resolver;
  private final GoodVersions good;
  private final Watchers watchers;
  private final Runnable closing;
  private final Cache<ModelRef, Answer> answers;
  private final AtomicLong changes = new AtomicLong();

  /** An answer, and after how many changes of our own it was asked for. */
  private record Answer(ModelVersion version, long after) {}

  StoreRegistry(
      Config config,
      ModelStore models,
      LoggedModels logged,
      ModelCache cache,
      String location,
      Time time,
      Runnable closing) {
    this.config = config;
    this.closing = closing;
    this.models = models;
    this.logged = logged;
    this.cache = cache;
    this.resolver = new Resolver(models, logged);
    this.good = new GoodVersions(cache.root(), location, time);
    this.watchers =
        new Watchers(
            resolver::resolve,
            config.get(Keys.REGISTRY_POLL),
            config.get(Keys.REGISTRY_STALE),
            time);
    this.answers =
        Caffeine.newBuilder()
            .expireAfterWrite(config.get(Keys.REGISTRY_METADATA_AGE))
            .maximumSize(10_000)
            .ticker(time::nanos)
            .executor(Runnable::run) // never on the common pool
            .build();
  }

  /** Returns what keeps the models. */
  ModelStore models() {
    return models;
  }

  /** Returns how to open what keeps the runs; nothing if nothing is to be tracked. */
  Optional<Supplier<Backend>> runs() {
    return config.enabled() ? Optional.of(logged::open) : Optional.empty();
  }

  private String user() {
    return config.get(Keys.USER);
  }

  private static String reason(String reason) {
    return Objects.requireNonNull(reason, "reason");
  }

  // ---- registering

  @Override
  public ModelVersion register(String name, LoggedModel model) {
    return register(name, model, RegisterOptions.none());
  }

  @Override
  public ModelVersion register(String name, LoggedModel model, RegisterOptions options) {
    Lineage lineage = logged.lineage(model, options.parents());
    return create(name, logged.source(model), lineage, options);
  }

  @Override
  public ModelVersion register(String name, ModelPackage model, RegisterOptions options) {
    Lineage lineage = new Lineage(null, null, "", null, List.of(), options.parents());
    return create(name, new NewVersion.Source.Packed(model), lineage, options);
  }

  private ModelVersion create(
      String name, NewVersion.Source source, Lineage lineage, RegisterOptions options) {
    ModelVersion made =
        models.createVersion(
            new NewVersion(
                UUID.randomUUID().toString(),
                name,
                source,
                lineage,
                user(),
                options.description(),
                options.tags()));
    changes.incrementAndGet();
    return made;
  }

  // ---- reading

  @Override
  public RegisteredModel model(String name) {
    return findModel(name).orElseThrow(() -> Resolver.noModel(name));
  }

  @Override
  public Optional<RegisteredModel> findModel(String name) {
    return models.findModel(name);
  }

  @Override
  public Page<RegisteredModel> search(ModelQuery query) {
    return models.searchModels(query);
  }

  @Override
  public Page<ModelVersion> versions(String name, int maxResults, @Nullable String pageToken) {
    if (maxResults < 1 || maxResults > 1_000) {
      throw new IllegalArgumentException(
          "maxResults is " + maxResults + "; a page has 1 to 1,000 versions");
    }
    return models.versions(name, maxResults, pageToken);
  }

  @Override
  public ModelVersion version(String name, int version) {
    return models.findVersion(name, version).orElseThrow(() -> resolver.noVersion(name, version));
  }

  @Override
  public ModelVersion resolve(String ref) {
    return resolve(ModelRef.parse(ref));
  }

  @Override
  public ModelVersion resolve(ModelRef ref) {
    long after = changes.get();
    Answer known = answers.getIfPresent(Objects.requireNonNull(ref, "ref"));
    if (known == null || known.after() != after) {
      known = new Answer(resolver.resolve(ref), after);
      answers.put(ref, known);
    }
    return known.version();
  }

  // ---- aliases

  private AliasChange change(NewAlias alias) {
    Integer version = alias.version();
    if (version != null) {
      ModelVersion target = version(alias.model(), version);
      Resolver.usable(target, target.uri());
    }
    AliasChange change = models.changeAlias(alias);
    changes.incrementAndGet();
    return change;
  }

  @Override
  public AliasChange setAlias(String name, String alias, int version, String reason) {
    return change(
        new NewAlias(name, alias, version, null, AliasChange.Kind.SET, user(), reason(reason)));
  }

  @Override
  public AliasChange moveAlias(
      String name, String alias, int expected, int version, String reason) {
    NewAlias.Expected now = new NewAlias.Expected(expected == 0 ? null : (Integer) expected);
    return change(
        new NewAlias(name, alias, version, now, AliasChange.Kind.SET, user(), reason(reason)));
  }

  @Override
  public AliasChange deleteAlias(String name, String alias, String reason) {
    return change(
        new NewAlias(name, alias, null, null, AliasChange.Kind.DELETE, user(), reason(reason)));
  }

  @Override
  public List<AliasChange> aliasHistory(String name, String alias) {
    return models.aliasHistory(name, alias);
  }

  @Override
  public AliasChange promote(ModelVersion version, String alias, String reason) {
    registered(version);
    List<AliasChange> history = models.aliasHistory(version.name(), alias);
    Integer now = history.isEmpty() ? null : history.get(0).version();
    if (now != null && now == version.version()) {
      Resolver.usable(version(version.name(), now), version.uri());
      return history.get(0);
    }
    return moveAlias(version.name(), alias, now == null ? 0 : now, version.version(), reason);
  }

  @Override
  public AliasChange rollback(String name, String alias, String reason) {
    List<AliasChange> history = models.aliasHistory(name, alias);
    Integer now = history.isEmpty() ? null : history.get(0).version();
    for (int version : AliasStack.before(history)) {
      if (models.findVersion(name, version).filter(ModelVersion::usable).isPresent()) {
        return change(
            new NewAlias(
                name,
                alias,
                version,
                new NewAlias.Expected(now),
                AliasChange.Kind.ROLLBACK,
                user(),
                reason(reason)));
      }
    }
    throw new NotFoundException(
        "the alias "
            + Printable.quote(alias)
            + " of model "
            + Printable.quote(name)
            + (history.isEmpty() ? " was never set" : " has no earlier version that can be used")
            + ": there is nothing to go back to; point it to a version with setAlias");
  }

  @Override
  public AliasChange setStage(ModelVersion version, Stage stage, String reason) {
    return promote(version, stage.alias(), reason);
  }

  // ---- what people say of models

  private static void registered(ModelVersion version) {
    if (!version.registered()) {
      throw new IllegalArgumentException(
          version.uri() + " is not registered; register it under a name first");
    }
  }

  private ModelVersion update(ModelVersion version, RegistryUpdate update) {
    registered(version);
    models.updateVersion(version.name(), version.version(), update);
    changes.incrementAndGet();
    return version(version.name(), version.version());
  }

  private void update(String name, RegistryUpdate update) {
    models.updateModel(name, update);
    changes.incrementAndGet();
  }

  @Override
  public ModelVersion quarantine(ModelVersion version, String reason) {
    if (reason.isBlank()) {
      throw new IllegalArgumentException("a quarantine needs a reason that others can read");
    }
    return update(version, new RegistryUpdate.Quarantine(reason));
  }

  @Override
  public ModelVersion release(ModelVersion version) {
    return update(version, new RegistryUpdate.Quarantine(null));
  }

  @Override
  public void describe(String name, String description) {
    update(name, new RegistryUpdate.Describe(description));
  }

  @Override
  public ModelVersion describe(ModelVersion version, String description) {
    return update(version, new RegistryUpdate.Describe(description));
  }

  private static RegistryUpdate tag(String key, @Nullable String value) {
    return value == null
        ? new RegistryUpdate.DeleteTag(key)
        : new RegistryUpdate.SetTag(key, value);
  }

  @Override
  public void setTag(String name, String key, @Nullable String value) {
    update(name, tag(key, value));
  }

  @Override
  public ModelVersion setTag(ModelVersion version, String key, @Nullable String value) {
    return update(version, tag(key, value));
  }

  @Override
  public RegisteredModel createModel(String name, String description, Map<String, String> tags) {
    return models.createModel(name, description, tags);
  }

  @Override
  public void delete(String name) {
    update(name, new RegistryUpdate.SetDeleted(true));
  }

  @Override
  public void restore(String name) {
    update(name, new RegistryUpdate.SetDeleted(false));
  }

  @Override
  public ModelVersion delete(ModelVersion version) {
    return update(version, new RegistryUpdate.SetDeleted(true));
  }

  @Override
  public ModelVersion restore(ModelVersion version) {
    return update(version, new RegistryUpdate.SetDeleted(false));
  }

  // ---- fetching

  @Override
  public FetchedModel fetch(String ref) {
    return fetch(resolve(ref));
  }

  @Override
  public FetchedModel fetch(ModelVersion version) {
    ModelVersion whole = resolver.whole(version);
    return cache.fetch(whole, (part, offset) -> models.openPart(whole, part, offset));
  }

  @Override
  public void rememberGood(ModelRef ref, ModelVersion version) {
    good.remember(ref, version);
  }

  @Override
  public Optional<FetchedModel> lastKnownGood(ModelRef ref) {
    return good.find(ref).flatMap(cache::find);
  }

  @Override
  public ModelWatch watch(ModelRef ref, ModelWatch.Listener listener) {
    return watchers.watch(ref, listener);
  }

  @Override
  public Path store() {
    return config.store();
  }

  @Override
  public void close() {
    watchers.close();
    closing.run();
  }

  @Override
  public String toString() {
    return "ModelRegistry[" + models + "]";
  }
}
