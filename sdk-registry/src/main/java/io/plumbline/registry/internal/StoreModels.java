package io.plumbline.registry.internal;

import io.plumbline.Config;
import io.plumbline.ConfigException;
import io.plumbline.NotFoundException;
import io.plumbline.internal.Engine;
import io.plumbline.internal.Printable;
import io.plumbline.internal.Time;
import io.plumbline.internal.config.Keys;
import io.plumbline.internal.store.EmbeddedBackend;
import io.plumbline.internal.store.EmbeddedStore;
import io.plumbline.internal.store.RunReader;
import io.plumbline.internal.store.StoreView;
import io.plumbline.model.Lineage;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.ModelRef;
import io.plumbline.model.Run;
import io.plumbline.spi.Backend;
import io.plumbline.spi.NewVersion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The models that the runs of a store have logged. */
final class StoreModels implements LoggedModels {
  private final Config config;
  private final @Nullable EmbeddedStore store;
  private final Time time;
  private final Path registry;

  StoreModels(Config config, @Nullable EmbeddedStore store, Time time, Path registry) {
    this.config = config;
    this.store = store;
    this.time = time;
    this.registry = registry;
  }

  @Override
  public Backend open() {
    return store != null
        ? EmbeddedBackend.on(store)
        : EmbeddedBackend.open(config.store(), Engine.journalOptions(config));
  }

  private Optional<RunReader> runs() {
    if (store != null) {
      store.settle();
      return Optional.of(store.runs());
    }
    try {
      long lostNanos = config.get(Keys.HEARTBEAT_LOST).toNanos();
      return Optional.of(StoreView.open(config.store(), time, lostNanos).runs());
    } catch (NotFoundException e) {
      return Optional.empty(); // nobody has logged anything yet
    }
  }

  private Optional<Run> run(String id) {
    return runs().flatMap(runs -> runs.find(id));
  }

  @Override
  public LoggedModel find(ModelRef ref) {
    if (ref instanceof ModelRef.ByRun byRun) {
      Run run =
          run(byRun.runId())
              .orElseThrow(
                  () ->
                      new NotFoundException(
                          "there is no run "
                              + Printable.quote(byRun.runId())
                              + " in the store "
                              + config.store()));
      return run.model(byRun.name());
    }
    String id = ((ModelRef.ById) ref).modelId();
    return runs()
        .flatMap(
            runs ->
                runs.all().stream()
                    .filter(run -> !run.deleted())
                    .flatMap(run -> run.models().stream())
                    .filter(model -> model.id().equals(id))
                    .findFirst())
        .orElseThrow(
            () ->
                new NotFoundException(
                    "no run of the store " + config.store() + " has logged a model " + id));
  }

  @Override
  public Lineage lineage(LoggedModel model, List<String> parents) {
    Run run = run(model.runId()).orElse(null);
    if (run == null || run.models().stream().noneMatch(m -> m.id().equals(model.id()))) {
      throw notLogged(model);
    }
    Set<Lineage.Input> inputs = new LinkedHashSet<>();
    addInputs(run, inputs);
    run.parentId().flatMap(this::run).ifPresent(parent -> addInputs(parent, inputs));
    return new Lineage(
        run.id(),
        model.id(),
        run.experiment(),
        run.parentId().orElse(null),
        new ArrayList<>(inputs),
        parents);
  }

  static void addInputs(Run run, Set<Lineage.Input> inputs) {
    run.inputs()
        .forEach(
            input ->
                inputs.add(
                    new Lineage.Input(
                        input.dataset().name(), input.dataset().digest(), input.context())));
  }

  private RuntimeException notLogged(LoggedModel model) {
    if (!config.enabled()) {
      return new ConfigException(
          Keys.ENABLED.property(),
          config.source(Keys.ENABLED),
          "the run " + model.runId() + " is not kept, so its model can't be registered",
          "true, for runs whose models are registered");
    }
    return new NotFoundException(
        "the store "
            + config.store()
            + " has no run "
            + model.runId()
            + " with the model "
            + Printable.quote(model.name())
            + " ("
            + model.id()
            + "); it was logged into another store, or its run is not written yet");
  }

  @Override
  public NewVersion.Source source(LoggedModel model) {
    if (config.store().equals(registry)) {
      return new NewVersion.Source.Logged(model);
    }
    throw new ConfigException(
        Keys.REGISTRY_URI.property(),
        config.source(Keys.REGISTRY_URI),
        "the registry is in "
            + registry
            + ", and the run is in "
            + config.store()
            + "; a model is registered where its run is",
        "the folder of the runs");
  }
}
