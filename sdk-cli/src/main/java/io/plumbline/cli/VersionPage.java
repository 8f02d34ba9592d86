package io.plumbline.cli;

import io.plumbline.model.Artifact;
import io.plumbline.model.FieldSpec;
import io.plumbline.model.Lineage;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.Signature;
import io.plumbline.model.TensorSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** All of one version, for people. */
final class VersionPage {
  private static final String INDENT = "  ";

  private final Console console;

  VersionPage(Console console) {
    this.console = console;
  }

  void print(ModelVersion version, @Nullable Signature signature) {
    String title = version.registered() ? version.name() + "/" + version.version() : version.name();
    console.line(
        console.styled(Cells.show(title), Style.BOLD)
            + (version.deleted() ? "  " + console.styled("DELETED", Style.YELLOW) : "")
            + (version.quarantine().isPresent()
                ? "  " + console.styled("QUARANTINED", Style.RED)
                : ""));
    facts(version);
    if (!version.tags().isEmpty()) {
      Section.heading(console, "Tags", version.tags().size());
      Section.texts(console, new TreeMap<>(version.tags()), INDENT);
    }
    if (signature != null) {
      fields("Inputs", signature.inputs());
      fields("Outputs", signature.outputs());
    }
    datasets(version.lineage());
    parts(version.parts());
  }

  private void facts(ModelVersion version) {
    Lineage lineage = version.lineage();
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("uri", version.uri());
    facts.put("description", version.description());
    facts.put("quarantine", version.quarantine().orElse(""));
    facts.put("aliases", String.join(", ", new TreeSet<>(version.aliases())));
    facts.put("digest", version.digest());
    facts.put("flavor", version.flavor());
    facts.put("size", Format.bytes(version.size()));
    facts.put("created", Format.time(version.created()));
    facts.put("by", version.user());
    facts.put("run", lineage.run().orElse(""));
    facts.put("experiment", lineage.experiment());
    facts.put("parent run", lineage.parentRunId() == null ? "" : lineage.parentRunId());
    facts.put("logged model", lineage.modelId() == null ? "" : lineage.modelId());
    facts.put("made from", String.join(", ", lineage.parents()));
    facts.values().removeIf(String::isEmpty);
    Section.texts(console, facts, "");
  }

  private void fields(String heading, List<FieldSpec> fields) {
    if (fields.isEmpty()) {
      return;
    }
    Section.heading(console, heading, fields.size());
    Table table =
        new Table(console, INDENT)
            .column("", Table.Kind.YIELDING)
            .column("", Table.Kind.TEXT)
            .column("", Table.Kind.TEXT)
            .keep(2);
    for (FieldSpec field : fields) {
      table.row().cell(field.name().isEmpty() ? "(no name)" : field.name());
      String shape = field instanceof TensorSpec tensor ? " " + tensor.shape() : "";
      table.cell(ModelDocument.type(field) + shape).cell(field.required() ? "" : "optional");
    }
    table.print();
  }

  /** Prints the datasets that a version comes from, if there are any. */
  void datasets(Lineage lineage) {
    if (lineage.inputs().isEmpty()) {
      return;
    }
    Section.heading(console, "Datasets", lineage.inputs().size());
    Table table =
        new Table(console, INDENT)
            .column("context", Table.Kind.TEXT)
            .column("dataset", Table.Kind.YIELDING)
            .column("digest", Table.Kind.TEXT)
            .keep(2);
    for (Lineage.Input input : lineage.inputs()) {
      table.row().cell(input.context()).cell(input.name()).cell(input.digest());
    }
    table.print();
  }

  private void parts(List<Artifact> parts) {
    Section.heading(console, "Files", parts.size());
    Table table =
        new Table(console, INDENT)
            .column("", Table.Kind.YIELDING)
            .column("", Table.Kind.NUMBER)
            .column("", Table.Kind.TEXT)
            .keep(2);
    for (Artifact part : parts) {
      table.row().cell(part.path()).cell(Format.bytes(part.size()));
      table.cell(String.valueOf(part.sha256()));
    }
    table.print();
  }
}
