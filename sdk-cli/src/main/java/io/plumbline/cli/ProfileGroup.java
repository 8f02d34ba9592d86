package io.plumbline.cli;

import io.plumbline.data.CsvReader;
import io.plumbline.drift.ColumnCounts;
import io.plumbline.drift.ColumnKind;
import io.plumbline.drift.ColumnProfile;
import io.plumbline.drift.ColumnRole;
import io.plumbline.drift.Drift;
import io.plumbline.drift.DriftReport;
import io.plumbline.drift.Profile;
import io.plumbline.drift.ProfileBuilder;
import io.plumbline.internal.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code profile}: makes, shows, compares and merges reference profiles. */
@Command(
    name = "profile",
    description = "Makes, shows, compares and merges reference profiles.",
    synopsisSubcommandLabel = "COMMAND")
final class ProfileGroup extends StoreCommand {
  @Override
  public Integer call() {
    throw wrongCall("Name what to do: make, show, diff or merge");
  }

  private static Map<String, Object> document(Profile profile) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", profile.id());
    json.put("rows", profile.rows());
    json.put("columns", (long) profile.columns().size());
    return json;
  }

  /** {@code profile make}: a profile of a CSV file. */
  @Command(
      name = "make",
      description = {
        "Makes the profile of a CSV file's rows, plain or gzip, in one pass and bounded memory.",
        "The first 10,000 rows say what each column is; --kind says it better."
      })
  static final class Make extends StoreCommand {
    @Parameters(paramLabel = "FILE.csv", description = "The rows, with a header line.")
    private Path file = Path.of("");

    @Option(
        names = {"-o", "--output"},
        paramLabel = "FILE.json",
        required = true,
        description = "Where to write the profile; what is there is replaced.")
    private Path output = Path.of("");

    @Option(names = "--label", paramLabel = "TEXT", description = "What people call the profile.")
    private String label = "";

    @Option(
        names = "--without",
        paramLabel = "COLUMN",
        split = ",",
        description = "Columns to leave out, with commas.")
    private List<String> without = List.of();

    @Option(
        names = "--kind",
        paramLabel = "COLUMN=KIND",
        description = "What a column is: ${COMPLETION-CANDIDATES}.")
    private Map<String, ColumnKind> kinds = Map.of();

    @Option(
        names = "--role",
        paramLabel = "COLUMN=ROLE",
        description = "What a column is to the model: ${COMPLETION-CANDIDATES}.")
    private Map<String, ColumnRole> roles = Map.of();

    @Override
    public Integer call() throws IOException {
      ProfileBuilder builder = Profile.builder();
      builder.label(label.isEmpty() ? String.valueOf(file.getFileName()) : label);
      builder.without(without.toArray(String[]::new));
      kinds.forEach(builder::kind);
      roles.forEach(builder::role);
      Profile profile;
      try (CsvReader csv = CsvReader.open(file)) {
        profile = builder.add(csv).build();
      }
      Files.write(output, profile.toJson());
      if (json()) {
        printJson(document(profile));
      } else {
        console()
            .line(
                "Wrote " + Cells.show(profile.toString()) + " to " + Cells.show(output.toString()));
      }
      return Main.OK;
    }
  }

  /** {@code profile show}: the columns of a profile. */
  @Command(
      name = "show",
      description = "Shows a profile's columns; with --json, the profile itself.")
  static final class Show extends StoreCommand {
    @Parameters(
        paramLabel = "PROFILE",
        description = "A profile, or rows: CSV, Arrow, a prediction log.")
    private Path file = Path.of("");

    @Override
    public Integer call() throws IOException {
      Profile profile = ProfileFiles.profile(file);
      if (json()) {
        printJson(Json.object(profile.toJson(), "profile").asMap());
        return Main.OK;
      }
      console()
          .line(Cells.show(profile.label().orElse("profile")) + ", " + profile.rows() + " rows");
      console().line("id " + profile.id());
      console().line();
      Table table =
          new Table(console(), "")
              .column("column", Table.Kind.YIELDING)
              .column("kind", Table.Kind.TEXT)
              .column("role", Table.Kind.TEXT)
              .column("missing", Table.Kind.NUMBER)
              .column("distinct", Table.Kind.NUMBER)
              .column("mean", Table.Kind.NUMBER)
              .column("std", Table.Kind.NUMBER)
              .column("min", Table.Kind.NUMBER)
              .column("median", Table.Kind.NUMBER)
              .column("max", Table.Kind.NUMBER)
              .column("most frequent", Table.Kind.YIELDING);
      profile.columns().forEach(column -> row(table, column));
      table.print();
      return Main.OK;
    }

    private static void row(Table table, ColumnProfile column) {
      ColumnCounts counts = column.counts();
      Double median = column.quantiles().get(0.5);
      table
          .row()
          .cell(column.name())
          .cell(column.kind().label())
          .cell(column.role().label())
          .cell(String.valueOf(counts.missing() + counts.nan()))
          .cell(column.distinct().isPresent() ? "" + column.distinct().getAsLong() : "")
          .cell(number(counts.mean()))
          .cell(number(counts.standardDeviation()))
          .cell(number(counts.min()))
          .cell(median == null ? "" : Format.number(median))
          .cell(number(counts.max()))
          .cell(String.join(", ", column.categories().stream().limit(4).toList()));
    }

    private static String number(OptionalDouble value) {
      return value.isPresent() ? Format.number(value.getAsDouble()) : "";
    }
  }

  /** {@code profile diff}: how one profile differs from another. */
  @Command(
      name = "diff",
      description =
          "Compares a profile with another one, as `plumbline drift` does; always exits with 0.")
  static final class Diff extends StoreCommand {
    @Parameters(
        index = "0",
        paramLabel = "REFERENCE",
        description = "A profile, or rows: CSV, Arrow, a prediction log.")
    private Path reference = Path.of("");

    @Parameters(
        index = "1",
        paramLabel = "OTHER",
        description = "A profile, or rows: CSV, Arrow, a prediction log.")
    private Path other = Path.of("");

    @Override
    public Integer call() throws IOException {
      Profile profile = ProfileFiles.profile(reference);
      DriftReport report = Drift.compare(profile, ProfileFiles.window(other, profile));
      if (json()) {
        printJson(Json.object(report.toJson(), "report").asMap());
      } else {
        new DriftText(console()).print(report);
      }
      return Main.OK;
    }
  }

  /** {@code profile merge}: the rows of both in one. */
  @Command(
      name = "merge",
      description = {
        "Adds the rows of a second file to a profile, into the same bins.",
        "The second is CSV, or a profile that was merged from the same one."
      })
  static final class Merge extends StoreCommand {
    @Parameters(index = "0", paramLabel = "PROFILE", description = "A profile.")
    private Path first = Path.of("");

    @Parameters(index = "1", paramLabel = "MORE", description = "A CSV file, or a profile.")
    private Path more = Path.of("");

    @Option(
        names = {"-o", "--output"},
        paramLabel = "FILE.json",
        required = true,
        description = "Where to write the profile; what is there is replaced.")
    private Path output = Path.of("");

    @Override
    public Integer call() throws IOException {
      Profile profile = ProfileFiles.read(first);
      Profile both = profile.withMore(ProfileFiles.window(more, profile));
      Files.write(output, both.toJson());
      if (json()) {
        printJson(document(both));
      } else {
        console()
            .line("Wrote " + Cells.show(both.toString()) + " to " + Cells.show(output.toString()));
      }
      return Main.OK;
    }
  }
}
