package io.plumbline.cli;

import io.plumbline.internal.courier.Delivered;
import io.plumbline.internal.courier.DeliveryState;
import io.plumbline.internal.export.RunDocument;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonException;
import io.plumbline.model.Artifact;
import io.plumbline.model.Dataset;
import io.plumbline.model.DatasetInput;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.MetricSummary;
import io.plumbline.model.Run;
import io.plumbline.model.RunStatus;
import io.plumbline.model.RunTags;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code run ID}: all of one run. */
@Command(
    name = "run",
    description =
        "Shows all of one run: whether it has arrived where it goes, params, metrics, tags, inputs,"
            + " models, artifacts, children.")
final class RunCommand extends StoreCommand {
  private static final String INDENT = "  ";
  private static final int MOST_FILES = 20;

  @Parameters(
      paramLabel = "ID",
      description = "The run's id, the beginning of it (4 characters or more), or its name.")
  private String id = "";

  @Option(
      names = "--check",
      description = "Exit with 1 unless the run has FINISHED and there is nothing to warn of.")
  private boolean check;

  @Override
  public Integer call() {
    Run run = RunIds.find(view(), id);
    List<Artifact> files = view().files(run.id());
    List<Run> children = children(run);
    List<DeliveryState> deliveries = Delivered.states(view().root(), run.id());
    if (json()) {
      Map<String, @Nullable Object> document = RunDocument.of(run);
      document.put("artifacts", RunDocument.artifacts(files));
      document.put("children", children.stream().map(Run::id).toList());
      document.put("destinations", Deliveries.document(deliveries));
      printJson(document);
    } else {
      print(run, files, children, deliveries);
    }
    List<String> dead = new ArrayList<>(view().deadWriters());
    dead.retainAll(view().writersOf(run.id()));
    tellOfDead(dead);
    boolean sound = run.status() == RunStatus.FINISHED && run.warnings().isEmpty();
    return check && !sound ? Main.WRONG : Main.OK;
  }

  private List<Run> children(Run run) {
    return view().runs().all().stream()
        .filter(other -> other.parentId().filter(run.id()::equals).isPresent() && !other.deleted())
        .sorted(Comparator.comparing(Run::startTime).thenComparing(Run::id))
        .toList();
  }

  private void print(
      Run run, List<Artifact> files, List<Run> children, List<DeliveryState> deliveries) {
    console()
        .line(
            console().styled(Cells.show(run.name()), Style.BOLD)
                + "  "
                + console().styled(run.status().name(), RunColumn.style(run.status()))
                + (run.deleted() ? "  " + console().styled("DELETED", Style.YELLOW) : ""));
    printFacts(run);
    Deliveries.print(console(), deliveries);
    printTexts("Params", run.params());
    printMetrics(run);
    Map<String, String> tags = new LinkedHashMap<>(run.tags());
    tags.remove(RunTags.NOTE);
    tags.remove(RunTags.GROUP);
    printTexts("Tags", tags);
    printInputs(run.inputs());
    printModels(run.models());
    printArtifacts(files);
    printChildren(children);
    if (!run.warnings().isEmpty()) {
      Section.heading(console(), "Warnings", run.warnings().size());
      run.warnings()
          .forEach(w -> console().line(INDENT + console().styled(Cells.show(w), Style.YELLOW)));
    }
  }

  private void printFacts(Run run) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("id", run.id());
    facts.put("experiment", run.experiment());
    facts.put("started", Format.time(run.startTime()));
    run.endTime().ifPresent(end -> facts.put("ended", Format.time(end)));
    run.duration().ifPresent(took -> facts.put("took", Format.duration(took)));
    facts.put("user", run.user());
    run.parentId().ifPresent(parent -> facts.put("parent", parent));
    run.group().ifPresent(group -> facts.put("group", group));
    run.note().ifPresent(note -> facts.put("note", note));
    facts.values().removeIf(String::isEmpty);
    Section.texts(console(), facts, "");
  }

  private void printTexts(String heading, Map<String, String> texts) {
    if (!texts.isEmpty()) {
      Section.heading(console(), heading, texts.size());
      Section.texts(console(), texts, INDENT);
    }
  }

  private void printMetrics(Run run) {
    if (run.metrics().isEmpty()) {
      return;
    }
    Section.heading(console(), "Metrics", run.metrics().size());
    Table table =
        new Table(console(), INDENT)
            .column("metric", Table.Kind.YIELDING)
            .column("last", Table.Kind.NUMBER)
            .column("step", Table.Kind.NUMBER)
            .column("min", Table.Kind.NUMBER)
            .column("max", Table.Kind.NUMBER)
            .column("points", Table.Kind.NUMBER)
            .keep(2);
    for (MetricSummary m : run.metrics().values()) {
      table.row().cell(m.key()).cell(Format.number(m.last()));
      table.cell(Long.toString(m.lastStep()));
      table.cell(Format.number(m.min())).cell(Format.number(m.max()));
      table.cell(Format.count(m.count()));
    }
    table.print();
  }

  private void printInputs(List<DatasetInput> inputs) {
    if (inputs.isEmpty()) {
      return;
    }
    Section.heading(console(), "Inputs", inputs.size());
    Table table =
        new Table(console(), INDENT)
            .column("context", Table.Kind.TEXT)
            .column("dataset", Table.Kind.YIELDING)
            .column("digest", Table.Kind.TEXT)
            .column("rows", Table.Kind.NUMBER)
            .column("source", Table.Kind.YIELDING)
            .keep(2);
    for (DatasetInput input : inputs) {
      Dataset dataset = input.dataset();
      table.row().cell(input.context()).cell(dataset.name()).cell(dataset.digest());
      table.cell(rows(dataset.profile())).cell(uri(dataset.source()));
    }
    table.print();
  }

  /** The number of rows that the profile of a dataset says, or nothing. */
  private static String rows(String profile) {
    try {
      long rows = profile.isEmpty() ? -1 : Json.object(profile, "profile").longOr("num_rows", -1);
      return rows < 0 ? "" : Format.count(rows);
    } catch (JsonException e) {
      return "";
    }
  }

  private static String uri(String source) {
    try {
      return source.isEmpty() ? "" : Json.object(source, "source").stringOrEmpty("uri");
    } catch (JsonException e) {
      return source;
    }
  }

  private void printModels(List<LoggedModel> models) {
    if (models.isEmpty()) {
      return;
    }
    Section.heading(console(), "Models", models.size());
    Table table =
        new Table(console(), INDENT)
            .column("model", Table.Kind.YIELDING)
            .column("flavor", Table.Kind.TEXT)
            .column("parts", Table.Kind.NUMBER)
            .column("size", Table.Kind.NUMBER)
            .column("id", Table.Kind.TEXT)
            .column("digest", Table.Kind.TEXT)
            .keep(2);
    for (LoggedModel m : models) {
      table.row().cell(m.name()).cell(m.flavor()).cell(Format.count(m.parts().size()));
      table.cell(Format.bytes(m.size())).cell(m.id()).cell(m.digest());
    }
    table.print();
  }

  private void printArtifacts(List<Artifact> files) {
    if (files.isEmpty()) {
      return;
    }
    Section.heading(console(), "Artifacts", files.size());
    Table table =
        new Table(console(), INDENT)
            .column("", Table.Kind.YIELDING)
            .column("", Table.Kind.NUMBER)
            .keep(2);
    files.stream()
        .limit(MOST_FILES)
        .forEach(file -> table.row().cell(file.path()).cell(Format.bytes(file.size())));
    table.print();
    if (files.size() > MOST_FILES) {
      console()
          .line(
              INDENT
                  + console()
                      .styled(
                          "and "
                              + Format.count(files.size() - MOST_FILES)
                              + " more: plumbline"
                              + " artifacts shows them",
                          Style.DIM));
    }
  }

  private void printChildren(List<Run> children) {
    if (children.isEmpty()) {
      return;
    }
    Section.heading(console(), "Children", children.size());
    int idLength = RunIds.shortLength(children);
    Table table = new Table(console(), INDENT).keep(3);
    List<RunColumn> columns = new ArrayList<>();
    for (String name : RunColumn.sensible(children)) {
      RunColumn column = name.equals("start") ? null : RunColumn.named(name, idLength);
      if (column != null) {
        columns.add(column);
      }
    }
    columns.forEach(column -> column.addTo(table));
    for (Run child : children) {
      table.row();
      columns.forEach(column -> column.addTo(table, child));
    }
    table.print();
  }
}
