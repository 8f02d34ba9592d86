package io.plumbline.cli;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;

/** The commands below {@code plumbline}, which are made only when they may be meant. */
final class Commands {
  /** Their names, in the order in which help lists them. */
  static final List<String> NAMES =
      List.of(
          "runs",
          "run",
          "metrics",
          "compare",
          "artifacts",
          "export",
          "import",
          "tag",
          "delete",
          "restore",
          "erase",
          "models",
          "model",
          "register",
          "promote",
          "rollback",
          "alias",
          "quarantine",
          "fetch",
          "predict",
          "score",
          "report",
          "log",
          "drift",
          "prediction",
          "profile",
          "store",
          "sync",
          "config");

  private Commands() {}

  /**
   * Returns the commands that a command line may mean: those whose names are among its words. Help
   * lists all of them, and so does a command line that names none.
   */
  static List<String> among(String... args) {
    Set<String> named = new LinkedHashSet<>();
    for (String arg : args) {
      if (arg.startsWith("-h")
          || arg.startsWith("-V")
          || arg.equals("--help")
          || arg.equals("--version")) {
        return NAMES;
      }
      if (NAMES.contains(arg)) {
        named.add(arg);
      }
    }
    return named.isEmpty() ? NAMES : List.copyOf(named);
  }

  /** Makes a command with those below it: picocli takes milliseconds to look at each. */
  static CommandLine make(String name) {
    return switch (name) {
      case "runs" -> of(new RunsCommand());
      case "run" -> of(new RunCommand());
      case "metrics" -> of(new MetricsCommand());
      case "compare" -> of(new CompareCommand());
      case "artifacts" -> of(new ArtifactsCommand());
      case "export" -> of(new ExportCommand(), new ExportMlflowCommand());
      case "import" -> of(new ImportCommand(), new ImportCommand.Mlflow());
      case "tag" -> of(new TendCommand.Tag());
      case "delete" -> of(new TendCommand.Delete());
      case "restore" -> of(new TendCommand.Restore());
      case "erase" -> of(new TendCommand.Erase());
      case "models" -> of(new ModelsCommand());
      case "model" -> of(new ModelCommand());
      case "register" -> of(new RegisterCommand());
      case "promote" -> of(new AliasCommand.Promote());
      case "rollback" -> of(new AliasCommand.Rollback());
      case "alias" ->
          of(new AliasCommand.Group(), new AliasCommand.Set(), new AliasCommand.Delete());
      case "quarantine" -> of(new QuarantineCommand());
      case "fetch" -> of(new FetchCommand());
      case "predict" -> of(new PredictCommand());
      case "score" -> of(new ScoreCommand());
      case "report" -> of(new ReportCommand());
      case "log" -> log();
      case "drift" -> of(new DriftCommand());
      case "prediction" -> of(new PredictionCommand());
      case "profile" -> profile();
      case "store" -> store();
      case "sync" -> of(new SyncCommand());
      case "config" -> of(new ConfigCommand(), new ConfigCommand.Explain());
      default -> throw new IllegalArgumentException("there is no command " + name);
    };
  }

  private static CommandLine log() {
    return of(
        new LogCommand(),
        new LogCommand.Show(),
        new LogCommand.Verify(),
        new LogCommand.Repair(),
        new LogShipCommand());
  }

  private static CommandLine profile() {
    return of(
        new ProfileGroup(),
        new ProfileGroup.Make(),
        new ProfileGroup.Show(),
        new ProfileGroup.Diff(),
        new ProfileGroup.Merge());
  }

  private static CommandLine store() {
    return of(
        new StoreGroup(),
        new StoreGroup.Verify(),
        new StoreGroup.Gc(),
        new StoreGroup.Backup(),
        new StoreGroup.Restore(),
        new StoreGroup.Recover());
  }

  private static CommandLine of(Object command, Object... below) {
    CommandLine line = new CommandLine(command);
    for (Object one : below) {
      line.addSubcommand(one);
    }
    return line;
  }
}
