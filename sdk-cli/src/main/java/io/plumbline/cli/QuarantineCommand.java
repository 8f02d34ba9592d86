package io.plumbline.cli;

import io.plumbline.model.ModelVersion;
import io.plumbline.registry.ModelRegistry;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quarantine NAME/VERSION}. */
@Command(
    name = "quarantine",
    description = {
      "Says that a version must not be used, and why: it is resolved no more, whatever points to"
          + " it.",
      "--release takes that back."
    })
final class QuarantineCommand extends RegistryCommand {
  @Parameters(
      paramLabel = "NAME/VERSION",
      description = "The version; or another reference, such as NAME@champion.")
  private String ref = "";

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why; shown to whoever asks.")
  private String reason = "";

  @Option(names = "--release", description = "Take the quarantine back.")
  private boolean release;

  @Override
  void check() {
    if (release == !reason.isBlank()) {
      throw wrongCall("give --reason TEXT, or --release to take a quarantine back");
    }
  }

  @Override
  int work(ModelRegistry models) {
    ModelVersion version = look(ref);
    ModelVersion done = release ? models.release(version) : models.quarantine(version, reason);
    if (json()) {
      printJson(ModelDocument.of(done));
    } else {
      console().line((release ? "Released " : "Quarantined ") + Cells.show(done.uri()));
    }
    if (!release && !done.aliases().isEmpty()) {
      console()
          .error(
              "plumbline: "
                  + Cells.show(String.join(", ", new TreeSet<>(done.aliases())))
                  + " of "
                  + Cells.show(done.name())
                  + " still points to it, and resolves to nothing until `plumbline rollback` or"
                  + " `plumbline promote` moves it");
    }
    return Main.OK;
  }
}
