package io.plumbline.cli;

import io.plumbline.model.AliasChange;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.RegisteredModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** All of a registered model, for people. */
final class ModelPage {
  private static final String INDENT = "  ";
  private static final int ID_LENGTH = 8;

  private final Console console;

  ModelPage(Console console) {
    this.console = console;
  }

  void model(RegisteredModel model, List<AliasChange> pointers, List<ModelVersion> versions) {
    console.line(
        console.styled(Cells.show(model.name()), Style.BOLD)
            + (model.deleted() ? "  " + console.styled("DELETED", Style.YELLOW) : ""));
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("description", model.description());
    facts.put("created", Format.time(model.created()));
    facts.put("changed", Format.time(model.changed()));
    facts.values().removeIf(String::isEmpty);
    Section.texts(console, facts, "");
    if (!model.tags().isEmpty()) {
      Section.heading(console, "Tags", model.tags().size());
      Section.texts(console, new TreeMap<>(model.tags()), INDENT);
    }
    if (!pointers.isEmpty()) {
      Section.heading(console, "Aliases", pointers.size());
      changes(pointers, INDENT, true);
    }
    versions(versions);
  }

  /** The changes of one alias, the newest first. */
  void history(List<AliasChange> history) {
    changes(history, "", false);
  }

  private void changes(List<AliasChange> changes, String indent, boolean named) {
    Table table = new Table(console, indent);
    if (named) {
      table.column("alias", Table.Kind.YIELDING);
    }
    table
        .column("version", Table.Kind.NUMBER)
        .column("before", Table.Kind.NUMBER)
        .column("since", Table.Kind.TEXT)
        .column("by", Table.Kind.YIELDING)
        .column("change", Table.Kind.TEXT)
        .column("reason", Table.Kind.YIELDING)
        .keep(named ? 2 : 1);
    for (AliasChange change : changes) {
      table.row();
      if (named) {
        table.cell(change.alias());
      }
      table.cell(number(change.version())).cell(number(change.previous()));
      table.cell(Format.time(change.time())).cell(change.user());
      table.cell(kind(change)).cell(change.reason());
    }
    table.print();
  }

  private static String number(@Nullable Integer version) {
    return version == null ? "-" : Integer.toString(version);
  }

  private static String kind(AliasChange change) {
    return switch (change.kind()) {
      case SET -> "set";
      case ROLLBACK -> "rollback";
      case DELETE -> "deleted";
    };
  }

  private void versions(List<ModelVersion> versions) {
    Section.heading(console, "Versions", versions.size());
    Table table =
        new Table(console, INDENT)
            .column("version", Table.Kind.NUMBER)
            .column("aliases", Table.Kind.YIELDING)
            .column("state", Table.Kind.TEXT)
            .column("flavor", Table.Kind.TEXT)
            .column("size", Table.Kind.NUMBER)
            .column("created", Table.Kind.TEXT)
            .column("by", Table.Kind.YIELDING)
            .column("run", Table.Kind.TEXT)
            .column("description", Table.Kind.YIELDING)
            .keep(3);
    for (ModelVersion version : versions) {
      table.row().cell(Integer.toString(version.version()));
      table.cell(String.join(", ", new TreeSet<>(version.aliases())));
      table.cell(state(version), version.usable() ? Style.PLAIN : Style.RED);
      table.cell(version.flavor()).cell(Format.bytes(version.size()));
      table.cell(Format.minute(version.created())).cell(version.user());
      table.cell(version.lineage().run().map(id -> RunIds.shortened(id, ID_LENGTH)).orElse("-"));
      table.cell(version.description());
    }
    if (!table.isEmpty()) {
      table.print();
    }
  }

  private static String state(ModelVersion version) {
    return version.deleted() ? "deleted" : version.quarantine().isPresent() ? "quarantined" : "";
  }
}
