package io.plumbline.registry.internal;

import io.plumbline.Config;
import io.plumbline.DestinationDelivery;
import io.plumbline.NotFoundException;
import io.plumbline.Plumbline;
import io.plumbline.TransportException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.courier.Delivered;
import io.plumbline.model.Lineage;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.ModelRef;
import io.plumbline.model.Run;
import io.plumbline.spi.Backend;
import io.plumbline.spi.NewVersion;
import io.plumbline.spi.RunStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The models that the runs of a server have logged. One that this program has logged goes by the id
 * that its store gave it, until it has arrived.
 */
final class ServerModels implements LoggedModels {
  /** How long a registration waits for the model's delivery. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Duration LOOK = Duration.ofMillis(500);

  private final Config config;
  private final @Nullable Plumbline plumbline;
  private final RunStore runs;
  private final Supplier<Backend> opening;

  ServerModels(
      Config config, @Nullable Plumbline plumbline, RunStore runs, Supplier<Backend> opening) {
    this.config = config;
    this.plumbline = plumbline;
    this.runs = runs;
    this.opening = opening;
  }

  @Override
  public Backend open() {
    return opening.get();
  }

  @Override
  public LoggedModel find(ModelRef ref) {
    if (ref instanceof ModelRef.ByRun byRun) {
      String id = remoteRun(byRun.runId());
      return run(id)
          .orElseThrow(() -> new NotFoundException("there is no run " + Printable.quote(id)))
          .model(byRun.name());
    }
    String id = ((ModelRef.ById) ref).modelId();
    return runs.findModel(id)
        .orElseThrow(
            () ->
                new NotFoundException(
                    config.trackingUri() + " has no logged model " + Printable.quote(id)));
  }

  private Optional<Run> run(String remoteId) {
    return runs.find(remoteId);
  }

  /** Returns what a run is called at the server; one that is not of the store is so already. */
  private String remoteRun(String runId) {
    return Delivered.run(config.store(), runId, Delivered.SERVER).orElse(runId);
  }

  @Override
  public Lineage lineage(LoggedModel model, List<String> parents) {
    LoggedModel there = arrived(model);
    Run run =
        run(there.runId())
            .orElseThrow(
                () -> new NotFoundException("there is no run " + there.runId() + " at the server"));
    Set<Lineage.Input> inputs = new LinkedHashSet<>();
    StoreModels.addInputs(run, inputs);
    run.parentId().flatMap(this::run).ifPresent(parent -> StoreModels.addInputs(parent, inputs));
    return new Lineage(
        run.id(),
        there.id(),
        run.experiment(),
        run.parentId().orElse(null),
        new ArrayList<>(inputs),
        parents);
  }

  @Override
  public NewVersion.Source source(LoggedModel model) {
    return new NewVersion.Source.Logged(arrived(model));
  }

  /** Waits, bounded, for a model's delivery; returns it as the server knows it. */
  private LoggedModel arrived(LoggedModel model) {
    if (!Delivered.goes(config.store(), model.runId(), Delivered.SERVER)) {
      return model; // read from the server
    }
    Optional<String> id = remoteModel(model);
    if (id.isEmpty()) {
      Optional<String> problem = deliver(model);
      id = remoteModel(model);
      if (id.isEmpty()) {
        throw notArrived(model, problem);
      }
    }
    String remote = id.get();
    return new LoggedModel(
        remote,
        model.name(),
        remoteRun(model.runId()),
        model.flavor(),
        model.digest(),
        model.created(),
        model.parts());
  }

  private TransportException notArrived(LoggedModel model, Optional<String> problem) {
    return new TransportException(
        "the model "
            + Printable.quote(model.name())
            + " of run "
            + model.runId()
            + " has not arrived at "
            + config.trackingUri()
            + " yet ("
            + problem.orElse("its delivery takes longer than " + PATIENCE.toSeconds() + " s")
            + "); it is on disk, in "
            + config.store()
            + ": `plumbline sync` brings it, then it can be registered, also with `plumbline"
            + " register NAME "
            + model.runId()
            + ":"
            + model.name()
            + "`");
  }

  private Optional<String> remoteModel(LoggedModel model) {
    return Delivered.model(config.store(), model.runId(), model.id(), Delivered.SERVER);
  }

  /**
   * Whoever opens the store delivers what is in it; who has it open already waits for that.
   *
   * @return what the delivery has met, if it is not over
   */
  private Optional<String> deliver(LoggedModel model) {
    if (plumbline != null) {
      return deliver(model, plumbline);
    }
    try (Plumbline opened = Plumbline.open(config)) {
      return deliver(model, opened);
    }
  }

  private Optional<String> deliver(LoggedModel model, Plumbline plumbline) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    long before;
    long left;
    do { // once the model is there it does not matter what else is on its way, and to where
      before = System.nanoTime();
      left = Math.min(LOOK.toNanos(), deadline - before);
    } while (left > 0
        && !plumbline.engine().awaitDelivery(Duration.ofNanos(left))
        && System.nanoTime() - before >= left // else nothing more comes
        && remoteModel(model).isEmpty());
    return plumbline.engine().delivery().destinations().stream()
        .filter(destination -> destination.name().equals(Delivered.SERVER))
        .findFirst()
        .flatMap(DestinationDelivery::health);
  }
}
