package io.plumbline.serving.internal;

import io.plumbline.IncompatibleModelException;
import io.plumbline.internal.OncePerMinute;
import io.plumbline.internal.Threads;
import io.plumbline.internal.Time;
import io.plumbline.model.GoldenRecords;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.Signature;
import io.plumbline.registry.FetchedModel;
import io.plumbline.serving.LiveEvent;
import io.plumbline.serving.internal.LiveModels.Options;
import io.plumbline.spi.LoadOptions;
import io.plumbline.spi.LoadedModel;
import io.plumbline.spi.ModelLoader;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Makes a version that may serve of one that was fetched: loads it, compares it with its signature,
 * runs its golden records, warms it up. What fails is closed, and told.
 */
final class VersionLoader {
  private final OncePerMinute warnings =
      new OncePerMinute(LoggerFactory.getLogger("io.plumbline.serving"), Time.SYSTEM);
  private final Options options;
  private final Loaders loaders;
  private final Attached attached;
  private final Events events;
  private final FeatureChecks features;

  VersionLoader(Options options, Attached attached, Events events) {
    this.options = options;
    this.events = events;
    this.features = new FeatureChecks(options);
    this.attached = attached;
    this.loaders = new Loaders(options);
  }

  /**
   * Checks what can be checked without loading.
   *
   * @throws IncompatibleModelException if no loader reads it, or its features are not made here
   */
  void check(FetchedModel fetched) {
    List<String> unusedWarnings = features.check(fetched);
    ModelLoader unused = loaders.of(fetched.model().flavor());
  }

  /**
   * Loads and checks a version, within the load's timeout.
   *
   * @throws IncompatibleModelException if it fails a check, or takes too long
   */
  LoadedVersion load(FetchedModel fetched, LoadedVersion.Closed closed) {
    // A thread of its own: native code that hangs can't be stopped, only left behind.
    CompletableFuture<LoadedVersion> done = new CompletableFuture<>();
    Threads.daemon(
            "live-load",
            () -> {
              try {
                LoadedVersion version = prepare(fetched, closed);
                if (!done.complete(version)) {
                  version.retire(); // nobody waits for it any more
                }
              } catch (Throwable e) {
                done.completeExceptionally(e);
              }
            })
        .start();
    return await(done, fetched);
  }

  private LoadedVersion await(CompletableFuture<LoadedVersion> done, FetchedModel fetched) {
    String uri = fetched.version().uri();
    try {
      return done.get(options.loadTimeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      String why = uri + " was not loaded within " + options.loadTimeout.toSeconds() + " s";
      IncompatibleModelException late = new IncompatibleModelException(why, e);
      if (!done.completeExceptionally(late)) {
        CompletableFuture<Void> unused =
            done.thenAccept(LoadedVersion::retire); // at the last moment
      }
      throw late;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IncompatibleModelException known) {
        throw known;
      }
      throw new IncompatibleModelException(uri + " can't be loaded: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      done.completeExceptionally(e);
      Thread.currentThread().interrupt();
      throw new IncompatibleModelException(uri + " was not loaded: interrupted", e);
    }
  }

  private LoadedVersion prepare(FetchedModel fetched, LoadedVersion.Closed closed) {
    ModelPackage model = fetched.model();
    List<String> differences = features.check(fetched);
    LoadedModel loaded =
        loaders
            .of(model.flavor())
            .load(
                model,
                fetched.folder(),
                new LoadOptions(options.allowNewerFormat, options.loaderSettings));
    LoadedVersion version;
    try {
      Signature signature = model.signature().orElse(null);
      String uri = fetched.version().uri();
      Inputs inputs = Inputs.of(uri, signature, loaded);
      List<String> names = outputNames(uri, signature, loaded);
      version = new LoadedVersion(fetched, loaded, inputs, names, options, closed);
    } catch (RuntimeException | Error e) {
      loaded.close();
      throw e;
    }
    try {
      Leases leases = version.leases();
      int place = leases.place();
      leases.enter(place);
      try {
        golden(model, version);
        warmUp(model, version);
        attached.prepare(version.facts());
        if (!differences.isEmpty()) {
          events.tell(
              LiveEvent.Kind.TRANSFORM_DIFFERS,
              fetched.version(),
              null,
              String.join("; ", differences));
        }
      } finally {
        leases.leave(place);
      }
      return version;
    } catch (RuntimeException | Error e) {
      version.retire();
      throw e;
    }
  }

  private static List<String> outputNames(
      String uri, @Nullable Signature signature, LoadedModel loaded) {
    if (signature == null || signature.outputs().isEmpty()) {
      return List.of();
    }
    boolean columns = signature.outputs().get(0) instanceof io.plumbline.model.ColumnSpec;
    if (columns && signature.outputs().size() != loaded.outputs()) {
      throw new IncompatibleModelException(
          uri
              + " gives "
              + loaded.outputs()
              + " numbers a row, but its signature has the outputs "
              + signature.outputNames());
    }
    return columns ? signature.outputNames() : List.of();
  }

  // ---- golden records

  private void golden(ModelPackage model, LoadedVersion version) {
    GoldenRecords golden = model.goldenRecords().orElse(null);
    if (golden == null || golden.size() == 0) {
      if (options.requireGolden) {
        throw new IncompatibleModelException(
            version.version().uri()
                + " has no golden records, and they are required: log the model with some");
      }
      warnings.warn(
          "no golden records",
          () ->
              version.version()
                  + " has no golden records: nothing shows that it predicts as it did when it was"
                  + " trained");
      return;
    }
    double[] out = new double[version.outputs()];
    for (int record = 0; record < golden.size(); record++) {
      GoldenRows.predict(golden.inputColumns(), golden.inputs().get(record), version, out);
      if (!golden.matches(record, out)) {
        throw new IncompatibleModelException(
            version.version().uri()
                + " does not predict what it predicted when it was trained: golden record "
                + record
                + " expects "
                + golden.outputs().get(record)
                + ", and the model gives "
                + java.util.Arrays.toString(out)
                + "; usual causes are another version of the engine, features in another order, and"
                + " another function under its name");
      }
    }
    version.passedGolden(golden.size());
  }

  // ---- warm-up

  /** The first calls of an engine are many times slower: they should not be those of a user. */
  private void warmUp(ModelPackage model, LoadedVersion version) {
    double[] out = new double[version.outputs()];
    GoldenRecords golden = model.goldenRecords().orElse(null);
    boolean known = golden != null && golden.size() > 0;
    if (!known && version.inputs().hasText()) {
      return; // a made-up text might not be one that the model takes
    }
    double[] zeros = new double[version.inputs().count()];
    for (int i = 0; i < options.warmUp; i++) {
      if (golden != null && known) {
        int record = i % golden.size();
        GoldenRows.predict(golden.inputColumns(), golden.inputs().get(record), version, out);
      } else {
        version.predict(zeros, out);
      }
    }
  }
}
