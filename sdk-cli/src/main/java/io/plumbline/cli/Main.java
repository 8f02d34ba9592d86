package io.plumbline.cli;

import io.plumbline.Config;
import io.plumbline.ConfigException;
import io.plumbline.NotFoundException;
import io.plumbline.PlumblineException;
import io.plumbline.internal.Printable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code plumbline}: the root under which all other commands stand. */
@Command(
    name = "plumbline",
    description = "Looks into a Plumbline store, and tends it.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all is well",
      "1:something is wrong: damage was found, a check failed, the work could not be done",
      "2:the command was called in a wrong way",
      "3:what was asked for is not there: no such store, run, metric, artifact,"
          + " model, prediction",
      "4:there are too few rows to say anything about drift"
    })
public final class Main implements Runnable {
  static final int OK = 0;
  static final int WRONG = 1;
  static final int USAGE = 2;
  static final int NOT_FOUND = 3;
  static final int INSUFFICIENT = 4;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--store",
      paramLabel = "PATH",
      scope = ScopeType.INHERIT,
      description =
          "The store's folder; otherwise as for programs: PLUMBLINE_STORE, plumbline.properties,"
              + " .plumbline in a project.")
  private @Nullable Path store;

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Print JSON, for programs; docs/cli.md lists the fields.")
  private boolean json;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Print the stack trace of an error.")
  private boolean debug;

  private final Console console;

  Main(Console console) {
    this.console = console;
  }

  /**
   * Runs the command and ends the JVM with its exit code: 0 for success, 1 when something is wrong,
   * 2 for a wrong call, 3 when something is not there.
   *
   * @param args the command line, as the shell has split it
   */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  /**
   * Runs a command as {@link #main} does, but does not end the process.
   *
   * @return the exit code
   */
  public static int run(String... args) {
    return run(Console.system(), args);
  }

  /** Runs the command on a console and returns its exit code. */
  static int run(Console console, String... args) {
    Main main = new Main(console);
    try {
      int code = main.execute(Commands.among(args), args);
      console.flush();
      return code;
    } catch (Console.OutputException e) {
      return main.outputFailed(e);
    }
  }

  private int execute(List<String> commands, String... args) {
    CommandLine line = new CommandLine(this);
    commands.forEach(name -> line.addSubcommand(Commands.make(name)));
    PrintWriter out = new PrintWriter(console.writer());
    line.setOut(out);
    line.setErr(out);
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(console.isColoured() ? Ansi.ON : Ansi.OFF));
    line.setUsageHelpWidth(Math.min(Math.max(console.width(), 60), 100));
    line.setParameterExceptionHandler(
        (e, words) ->
            // Whoever has mistyped a command is told which of all of them was meant.
            e.getCommandLine() == line && commands.size() < Commands.NAMES.size()
                ? new Main(console).execute(Commands.NAMES, args)
                : wrongCall(e));
    line.setExecutionExceptionHandler((e, command, result) -> failed(e));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    return line.execute(args);
  }

  private int wrongCall(ParameterException e) {
    CommandLine command = e.getCommandLine();
    StringBuilder text = new StringBuilder(String.valueOf(e.getMessage()));
    if (e instanceof UnmatchedArgumentException unmatched) {
      String first = unmatched.getUnmatched().get(0);
      if (!first.startsWith("-") && !command.getSubcommands().isEmpty()) {
        text = new StringBuilder("there is no command '").append(Cells.show(first)).append("'");
      }
      List<String> suggestions = unmatched.getSuggestions();
      if (!suggestions.isEmpty()) {
        text.append("; did you mean ").append(String.join(" or ", suggestions)).append('?');
      }
    }
    text.append(" (`")
        .append(command.getCommandSpec().qualifiedName())
        .append(" --help` says more)");
    tell(text.toString(), e);
    return USAGE;
  }

  private int failed(Exception e) {
    if (e instanceof Console.OutputException output) {
      return outputFailed(output);
    }
    console.flush();
    if (e instanceof NotFoundException) {
      tell(message(e), e);
      return NOT_FOUND;
    }
    if (e instanceof ConfigException || e instanceof IllegalArgumentException) {
      tell(message(e), e);
      return USAGE;
    }
    if (e instanceof PlumblineException
        || e instanceof IOException
        || e instanceof UncheckedIOException) {
      tell(e instanceof PlumblineException ? message(e) : e.toString(), e);
      return WRONG;
    }
    tell("an error of plumbline itself: " + e + " (--debug shows where; please report it)", e);
    return WRONG;
  }

  private static String message(Exception e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }

  private int outputFailed(Console.OutputException e) {
    if (e.isBrokenPipe()) {
      return OK; // the reader has seen enough
    }
    tell("the output can't be written: " + e.getMessage(), e);
    return WRONG;
  }

  private void tell(String text, Exception e) {
    // One line as a rule; the place in a filter is shown below it.
    String indent = "plumbline: ";
    for (String line : text.split("\n", -1)) {
      console.error(indent + Printable.escape(line));
      indent = " ".repeat(indent.length());
    }
    if (debug) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      console.error(trace.toString());
    }
  }

  /** Called when no subcommand was named. */
  @Override
  public void run() {
    throw new ParameterException(spec().commandLine(), "Name a command");
  }

  private CommandSpec spec() {
    if (spec == null) {
      throw new IllegalStateException("picocli has not made this command");
    }
    return spec;
  }

  Console console() {
    return console;
  }

  boolean json() {
    return json;
  }

  boolean namesStore() {
    return store != null;
  }

  /** Returns a configuration that is not read yet, in which the option {@code --store} wins. */
  Config.Builder builder() {
    Config.Builder builder = Config.builder();
    return store == null ? builder : builder.store(store);
  }

  /** Reads the configuration. */
  Config config() {
    return builder().build();
  }

  /** The same, with another tracking URI if there is one. */
  Config config(@Nullable String trackingUri) {
    Config.Builder builder = builder();
    return (trackingUri == null ? builder : builder.trackingUri(trackingUri)).build();
  }

  /** The same, where {@code --store} names the registry, too. */
  Config registryConfig() {
    return store == null
        ? config()
        : Config.builder()
            .store(store)
            .set("registry.uri", store.toAbsolutePath().normalize().toString())
            .build();
  }

  /** The version in the jar's manifest; a build folder has none. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"plumbline " + (version == null ? "(from a build folder)" : version)};
    }
  }
}
