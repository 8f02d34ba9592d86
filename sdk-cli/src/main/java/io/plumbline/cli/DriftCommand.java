package io.plumbline.cli;

import io.plumbline.NotFoundException;
import io.plumbline.drift.AlarmPolicy;
import io.plumbline.drift.Profile;
import io.plumbline.drift.Verdict;
import io.plumbline.drift.compat.CompatMode;
import io.plumbline.drift.compat.CompatReport;
import io.plumbline.internal.Printable;
import io.plumbline.internal.json.Json;
import io.plumbline.model.ModelVersion;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.serving.PredictionLogger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code drift}: compares rows with a reference. */
@Command(
    name = "drift",
    description = {
      "Compares rows with a reference, column by column, by the standard alarm: rows of files, or,"
          + " if a model is named, those that the version has predicted, with its reference profile.",
      "Exits with 1 if something drifted, with 4 if there are too few rows to say."
    },
    footer = {
      "%nExamples: plumbline drift --reference train.csv --current today.csv",
      "          plumbline drift flight-delay@champion --against 2 --slice all",
      "          plumbline drift flight-delay@champion --window week --html drift.html"
    })
final class DriftCommand extends RegistryCommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "MODEL",
      description =
          "A version, such as NAME@champion or NAME/3; NAME is the latest one. Its package has the"
              + " reference profile, the store's folder predictions the rows: as they were counted"
              + " while serving, where that was kept, or else those of the log.")
  private String model = "";

  @Option(
      names = "--reference",
      paramLabel = "PATH",
      description =
          "The reference: a profile's JSON, or rows: CSV, Arrow, JSON lines, the folder of a"
              + " prediction log.")
  private @Nullable Path reference;

  @Option(
      names = "--current",
      paramLabel = "PATH",
      description = "The rows to compare, or their profile's JSON.")
  private @Nullable Path current;

  @Mixin private DriftChoice choice = new DriftChoice();

  @Option(
      names = "--mode",
      paramLabel = "TOOL",
      description = "Another tool's numbers and rule, for CSV files: evidently, nannyml or scipy.")
  private @Nullable String mode;

  @Option(
      names = "--fail-on",
      paramLabel = "VERDICT",
      description = "From which verdict on to exit with 1: warn (the default) or alert.")
  private @Nullable Verdict failOn;

  @Option(
      names = "--least-rows",
      paramLabel = "N",
      description = "Rows without which nothing is said; 200 unless given.")
  private @Nullable Long leastRows;

  @Option(names = "--markdown", description = "Print Markdown.")
  private boolean markdown;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write a page, too; what is there is replaced.")
  private @Nullable Path html;

  @Override
  public Integer call() throws Exception {
    check();
    if (!model.isEmpty()) {
      return super.call();
    }
    if (mode != null) {
      return compareAs(CompatMode.of(mode), given(reference), given(current));
    }
    Profile profile = ProfileFiles.profile(given(reference), choice.referenceRows());
    return compare(profile, given(current), choice.rows(null, null), "", unused -> null);
  }

  @Override
  void check() {
    if (failOn != null && !failOn.alarms()) {
      throw wrongCall("--fail-on is warn or alert, not " + failOn);
    }
    if (leastRows != null && leastRows < 1) {
      throw wrongCall("--least-rows must be 1 or more, not " + leastRows);
    }
    String problem = choice.problem();
    if (problem != null) {
      throw wrongCall(problem);
    }
    if (choice.eachSlice() && html != null) {
      throw wrongCall("--html writes a page of one series: name one slice with --slice");
    }
    if (markdown && json()) {
      throw wrongCall("--json and --markdown are two forms: choose one");
    }
    if (model.isEmpty() && (reference == null || current == null)) {
      throw wrongCall("name a model, or give --reference and --current");
    }
    if (mode != null) {
      checkMode();
    }
  }

  /** What another tool does not know would be passed over in silence. */
  private void checkMode() {
    Map<String, Boolean> unknown = new LinkedHashMap<>();
    unknown.put("MODEL", !model.isEmpty());
    unknown.putAll(choice.given());
    unknown.put("--fail-on", failOn != null);
    unknown.put("--least-rows", leastRows != null);
    unknown.put("--markdown", markdown);
    unknown.put("--html", html != null);
    unknown.values().removeIf(given -> !given);
    if (!unknown.isEmpty()) {
      throw wrongCall("--mode is for two CSV files alone: it takes no " + unknown.keySet());
    }
  }

  private static Path given(@Nullable Path path) {
    return path == null ? Path.of("") : path; // which check() has refused
  }

  // ---- comparing

  private int compareAs(CompatMode tool, Path before, Path now) throws IOException {
    CompatReport report = CompatDrift.compare(tool, before, now);
    if (json()) {
      printJson(Json.parse(report.toJson()));
    } else {
      new CompatDrift(console()).print(report);
    }
    return CompatDrift.exitCode(report);
  }

  @Override
  int work(ModelRegistry models) throws IOException {
    ModelVersion compared = look(isName(model) ? model + "/latest" : model);
    Profile profile = reference == null ? profile(compared) : null;
    if (profile == null) {
      profile = ProfileFiles.profile(given(reference), choice.referenceRows());
    } else if (!choice.referenceRows().isAll()) {
      throw wrongCall("--reference-from and --reference-to are for a log: give --reference");
    }
    Path rows = current == null ? models.store().resolve(PredictionLogger.FOLDER) : current;
    if (!Files.exists(rows)) {
      throw new NotFoundException("there is no prediction log " + Printable.quote(rows.toString()));
    }
    String own = Integer.toString(compared.version());
    LogRange range = current == null ? choice.rows(compared.name(), own) : choice.rows(null, null);
    String other = choice.againstVersion();
    if (other != null && other.equals(range.version())) {
      throw wrongCall("--against " + other + " is " + compared.uri() + " itself: name another one");
    }
    return compare(profile, rows, range, compared.uri(), version -> ofVersion(compared, version));
  }

  /** The profile that another version of the model came with; null if it has none. */
  private @Nullable Profile ofVersion(ModelVersion compared, String version) {
    return VersionParts.profile(files(), look(compared.name() + "/" + version));
  }

  private static boolean isName(String text) {
    boolean plain = text.chars().noneMatch(c -> c == '/' || c == '@' || c == ':');
    return plain && !text.matches("m-[0-9a-f]{32}");
  }

  private Profile profile(ModelVersion compared) {
    Profile profile = VersionParts.profile(files(), compared);
    if (profile == null) {
      throw new NotFoundException(
          compared.uri()
              + " has no reference profile ("
              + Profile.FILE
              + "); give one with --reference, and register the next version with one");
    }
    return profile;
  }

  private int compare(
      Profile profile,
      Path rows,
      LogRange range,
      String title,
      Function<String, @Nullable Profile> profileOf)
      throws IOException {
    long least = leastRows == null ? AlarmPolicy.standard().leastRows() : leastRows;
    AlarmPolicy policy = AlarmPolicy.standard().withLeastRows(least);
    var comparison = new DriftComparison(profile, rows, choice, policy, profileOf);
    List<DriftSeries> all = comparison.compare(range);
    DriftOutput output = new DriftOutput(console(), profile);
    output.printProblems(all, comparison.passedOver());
    if (json()) {
      printJson(output.document(all, choice.eachSlice()));
    } else if (markdown) {
      output.printMarkdown(all);
    } else {
      output.printText(all);
    }
    if (html != null) {
      DriftSeries series = all.get(0);
      String name = title.isEmpty() ? "Drift of " + series.last().referenceName() : title;
      output.writePage(html, series.slice() == null ? name : name + ", " + series.slice(), series);
    }
    Verdict worst = DriftSeries.worst(all);
    if (worst == Verdict.INSUFFICIENT) {
      return Main.INSUFFICIENT;
    }
    return worst.compareTo(failOn == null ? Verdict.WARN : failOn) >= 0 ? Main.WRONG : Main.OK;
  }
}
