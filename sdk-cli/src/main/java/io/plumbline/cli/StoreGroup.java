package io.plumbline.cli;

import io.plumbline.Config;
import io.plumbline.StoreException;
import io.plumbline.internal.Time;
import io.plumbline.internal.config.Keys;
import io.plumbline.internal.journal.Disk;
import io.plumbline.internal.journal.JournalOptions;
import io.plumbline.internal.journal.Recovery;
import io.plumbline.internal.store.StoreBackup;
import io.plumbline.internal.store.StoreGc;
import io.plumbline.internal.store.StoreVerify;
import io.plumbline.internal.store.StoreView;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code store}: verify, gc, backup, restore and recover a store. */
@Command(
    name = "store",
    description = "Verifies, cleans up, copies and recovers a store.",
    synopsisSubcommandLabel = "COMMAND")
final class StoreGroup extends StoreCommand {
  @Override
  public Integer call() {
    throw wrongCall("Name what to do: verify, gc, backup, restore or recover");
  }

  private static Map<String, @Nullable Object> json(StoreVerify.Problem problem) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("file", problem.file());
    json.put("problem", problem.what());
    return json;
  }

  private static String text(StoreVerify.Problem problem) {
    return Cells.show(problem.file() + " " + problem.what());
  }

  /** {@code store verify}: reads everything. */
  @Command(
      name = "verify",
      description = {
        "Reads every segment, summary and content, and names what is damaged, with file and place.",
        "Exits with 1 if something is."
      })
  static final class Verify extends StoreCommand {
    @Override
    public Integer call() {
      StoreVerify.Report report;
      try (Progress progress = console().progress()) {
        report = StoreVerify.verify(view(), progress);
      }
      if (json()) {
        printJson(document(view(), report));
      } else {
        print(report);
      }
      return report.sound() ? Main.OK : Main.WRONG;
    }

    private static Map<String, @Nullable Object> document(
        StoreView view, StoreVerify.Report report) {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("store", view.root().toString());
      json.put("sound", report.sound());
      json.put("runs", report.runs());
      json.put("records", report.records());
      json.put("lost", report.lost());
      json.put("segmentBytes", report.segmentBytes());
      json.put("contents", report.blobs());
      json.put("contentBytes", report.blobBytes());
      json.put("problems", report.problems().stream().map(StoreGroup::json).toList());
      json.put("notes", report.notes().stream().map(StoreGroup::json).toList());
      return json;
    }

    private void print(StoreVerify.Report report) {
      Console console = console();
      for (StoreVerify.Problem problem : report.problems()) {
        console.line(console.styled("damaged  ", Style.RED) + text(problem));
      }
      for (StoreVerify.Problem note : report.notes()) {
        console.line(console.styled("note     ", Style.DIM) + text(note));
      }
      String read =
          Format.count(report.runs(), "run")
              + " with "
              + Format.count(report.records(), "record")
              + " ("
              + Format.bytes(report.segmentBytes())
              + ") and "
              + Format.count(report.blobs(), "content")
              + " ("
              + Format.bytes(report.blobBytes())
              + ") read";
      String found =
          report.sound()
              ? "; nothing is damaged"
              : "; "
                  + Format.count(report.problems().size(), "problem")
                  + " found, "
                  + Format.count(report.lost(), "record")
                  + " lost";
      console.line(read + console.styled(found, report.sound() ? Style.GREEN : Style.RED));
    }
  }

  /** {@code store gc}: removes what nothing refers to. */
  @Command(
      name = "gc",
      description = {
        "Removes contents that nothing refers to, temporary files of programs that are gone, and"
            + " rests of erased runs.",
        "It is safe while the store is written to: what is younger than the grace, or than the"
            + " oldest program that has the store open, is kept. Damaged runs stop it: what they"
            + " refer to can't be known."
      })
  static final class Gc extends StoreCommand {
    @Option(
        names = "--grace",
        paramLabel = "DURATION",
        converter = GraceType.class,
        description = "What is younger is kept, such as 30min, 1h or 7d. Default: 1h.")
    private Duration grace = Duration.ofHours(1);

    @Option(names = "--dry-run", description = "Only tell what would be removed.")
    private boolean dryRun;

    @Override
    public Integer call() {
      StoreGc.Report report;
      try (Progress progress = console().progress()) {
        report = StoreGc.clean(view(), Time.SYSTEM, grace, dryRun, progress);
      }
      if (json()) {
        printJson(document(report));
      } else {
        print(report);
      }
      return Main.OK;
    }

    private Map<String, @Nullable Object> document(StoreGc.Report report) {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("store", view().root().toString());
      json.put("dryRun", dryRun);
      json.put("removed", report.removed().stream().map(Gc::removed).toList());
      json.put("removedBytes", report.bytes());
      json.put("referenced", report.referenced());
      json.put("tooYoung", report.tooYoung());
      json.put("writers", report.writers());
      return json;
    }

    private static Map<String, @Nullable Object> removed(StoreGc.Removed removed) {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("file", removed.file());
      json.put("bytes", removed.bytes());
      json.put("reason", removed.reason().name());
      return json;
    }

    private void print(StoreGc.Report report) {
      String verb = dryRun ? "Would remove " : "Removed ";
      if (report.removed().isEmpty()) {
        console().line("Nothing to remove.");
      }
      for (StoreGc.Reason reason : StoreGc.Reason.values()) {
        List<StoreGc.Removed> files =
            report.removed().stream().filter(file -> file.reason() == reason).toList();
        if (!files.isEmpty()) {
          long bytes = files.stream().mapToLong(StoreGc.Removed::bytes).sum();
          console()
              .line(
                  verb
                      + Format.count(files.size(), "file")
                      + ", "
                      + Format.bytes(bytes)
                      + ": "
                      + reason);
          if (dryRun) {
            files.forEach(file -> console().line("  " + Cells.show(file.file())));
          }
        }
      }
      console()
          .line("Kept " + Format.count(report.referenced(), "content") + " that runs refer to.");
      if (report.tooYoung() > 0) {
        console()
            .line(
                "Kept "
                    + Format.count(report.tooYoung(), "content")
                    + " that nothing refers to: "
                    + (report.heldByWriters()
                        ? "younger than a program that has the store open, and may need them."
                        : "younger than the grace (--grace)."));
      }
    }
  }

  /** Reads durations as the settings have them. */
  static final class GraceType implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      java.util.regex.Matcher matcher =
          java.util.regex.Pattern.compile("([0-9]{1,9})(s|min|h|d)").matcher(text);
      if (!matcher.matches()) {
        throw new TypeConversionException(
            "'" + text + "' is no duration: a number and s, min, h or d, such as 30min");
      }
      long n = Long.parseLong(matcher.group(1));
      return switch (matcher.group(2)) {
        case "s" -> Duration.ofSeconds(n);
        case "min" -> Duration.ofMinutes(n);
        case "h" -> Duration.ofHours(n);
        default -> Duration.ofDays(n);
      };
    }
  }

  /** What backup and restore print. */
  private abstract static class Copying extends StoreCommand {
    final int tell(String what, StoreBackup.Report report) {
      if (json()) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("path", report.place().toString());
        json.put("runs", report.runs());
        json.put("files", report.files());
        json.put("bytes", report.bytes());
        json.put("sound", report.check().isEmpty());
        json.put("problems", report.check().stream().map(StoreGroup::json).toList());
        printJson(json);
      } else {
        report
            .check()
            .forEach(p -> console().line(console().styled("damaged  ", Style.RED) + text(p)));
        console()
            .line(
                what
                    + " "
                    + Cells.show(report.place().toString())
                    + ": "
                    + Format.count(report.runs(), "run")
                    + ", "
                    + Format.count(report.files(), "file")
                    + ", "
                    + Format.bytes(report.bytes())
                    + (report.check().isEmpty()
                        ? "; read again, and nothing is damaged"
                        : "; a true copy, of a store that was damaged before"));
      }
      return report.check().isEmpty() ? Main.OK : Main.WRONG;
    }
  }

  /** {@code store backup}: a copy of a store that may be in use. */
  @Command(
      name = "backup",
      description = {
        "Copies the store, which may be in use, and reads the copy again.",
        "The copy has all that was accepted before the command began. It must not exist yet."
      })
  static final class Backup extends Copying {
    @Parameters(
        paramLabel = "FILE|DIR",
        description = "A file whose name ends in .zip, or else a folder.")
    private @Nullable Path target;

    @Override
    public Integer call() {
      try (Progress progress = console().progress()) {
        return tell(
            "Copied to",
            StoreBackup.backup(view(), java.util.Objects.requireNonNull(target), progress));
      }
    }
  }

  /** {@code store restore}: a store from a copy. */
  @Command(
      name = "restore",
      description = {
        "Makes a store from a copy, and reads it again.",
        "The store's folder (--store) must not exist, or be empty: nothing is overwritten."
      })
  static final class Restore extends Copying {
    @Parameters(paramLabel = "FILE|DIR", description = "What `store backup` has made.")
    private @Nullable Path backup;

    @Override
    public Integer call() {
      try (Progress progress = console().progress()) {
        return tell(
            "Restored to",
            StoreBackup.restore(
                java.util.Objects.requireNonNull(backup), config().store(), progress));
      }
    }
  }

  /** {@code store recover}: finishes the work of programs that have crashed. */
  @Command(
      name = "recover",
      description =
          "Writes what programs that ended without closing the store have left in their rings into"
              + " the runs. Any program that opens the store does so, too.")
  static final class Recover extends StoreCommand {
    @Override
    public Integer call() {
      Config config = config();
      StoreView view = open(config);
      List<Recovery.Report> reports;
      try {
        reports = Recovery.recoverAll(view.root(), options(config));
      } catch (IOException e) {
        throw new StoreException("the store " + view.root() + " can't be recovered: " + e, e);
      }
      if (json()) {
        printJson(reports.stream().map(Recover::document).toList());
      } else if (reports.isEmpty()) {
        console().line("Nothing to recover.");
      } else {
        reports.forEach(report -> console().line(Cells.show(report.toString())));
      }
      return reports.stream().allMatch(r -> r.damaged() == 0 && r.problems().isEmpty())
          ? Main.OK
          : Main.WRONG;
    }

    private static JournalOptions options(Config config) {
      JournalOptions usual = JournalOptions.DEFAULT;
      return new JournalOptions(
          usual.ring(),
          usual.ringBytes(),
          usual.fsync(),
          usual.fsyncNanos(),
          Math.toIntExact(config.get(Keys.SEGMENT_SIZE)),
          0,
          0,
          usual.heartbeatNanos(),
          config.get(Keys.HEARTBEAT_LOST).toNanos(),
          Disk.REAL,
          Time.SYSTEM);
    }

    private static Map<String, @Nullable Object> document(Recovery.Report report) {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("writer", report.writer());
      json.put("recovered", report.recovered());
      json.put("damaged", report.damaged());
      json.put("unpublished", report.unpublished());
      json.put("unknown", report.unknown());
      json.put("lostAtMost", report.lostAtMost());
      json.put("torn", report.torn());
      json.put("problems", report.problems());
      return json;
    }
  }
}
