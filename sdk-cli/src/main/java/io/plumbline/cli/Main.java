package io.plumbline.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code plumbline}: the root under which all other commands stand. */
@Command(
    name = "plumbline",
    description = "Looks into a Plumbline store.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  /**
   * Runs the command and ends the JVM with its exit code: 0 for success, 2 for a wrong call.
   *
   * @param args the command line, as the shell has split it
   */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }

  /** Called when no subcommand was named. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Name a command.");
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
