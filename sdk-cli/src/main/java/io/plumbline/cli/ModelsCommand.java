package io.plumbline.cli;

import io.plumbline.model.ModelQuery;
import io.plumbline.model.Page;
import io.plumbline.model.RegisteredModel;
import io.plumbline.registry.ModelRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code models}: the table of registered models. */
@Command(
    name = "models",
    description = "Lists the registered models, with the versions that their aliases point to.")
final class ModelsCommand extends RegistryCommand {
  private static final int PAGE = 1_000;

  @Option(
      names = {"-f", "--filter"},
      paramLabel = "TEXT",
      description = "Only models whose name contains this text, upper or lower case.")
  private String filter = "";

  @Option(names = "--deleted", description = "Deleted models instead of the others.")
  private boolean deleted;

  @Override
  int work(ModelRegistry models) {
    List<RegisteredModel> found = find(models);
    if (json()) {
      printJson(found.stream().map(ModelDocument::of).toList());
    } else if (found.isEmpty()) {
      console()
          .line(
              "No registered models"
                  + (deleted ? " are deleted" : "")
                  + " in "
                  + Cells.show(registryPlace()));
    } else {
      print(found);
    }
    return Main.OK;
  }

  private List<RegisteredModel> find(ModelRegistry models) {
    ModelQuery query = ModelQuery.named(filter).page(PAGE, null);
    if (deleted) {
      query = query.withDeleted();
    }
    List<RegisteredModel> found = new ArrayList<>();
    Page<RegisteredModel> page = models.search(query);
    found.addAll(page.items());
    while (page.pageToken() != null) {
      page = models.search(query.page(PAGE, page.pageToken()));
      found.addAll(page.items());
    }
    found.removeIf(model -> model.deleted() != deleted);
    return found;
  }

  private void print(List<RegisteredModel> found) {
    Table table =
        new Table(console(), "")
            .column("name", Table.Kind.YIELDING)
            .column("latest", Table.Kind.NUMBER)
            .column("aliases", Table.Kind.YIELDING)
            .column("description", Table.Kind.YIELDING)
            .column("changed", Table.Kind.TEXT)
            .keep(3);
    for (RegisteredModel model : found) {
      table.row().cell(model.name());
      table.cell(model.latestVersion() == 0 ? "-" : Integer.toString(model.latestVersion()));
      table.cell(aliases(console(), model.aliases())).cell(model.description());
      table.cell(Format.minute(model.changed()));
    }
    table.print();
  }

  /** Returns aliases and what they point to, such as {@code champion→3}. */
  private static String aliases(Console console, Map<String, Integer> aliases) {
    String arrow = console.isUnicode() ? "→" : "->";
    return String.join(
        ", ",
        new TreeMap<>(aliases)
            .entrySet().stream().map(alias -> alias.getKey() + arrow + alias.getValue()).toList());
  }
}
