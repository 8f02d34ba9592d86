package io.plumbline.cli;

import io.plumbline.Config;
import io.plumbline.NotFoundException;
import io.plumbline.internal.Time;
import io.plumbline.internal.config.Keys;
import io.plumbline.internal.config.StoreUri;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.store.StoreView;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What all commands share: the console, the store, the form of the answer. */
@Command(
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    usageHelpAutoWidth = false)
abstract class StoreCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  private @Nullable StoreView view;

  final CommandSpec spec() {
    if (spec == null) {
      throw new IllegalStateException("picocli has not made this command");
    }
    return spec;
  }

  final Main main() {
    return (Main) spec().root().userObject();
  }

  final Console console() {
    return main().console();
  }

  final boolean json() {
    return main().json();
  }

  final Config config() {
    return main().config();
  }

  /** Returns the store, opened for reading only. */
  final StoreView view() {
    if (view == null) {
      Config config = config();
      tellOfServer(config);
      view = open(config);
    }
    return view;
  }

  /** Whoever configured a server may take this machine's store for what the server has. */
  private void tellOfServer(Config config) {
    StoreUri uri = config.get(Keys.TRACKING_URI);
    if (uri.remote() != null && !main().namesStore()) {
      console()
          .error(
              "plumbline: "
                  + config.source(Keys.TRACKING_URI)
                  + " names the server "
                  + uri
                  + "; this looks into the local store "
                  + config.store());
    }
  }

  final StoreView open(Config config) {
    try {
      long lostNanos = config.get(Keys.HEARTBEAT_LOST).toNanos();
      return StoreView.open(config.store(), Time.SYSTEM, lostNanos);
    } catch (NotFoundException e) {
      String source = main().namesStore() ? "--store" : config.source(Keys.STORE);
      throw new NotFoundException(
          e.getMessage()
              + " (from: "
              + source
              + "); name another folder with --store or PLUMBLINE_STORE",
          e);
    }
  }

  /** Returns the exception that tells of a wrong call. */
  final ParameterException wrongCall(String message) {
    return new ParameterException(spec().commandLine(), message);
  }

  /** Prints a document. */
  final void printJson(@Nullable Object document) {
    console().line(Json.pretty(document));
  }

  /** Tells, on standard error, of writers whose rings wait for a recovery. */
  final void tellOfDead(List<String> writers) {
    if (!writers.isEmpty()) {
      String one = writers.size() == 1 ? "a program has" : writers.size() + " programs have";
      console()
          .error(
              "plumbline: "
                  + one
                  + " ended without closing this store: its last metrics may not be in the runs yet;"
                  + " `plumbline store recover` brings them in, and so does any program that opens"
                  + " the store");
    }
  }
}
