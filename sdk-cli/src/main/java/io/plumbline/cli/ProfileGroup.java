package io.plumbline.cli;

import io.plumbline.drift.ColumnCounts;
import io.plumbline.drift.ColumnKind;
import io.plumbline.drift.ColumnProfile;
import io.plumbline.drift.ColumnRole;
import io.plumbline.drift.Drift;
import io.plumbline.drift.DriftReport;
import io.plumbline.drift.Profile;
import io.plumbline.drift.ProfileBuilder;
import io.plumbline.internal.Printable;
import io.plumbline.internal.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

  /** {@code profile make}: a profile of rows. */
  @Command(
      name = "make",
      description = {
        "Makes the profile of rows, in one pass and bounded memory: of CSV, plain or gzip, of a"
            + " file in Arrow's formats or of JSON lines, of a prediction log or a part of one.",
        "The first 10,000 rows of CSV say what each column is, as the types of other files do;"
            + " --kind says it better."
      })
  static final class Make extends StoreCommand {
    @Parameters(
        paramLabel = "ROWS",
        description = "CSV with a header line, Arrow, JSON lines, or the folder of a log.")
    private Path rows = Path.of("");

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

    @Mixin private DayRange days = new DayRange();

    @Option(
        names = "--model-version",
        paramLabel = "VERSION",
        description = "Only rows that this version has made, of a log.")
    private @Nullable String version;

    @Override
    public Integer call() throws IOException {
      if (days.isReversed()) {
        throw wrongCall("the day to which rows are wanted is before the one from which they are");
      }
      LogRange range = new LogRange(null, version, days.from(), days.to());
      ProfileBuilder builder = Profile.builder();
      builder.label(label.isEmpty() ? ProfileFiles.label(rows, range) : label);
      builder.without(without.toArray(String[]::new));
      kinds.forEach(builder::kind);
      roles.forEach(builder::role);
      Profile profile = ProfileFiles.make(rows, range, builder);
      requireKnown(profile);
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

    /** Whoever mistypes a name would not see that a column is taken for something else. */
    private void requireKnown(Profile profile) {
      Set<String> named = new LinkedHashSet<>(kinds.keySet());
      named.addAll(roles.keySet());
      profile.columns().forEach(column -> named.remove(column.name()));
      if (!named.isEmpty()) {
        String name = named.iterator().next();
        throw wrongCall(
            "--kind or --role names the column "
                + Printable.quote(name)
                + ", and there is none in "
                + Printable.quote(rows.toString())
                + (without.contains(name) ? " but the one that --without leaves out" : ""));
      }
    }
  }

  /** {@code profile show}: the columns of a profile. */
  @Command(
      name = "show",
      description = "Shows a profile's columns; with --json, the profile itself.")
  static final class Show extends StoreCommand {
    @Parameters(
        paramLabel = "PROFILE",
        description = "A profile, or rows, as `profile make` takes them.")
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
        description = "A profile, or rows, as `profile make` takes them.")
    private Path reference = Path.of("");

    @Parameters(
        index = "1",
        paramLabel = "OTHER",
        description = "A profile, or rows, as `profile make` takes them.")
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
        "It is rows, as `profile make` takes them, or a profile with the same bins: one that was"
            + " merged from the same."
      })
  static final class Merge extends StoreCommand {
    @Parameters(index = "0", paramLabel = "PROFILE", description = "A profile.")
    private Path first = Path.of("");

    @Parameters(index = "1", paramLabel = "MORE", description = "Rows, or a profile.")
    private Path more = Path.of("");

    @Option(
        names = {"-o", "--output"},
        paramLabel = "FILE.json",
        required = true,
        description = "Where to write the profile; what is there is replaced.")
    private Path output = Path.of("");

    @Override
    public Integer call() throws IOException {
      if (ProfileFiles.kind(first) != ProfileFiles.Kind.PROFILE) {
        throw wrongCall(
            Printable.quote(first.toString())
                + " is no profile; make one of its rows with `plumbline profile make`");
      }
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
