package io.plumbline.cli;

import io.plumbline.Config;
import io.plumbline.internal.Printable;
import io.plumbline.model.Run;
import io.plumbline.tracking.TrackingClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that change runs; they open the store as a program does. */
abstract class TendCommand extends StoreCommand {
  @Parameters(
      index = "0",
      paramLabel = "ID",
      description = "The run's id, the beginning of it (4 characters or more), or its name.")
  private String id = "";

  @Override
  public Integer call() {
    Config config = config();
    Run run = RunIds.find(open(config), id);
    check(run);
    try (TrackingClient tracking = TrackingClient.create(config)) {
      tend(tracking, run);
    }
    if (json()) {
      Map<String, @Nullable Object> document = new LinkedHashMap<>();
      document.put("id", run.id());
      document.put("done", spec().name());
      printJson(document);
    } else {
      console().line(done(run) + " " + Cells.show(run.id() + " (" + run.name() + ")"));
    }
    return Main.OK;
  }

  /** Refuses a wrong call before anything is opened. */
  void check(Run run) {}

  abstract void tend(TrackingClient tracking, Run run);

  abstract String done(Run run);

  /** {@code delete ID}. */
  @Command(
      name = "delete",
      description = "Marks a run as deleted; `restore` takes that back, `erase` makes it final.")
  static final class Delete extends TendCommand {
    @Override
    void tend(TrackingClient tracking, Run run) {
      tracking.delete(run.id());
    }

    @Override
    String done(Run run) {
      return "Deleted";
    }
  }

  /** {@code restore ID}. */
  @Command(name = "restore", description = "Takes the deletion of a run back.")
  static final class Restore extends TendCommand {
    @Override
    void tend(TrackingClient tracking, Run run) {
      tracking.restore(run.id());
    }

    @Override
    String done(Run run) {
      return "Restored";
    }
  }

  /** {@code erase ID --yes}. */
  @Command(
      name = "erase",
      description =
          "Removes a deleted run for good; its contents go with the next `plumbline store gc`.")
  static final class Erase extends TendCommand {
    @Option(names = "--yes", description = "Say that you mean it: there is no way back.")
    private boolean sure;

    @Override
    void check(Run run) {
      if (!sure) {
        throw wrongCall(
            "run "
                + run.id()
                + " "
                + Printable.quote(run.name())
                + " would be gone for good; say --yes if you mean it");
      }
    }

    @Override
    void tend(TrackingClient tracking, Run run) {
      tracking.erase(run.id());
    }

    @Override
    String done(Run run) {
      return "Erased";
    }
  }

  /** {@code tag ID KEY=VALUE...}. */
  @Command(name = "tag", description = "Sets tags of a run, and removes some.")
  static final class Tag extends TendCommand {
    @Parameters(index = "1..*", paramLabel = "KEY=VALUE", description = "The tags to set.")
    private Map<String, String> tags = new LinkedHashMap<>();

    @Option(
        names = {"-r", "--remove"},
        paramLabel = "KEY",
        description = "A tag to remove; may be given several times.")
    private List<String> removed = new ArrayList<>();

    @Override
    void check(Run run) {
      if (tags.isEmpty() && removed.isEmpty()) {
        throw wrongCall("name tags to set, as KEY=VALUE, or to remove, with --remove KEY");
      }
    }

    @Override
    void tend(TrackingClient tracking, Run run) {
      tags.forEach((key, value) -> tracking.setTag(run.id(), key, value));
      removed.forEach(key -> tracking.deleteTag(run.id(), key));
    }

    @Override
    String done(Run run) {
      return "Tagged";
    }
  }
}
