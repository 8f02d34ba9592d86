package io.plumbline.cli;

import io.plumbline.NotFoundException;
import io.plumbline.internal.Printable;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.Run;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.registry.RegisterOptions;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code register NAME RUN_ID[:MODEL]} and {@code register NAME --from FOLDER}. */
@Command(
    name = "register",
    description =
        "Registers the model of a run, or a package in a folder, as the next version of a model.")
final class RegisterCommand extends RegistryCommand {
  @Parameters(
      index = "0",
      paramLabel = "NAME",
      description = "The registered model; it is made if need be.")
  private String name = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "RUN_ID[:MODEL]",
      description =
          "The run, by its id, the beginning of it, or its name; and which of its models, if it has"
              + " several.")
  private String run = "";

  @Option(
      names = "--from",
      paramLabel = "FOLDER",
      description = "A folder with a package (model.json and its files), instead of a run.")
  private @Nullable Path from;

  @Option(
      names = {"-d", "--description"},
      paramLabel = "TEXT",
      description = "What people are to know about the version.")
  private String description = "";

  @Option(
      names = {"-t", "--tag"},
      paramLabel = "KEY=VALUE",
      description = "A tag of the version; may be given several times.")
  private Map<String, String> tags = new LinkedHashMap<>();

  @Override
  void check() {
    if (run.isEmpty() == (from == null)) {
      throw wrongCall("name what to register: a run as RUN_ID[:MODEL], or --from FOLDER");
    }
  }

  @Override
  boolean makesStore() {
    return from != null;
  }

  @Override
  int work(ModelRegistry models) {
    RegisterOptions options = new RegisterOptions(description, tags, List.of());
    ModelVersion version =
        from == null
            ? models.register(name, logged(run), options)
            : models.register(name, ModelPackage.read(from), options);
    if (json()) {
      printJson(ModelDocument.of(version));
    } else {
      console().line("Registered " + Cells.show(version.uri()) + "  sha256 " + version.digest());
    }
    return Main.OK;
  }

  /** Finds the model; what stands behind the last colon may be its name, or belong to the run's. */
  private LoggedModel logged(String text) {
    int colon = text.lastIndexOf(':');
    if (colon <= 0) {
      return only(RunIds.find(view(), text));
    }
    Run found;
    try {
      found = RunIds.find(view(), text.substring(0, colon));
    } catch (NotFoundException e) {
      try {
        return only(RunIds.find(view(), text));
      } catch (NotFoundException neither) {
        throw e;
      }
    }
    return found.model(text.substring(colon + 1));
  }

  private static LoggedModel only(Run run) {
    List<String> names = run.models().stream().map(LoggedModel::name).distinct().toList();
    if (names.isEmpty()) {
      throw new NotFoundException(
          "run " + run.id() + " " + Printable.quote(run.name()) + " has logged no model");
    }
    if (names.size() > 1) {
      throw new IllegalArgumentException(
          "run " + run.id() + " has several models: " + names + "; name one, as RUN_ID:MODEL");
    }
    return run.model(names.get(0));
  }
}
