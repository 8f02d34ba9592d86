package io.plumbline.tck;

import io.plumbline.ConflictException;
import io.plumbline.internal.journal.JournalOptions;
import io.plumbline.internal.store.EmbeddedBackend;
import io.plumbline.model.Artifact;
import io.plumbline.model.Lineage;
import io.plumbline.model.Page;
import io.plumbline.model.Run;
import io.plumbline.model.RunQuery;
import io.plumbline.spi.Backend;
import io.plumbline.spi.ModelStore;
import io.plumbline.spi.NewAlias;
import io.plumbline.spi.NewVersion;
import io.plumbline.spi.RegistryUpdate;
import io.plumbline.spi.RunStore;
import io.plumbline.spi.RunUpdate;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The embedded store, spoiled in one way: the kit is to find each of them. */
final class BrokenBackend implements Backend {
  /** How it is spoiled, and the group of the kit that must see it. */
  enum Flaw {
    FORGETS_LAST_METRIC(BackendKit.Metrics.class),
    LOSES_NAN(BackendKit.Metrics.class),
    CLAMPS_INFINITIES(BackendKit.Metrics.class),
    SORTS_METRICS_BY_STEP(BackendKit.Metrics.class),
    DROPS_EQUAL_POINTS(BackendKit.Metrics.class),
    ROUNDS_TO_FLOAT(BackendKit.Metrics.class),
    LOWERS_KEYS(BackendKit.Params.class),
    SWALLOWS_CONFLICTS(BackendKit.Params.class),
    APPLIES_UP_TO_THE_CONFLICT(BackendKit.Params.class),
    TRIMS_VALUES(BackendKit.Tags.class),
    APPLIES_TWICE(BackendKit.Batches.class),
    FORGETS_BATCH_KEYS_ON_CLOSE(BackendKit.Batches.class),
    KEEPS_INPUTS_TWICE(BackendKit.Inputs.class),
    REORDERS_UPDATES(BackendKit.Runs.class),
    IGNORES_END(BackendKit.Runs.class),
    FORGETS_LOCAL_IDS(BackendKit.Runs.class),
    CACHES_RUNS(BackendKit.Instances.class),
    WORKS_AFTER_CLOSE(BackendKit.Instances.class),
    SKIPS_BETWEEN_PAGES(BackendKit.Search.class),
    IGNORES_VIEW(BackendKit.Search.class),
    IGNORES_FILTER(BackendKit.Search.class),
    CUTS_ARTIFACTS(BackendKit.Artifacts.class),
    NEVER_REPLACES_ARTIFACTS(BackendKit.Artifacts.class),
    HIDES_DIRECTORIES(BackendKit.Artifacts.class),
    FORGETS_MODELS(BackendKit.Models.class),
    ERASES_AT_ONCE(BackendKit.Deletion.class),
    FORGETS_EXPERIMENT_TAGS(BackendKit.Experiments.class),
    LOSES_UNDER_THREADS(BackendKit.Concurrency.class),
    FORGETS_RENAMES(BackendKit.Sequences.class),
    REGISTERS_TWICE(BackendKit.Registry.class),
    IGNORES_OFFSETS(BackendKit.Registry.class),
    FORGETS_QUARANTINE(BackendKit.Registry.class),
    LOSES_LINEAGE(BackendKit.Registry.class),
    MOVES_ALIASES_REGARDLESS(BackendKit.Aliases.class),
    CHANGES_ALIASES_TWICE(BackendKit.Aliases.class),
    HIDES_WHO_CHANGED_ALIASES(BackendKit.Aliases.class),
    KEEPS_DELETED_ALIASES(BackendKit.Aliases.class);

    private final Class<?> group;

    Flaw(Class<?> group) {
      this.group = group;
    }

    Class<?> group() {
      return group;
    }
  }

  private final Flaw flaw;
  private final Path folder;
  private final RunStore runs;
  private final Map<String, Run> cache = new ConcurrentHashMap<>();
  private final Map<String, String> keys = new ConcurrentHashMap<>();
  private EmbeddedBackend real;
  private int applied;

  BrokenBackend(Flaw flaw, Path place) {
    this.flaw = flaw;
    this.folder = place.resolve("store");
    this.real = EmbeddedBackend.open(folder, JournalOptions.DEFAULT);
    this.runs =
        (RunStore)
            Proxy.newProxyInstance(
                RunStore.class.getClassLoader(),
                new Class<?>[] {RunStore.class},
                (proxy, method, args) -> call(method, args));
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.allOf(Capability.class);
  }

  @Override
  public RunStore runs() {
    return runs;
  }

  @Override
  public ModelStore models() {
    return (ModelStore)
        Proxy.newProxyInstance(
            ModelStore.class.getClassLoader(),
            new Class<?>[] {ModelStore.class},
            (proxy, method, args) -> callModels(method, args));
  }

  private @Nullable Object callModels(Method method, Object[] args) throws Throwable {
    if (args[0] instanceof NewVersion v) {
      args[0] =
          new NewVersion(
              flaw == Flaw.REGISTERS_TWICE ? UUID.randomUUID().toString() : v.key(),
              v.name(),
              v.source(),
              flaw == Flaw.LOSES_LINEAGE ? Lineage.UNKNOWN : v.lineage(),
              v.user(),
              v.description(),
              v.tags());
    } else if (args[0] instanceof NewAlias a) {
      if (flaw == Flaw.KEEPS_DELETED_ALIASES && a.version() == null) {
        return null;
      }
      args[0] =
          new NewAlias(
              flaw == Flaw.CHANGES_ALIASES_TWICE ? UUID.randomUUID().toString() : a.key(),
              a.model(),
              a.alias(),
              a.version(),
              flaw == Flaw.MOVES_ALIASES_REGARDLESS ? null : a.expected(),
              a.kind(),
              flaw == Flaw.HIDES_WHO_CHANGED_ALIASES ? "" : a.user(),
              a.reason());
    } else if (flaw == Flaw.IGNORES_OFFSETS && method.getName().equals("openPart")) {
      args[2] = 0L;
    } else if (flaw == Flaw.FORGETS_QUARANTINE
        && args.length == 3
        && args[2] instanceof RegistryUpdate.Quarantine) {
      return null;
    }
    return invoke(real.models(), method, args);
  }

  @Override
  public void close() {
    if (flaw == Flaw.WORKS_AFTER_CLOSE) {
      real.close();
      real = EmbeddedBackend.open(folder, JournalOptions.DEFAULT);
    } else {
      real.close();
    }
  }

  private @Nullable Object call(Method method, Object[] args) throws Throwable {
    return switch (method.getName()) {
      case "apply" -> {
        apply((String) args[0], (String) args[1], updates(args[2]));
        yield null;
      }
      case "find" ->
          flaw == Flaw.CACHES_RUNS && cache.containsKey(args[0])
              ? java.util.Optional.of(cache.get(args[0]))
              : real.find((String) args[0]).map(this::found);
      case "findCreated" ->
          flaw == Flaw.FORGETS_LOCAL_IDS ? java.util.Optional.empty() : invoke(method, args);
      case "search" -> search((RunQuery) args[0]);
      case "setExperimentTag" -> flaw == Flaw.FORGETS_EXPERIMENT_TAGS ? null : invoke(method, args);
      case "erase" -> {
        if (flaw == Flaw.ERASES_AT_ONCE) {
          real.setDeleted((String) args[0], true);
          end((String) args[0]);
        }
        yield invoke(method, args);
      }
      case "putArtifact" ->
          flaw == Flaw.NEVER_REPLACES_ARTIFACTS
                  && real.artifacts((String) args[0], "").stream()
                      .anyMatch(a -> a.path().equals(args[1]))
              ? null
              : invoke(method, args);
      case "artifacts" -> {
        List<Artifact> all = real.artifacts((String) args[0], (String) args[1]);
        yield flaw == Flaw.HIDES_DIRECTORIES
            ? all.stream().filter(a -> !a.directory()).toList()
            : all;
      }
      case "openArtifact" -> {
        InputStream in = real.openArtifact((String) args[0], (String) args[1]);
        yield flaw == Flaw.CUTS_ARTIFACTS ? new ByteArrayInputStream(in.readNBytes(1 << 20)) : in;
      }
      default -> invoke(method, args);
    };
  }

  private void end(String run) {
    real.setDeleted(run, false);
    real.apply(
        run,
        UUID.randomUUID().toString(),
        List.of(new RunUpdate.SetStatus(io.plumbline.model.RunStatus.FAILED, 1)));
    real.setDeleted(run, true);
  }

  private @Nullable Object invoke(Method method, Object[] args) throws Throwable {
    return invoke(real, method, args);
  }

  private static @Nullable Object invoke(Object target, Method method, Object[] args)
      throws Throwable {
    try {
      return method.invoke(target, args);
    } catch (InvocationTargetException e) {
      throw e.getTargetException();
    }
  }

  private static List<RunUpdate> updates(Object argument) {
    List<RunUpdate> updates = new ArrayList<>();
    ((List<?>) argument).forEach(each -> updates.add((RunUpdate) each));
    return updates;
  }

  private void apply(String run, String key, List<RunUpdate> updates) {
    List<RunUpdate> spoiled = spoil(new ArrayList<>(updates));
    switch (flaw) {
      case SWALLOWS_CONFLICTS -> {
        try {
          real.apply(run, key, spoiled);
        } catch (ConflictException e) {
          // That is the flaw.
        }
      }
      case APPLIES_UP_TO_THE_CONFLICT -> {
        for (int i = 0; i < spoiled.size(); i++) {
          real.apply(run, key + "#" + i, spoiled.subList(i, i + 1));
        }
      }
      case APPLIES_TWICE -> real.apply(run, UUID.randomUUID().toString(), spoiled);
      case FORGETS_BATCH_KEYS_ON_CLOSE ->
          real.apply(
              run, keys.computeIfAbsent(run + key, k -> UUID.randomUUID().toString()), spoiled);
      case LOSES_UNDER_THREADS -> {
        if (++applied % 50 != 0) {
          real.apply(run, key, spoiled);
        }
      }
      default -> real.apply(run, key, spoiled);
    }
  }

  private List<RunUpdate> spoil(List<RunUpdate> updates) {
    switch (flaw) {
      case FORGETS_LAST_METRIC -> {
        if (!updates.isEmpty() && updates.get(updates.size() - 1) instanceof RunUpdate.LogMetric) {
          updates.remove(updates.size() - 1);
        }
      }
      case SORTS_METRICS_BY_STEP ->
          updates.sort(
              Comparator.comparingLong(
                  u -> u instanceof RunUpdate.LogMetric metric ? metric.step() : 0));
      case REORDERS_UPDATES -> java.util.Collections.reverse(updates);
      case IGNORES_END -> updates.removeIf(u -> u instanceof RunUpdate.SetStatus);
      case FORGETS_RENAMES -> updates.removeIf(u -> u instanceof RunUpdate.Rename);
      case DROPS_EQUAL_POINTS -> {
        List<RunUpdate> once = updates.stream().distinct().toList();
        updates.clear();
        updates.addAll(once);
      }
      default -> updates.replaceAll(this::spoil);
    }
    return updates;
  }

  private RunUpdate spoil(RunUpdate update) {
    if (update instanceof RunUpdate.LogMetric m) {
      return new RunUpdate.LogMetric(m.key(), spoil(m.value()), m.step(), m.timestamp());
    } else if (update instanceof RunUpdate.LogParam p && flaw == Flaw.LOWERS_KEYS) {
      return new RunUpdate.LogParam(p.key().toLowerCase(java.util.Locale.ROOT), p.value());
    } else if (update instanceof RunUpdate.SetTag t && flaw == Flaw.TRIMS_VALUES) {
      return new RunUpdate.SetTag(t.key(), t.value().trim());
    }
    return update;
  }

  private double spoil(double value) {
    return switch (flaw) {
      case LOSES_NAN -> Double.isNaN(value) ? 0 : value;
      case CLAMPS_INFINITIES -> Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, value));
      case ROUNDS_TO_FLOAT -> (float) value;
      default -> value;
    };
  }

  private Run found(Run run) {
    cache.put(run.id(), run);
    if (flaw != Flaw.FORGETS_MODELS && flaw != Flaw.KEEPS_INPUTS_TWICE) {
      return run;
    }
    List<io.plumbline.model.DatasetInput> inputs = new ArrayList<>(run.inputs());
    if (flaw == Flaw.KEEPS_INPUTS_TWICE) {
      inputs.addAll(run.inputs());
    }
    return Run.builder(run.id())
        .experiment(run.experimentId(), run.experiment())
        .name(run.name())
        .status(run.status())
        .startTime(run.startTime())
        .endTime(run.endTime().orElse(null))
        .user(run.user())
        .params(new HashMap<>(run.params()))
        .metrics(run.metrics())
        .tags(run.tags())
        .inputs(inputs)
        .build();
  }

  private Page<Run> search(RunQuery query) {
    RunQuery.Builder asked = query.toBuilder();
    if (flaw == Flaw.IGNORES_VIEW) {
      asked.view(RunQuery.View.ALL);
    } else if (flaw == Flaw.IGNORES_FILTER) {
      asked.filter("");
    }
    Page<Run> page = real.search(asked.build());
    boolean skip = flaw == Flaw.SKIPS_BETWEEN_PAGES && page.pageToken() != null;
    List<Run> items = page.items();
    return new Page<>(skip ? items.subList(0, items.size() - 1) : items, page.pageToken());
  }
}
