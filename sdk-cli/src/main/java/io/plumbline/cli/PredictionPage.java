package io.plumbline.cli;

import io.plumbline.drift.log.SystemColumn;
import io.plumbline.model.ModelVersion;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One prediction, for people. */
final class PredictionPage {
  private static final String INDENT = "  ";

  private final Console console;

  PredictionPage(Console console) {
    this.console = console;
  }

  void print(FoundPrediction found) {
    LoggedPrediction row = found.row();
    console.line(
        console.styled(Cells.show(row.text(SystemColumn.REQUEST_ID)), Style.BOLD)
            + "  "
            + Cells.show(row.text(SystemColumn.MODEL))
            + "/"
            + Cells.show(row.text(SystemColumn.MODEL_VERSION)));
    facts(found);
    for (String note : row.notes()) {
      console.line(console.styled("note: ", Style.YELLOW) + Cells.show(note));
    }
    ModelVersion version = found.version();
    if (version != null) {
      new VersionPage(console).datasets(version.lineage());
    }
    columns("Features", found, row.named("input", "context"), row.dropped().keySet());
    columns("Prediction", found, row.named("prediction", "target"));
    Replay replay = found.replay();
    if (replay != null) {
      console.line();
      replay(replay);
    }
  }

  private void facts(FoundPrediction found) {
    LoggedPrediction row = found.row();
    ModelVersion version = found.version();
    Map<String, String> facts = new LinkedHashMap<>();
    Long micros = row.times().get(SystemColumn.TS.columnName());
    Instant time = micros == null ? null : LogValues.time(micros);
    facts.put("time", time == null ? "" : time.toString());
    facts.put("outcome", row.text(SystemColumn.STATUS));
    facts.put("alias", row.text(SystemColumn.ALIAS));
    facts.put("role", row.text(SystemColumn.ROLE));
    String latency = row.text(SystemColumn.LATENCY_US);
    facts.put("latency", latency.isEmpty() ? "" : latency + " µs");
    facts.put("entity", row.text(SystemColumn.ENTITY_ID));
    facts.put("slice", row.text(SystemColumn.SLICE));
    facts.put("endpoint", row.text(SystemColumn.ENDPOINT));
    facts.put("host", row.text(SystemColumn.HOST));
    facts.put("trace", row.text(SystemColumn.TRACE_ID));
    if (version != null) {
      facts.put("uri", version.uri());
      facts.put("digest", version.digest());
      String run = version.lineage().run().orElse("");
      facts.put("run", found.run() == null ? run : run + "  " + found.run().name());
      facts.put("experiment", version.lineage().experiment());
    }
    facts.put("file", row.file().toString());
    facts.values().removeIf(String::isEmpty);
    Section.texts(console, facts, "");
  }

  private void columns(String heading, FoundPrediction found, List<String> names) {
    columns(heading, found, names, List.of());
  }

  private void columns(
      String heading, FoundPrediction found, List<String> names, Iterable<String> dropped) {
    if (names.isEmpty() && !dropped.iterator().hasNext()) {
      return;
    }
    Section.heading(console, heading, names.size());
    Table table =
        new Table(console, INDENT)
            .column("", Table.Kind.YIELDING)
            .column("", Table.Kind.YIELDING)
            .column("", Table.Kind.TEXT)
            .column("", Table.Kind.TEXT)
            .keep(3);
    for (String name : names) {
      FeaturePlace place = found.place(name);
      String policy = found.row().privacy().getOrDefault(name, "");
      table
          .row()
          .cell(name)
          .cell(LogValues.text(found.row().values().get(name)))
          .cell(
              place == null ? "" : place.toString(),
              place != null && place.isOdd() ? Style.YELLOW : Style.PLAIN)
          .cell(policy.isEmpty() ? "" : "kept as " + policy);
    }
    for (String name : dropped) {
      table.row().cell(name).cell("").cell("").cell("left out of the log");
    }
    table.print();
  }

  private void replay(Replay replay) {
    if (!replay.problem().isEmpty()) {
      console.line(console.styled("Not replayed: ", Style.RED) + Cells.show(replay.problem()));
      return;
    }
    console.line(
        replay.same()
            ? console.styled("The same comes out again.", Style.GREEN)
            : console.styled("Something else comes out.", Style.RED));
    Table table =
        new Table(console, INDENT)
            .column("", Table.Kind.YIELDING)
            .column("logged", Table.Kind.NUMBER)
            .column("replayed", Table.Kind.NUMBER)
            .column("difference", Table.Kind.NUMBER);
    for (Replay.Output output : replay.outputs()) {
      table
          .row()
          .cell(output.column())
          .cell(Double.toString(output.logged()))
          .cell(Double.toString(output.now()))
          .cell(Format.number(output.difference()));
    }
    table.print();
  }
}
