package io.plumbline.cli;

import io.plumbline.internal.config.Keys;
import io.plumbline.model.AliasChange;
import io.plumbline.model.ModelVersion;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.spi.NewAlias;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that move aliases, and what they say when it is done. */
abstract class AliasCommand extends RegistryCommand {
  final int tell(AliasChange change, boolean changed) {
    if (json()) {
      Map<String, @Nullable Object> document = ModelDocument.of(change);
      document.put("changed", changed);
      printJson(document);
      return Main.OK;
    }
    String text = Cells.show(change.model() + "@" + change.alias());
    Integer version = change.version();
    String before = change.previous() == null ? "" : "; before: " + change.previous();
    if (!changed) {
      text += " points to version " + version + " already: nothing was changed";
    } else if (version == null) {
      text += " is deleted; it pointed to version " + change.previous();
    } else {
      text += " points to version " + version + before;
    }
    console().line(text);
    return Main.OK;
  }

  /** {@code promote NAME/VERSION ALIAS}. */
  @Command(
      name = "promote",
      description = {
        "Makes a version the one that an alias points to, such as champion.",
        "Fails if somebody else moves the alias at the same moment, and if the version is"
            + " quarantined or deleted."
      })
  static final class Promote extends AliasCommand {
    @Parameters(
        index = "0",
        paramLabel = "NAME/VERSION",
        description = "The version; or another reference, such as NAME@challenger or NAME/latest.")
    private String ref = "";

    @Parameters(index = "1", paramLabel = "ALIAS", description = "The alias, such as champion.")
    private String alias = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept in the history.")
    private String reason = "";

    @Override
    int work(ModelRegistry models) {
      ModelVersion version = resolve(ref);
      AliasChange before =
          version.registered()
              ? models.aliasHistory(version.name(), alias).stream().findFirst().orElse(null)
              : null;
      AliasChange change = models.promote(version, alias, reason);
      return tell(change, !change.equals(before));
    }
  }

  /** {@code rollback NAME ALIAS}. */
  @Command(
      name = "rollback",
      description = {
        "Points an alias back to the version before the present one; twice in a row goes back two.",
        "What is deleted or quarantined is passed over."
      })
  static final class Rollback extends AliasCommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "The registered model.")
    private String name = "";

    @Parameters(index = "1", paramLabel = "ALIAS", description = "The alias, such as champion.")
    private String alias = "";

    @Option(
        names = "--reason",
        paramLabel = "TEXT",
        required = true,
        description = "Why; kept in the history.")
    private String reason = "";

    @Override
    void check() {
      if (reason.isBlank()) {
        throw wrongCall("--reason is blank: say why the alias goes back");
      }
    }

    @Override
    int work(ModelRegistry models) {
      return tell(models.rollback(model(name).name(), alias, reason), true);
    }
  }

  /** {@code alias}: set or delete one. */
  @Command(
      name = "alias",
      description = "Sets and deletes aliases.",
      synopsisSubcommandLabel = "COMMAND")
  static final class Group extends StoreCommand {
    @Override
    public Integer call() {
      throw wrongCall("Name what to do: set or delete");
    }
  }

  /** What setting and deleting have in common. */
  private abstract static class Change extends AliasCommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "The registered model.")
    private String name = "";

    @Parameters(index = "1", paramLabel = "ALIAS", description = "The alias, such as champion.")
    private String alias = "";

    @Option(
        names = "--expect",
        paramLabel = "VERSION",
        description =
            "Only if the alias points to this version now; 0 if there must be no such alias.")
    private @Nullable Integer expected;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept in the history.")
    private String reason = "";

    final String modelName() {
      return model(name).name();
    }

    final String aliasName() {
      return alias;
    }

    final @Nullable Integer expected() {
      return expected;
    }

    final String reason() {
      return reason;
    }

    @Override
    void check() {
      if (expected != null && expected < 0) {
        throw wrongCall("--expect is a version, or 0 for no such alias, and not " + expected);
      }
    }
  }

  /** {@code alias set NAME ALIAS VERSION}. */
  @Command(
      name = "set",
      description = "Points an alias to a version, whatever it points to, unless --expect says.")
  static final class Set extends Change {
    @Parameters(index = "2", paramLabel = "VERSION", description = "The version's number.")
    private int version;

    @Override
    int work(ModelRegistry models) {
      Integer now = expected();
      return tell(
          now == null
              ? models.setAlias(modelName(), aliasName(), version, reason())
              : models.moveAlias(modelName(), aliasName(), now, version, reason()),
          true);
    }
  }

  /** {@code alias delete NAME ALIAS}. */
  @Command(name = "delete", description = "Deletes an alias; its history stays.")
  static final class Delete extends Change {
    @Override
    void check() {
      super.check();
      Integer now = expected();
      if (now != null && now == 0) {
        throw wrongCall("--expect 0 says that there is no such alias: there is nothing to delete");
      }
    }

    @Override
    int work(ModelRegistry models) {
      Integer now = expected();
      if (now == null) {
        return tell(models.deleteAlias(modelName(), aliasName(), reason()), true);
      }
      NewAlias deletion =
          new NewAlias(
              modelName(),
              aliasName(),
              null,
              new NewAlias.Expected(now),
              AliasChange.Kind.DELETE,
              settings().get(Keys.USER),
              reason());
      return tell(files().changeAlias(deletion), true);
    }
  }
}
