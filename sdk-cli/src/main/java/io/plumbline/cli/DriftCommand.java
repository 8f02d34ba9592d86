package io.plumbline.cli;

import io.plumbline.NotFoundException;
import io.plumbline.drift.AlarmPolicy;
import io.plumbline.drift.Drift;
import io.plumbline.drift.DriftMonitor;
import io.plumbline.drift.DriftReport;
import io.plumbline.drift.Profile;
import io.plumbline.drift.Verdict;
import io.plumbline.drift.WindowCounts;
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
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
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

  @Mixin private DayRange days = new DayRange();

  @Option(
      names = "--model-version",
      paramLabel = "VERSION",
      description =
          "Only rows that this version has made, of a log; all for those of all versions. With"
              + " MODEL, its own unless given.")
  private @Nullable String version;

  @Option(
      names = "--reference-from",
      paramLabel = "DATE",
      description = "As --from, of a log that is the reference.")
  private @Nullable LocalDate referenceFrom;

  @Option(
      names = "--reference-to",
      paramLabel = "DATE",
      description = "As --to, of a log that is the reference.")
  private @Nullable LocalDate referenceTo;

  @Option(
      names = "--window",
      paramLabel = "LENGTH",
      description =
          "Cut the rows of a log into windows: ${COMPLETION-CANDIDATES}. A line for each; the last"
              + " is judged, and drift must last.")
  private @Nullable CalendarWindow window;

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
    Profile profile = ProfileFiles.profile(given(reference), referenceRange());
    return compare(
        profile,
        given(current),
        new LogRange(null, wantedVersion(null), days.from(), days.to()),
        "");
  }

  @Override
  void check() {
    if (failOn != null && !failOn.alarms()) {
      throw wrongCall("--fail-on is warn or alert, not " + failOn);
    }
    if (leastRows != null && leastRows < 1) {
      throw wrongCall("--least-rows must be 1 or more, not " + leastRows);
    }
    if (days.isReversed() || DayRange.isReversed(referenceFrom, referenceTo)) {
      throw wrongCall("the day to which rows are wanted is before the one from which they are");
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
    unknown.put("--from", days.from() != null);
    unknown.put("--to", days.to() != null);
    unknown.put("--model-version", version != null);
    unknown.put("--reference-from", referenceFrom != null);
    unknown.put("--reference-to", referenceTo != null);
    unknown.put("--window", window != null);
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

  private LogRange referenceRange() {
    return new LogRange(null, null, referenceFrom, referenceTo);
  }

  private @Nullable String wantedVersion(@Nullable String own) {
    if (version == null) {
      return own;
    }
    return version.equals("all") ? null : version;
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
      profile = ProfileFiles.profile(given(reference), referenceRange());
    } else if (!referenceRange().isAll()) {
      throw wrongCall("--reference-from and --reference-to are for a log: give --reference");
    }
    Path rows = current == null ? models.store().resolve(PredictionLogger.FOLDER) : current;
    if (!Files.exists(rows)) {
      throw new NotFoundException("there is no prediction log " + Printable.quote(rows.toString()));
    }
    String own = Integer.toString(compared.version());
    boolean ofLog = current == null;
    LogRange range =
        new LogRange(
            ofLog ? compared.name() : null,
            wantedVersion(ofLog ? own : null),
            days.from(),
            days.to());
    return compare(profile, rows, range, compared.uri());
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

  private int compare(Profile profile, Path rows, LogRange range, String title) throws IOException {
    long least = leastRows == null ? AlarmPolicy.standard().leastRows() : leastRows;
    AlarmPolicy policy = AlarmPolicy.standard().withLeastRows(least);
    List<String> names = new ArrayList<>();
    List<DriftReport> reports = new ArrayList<>();
    VersionRows counted =
        VersionRows.isKnown(rows, range) ? VersionRows.of(rows, range, profile) : null;
    if (window == null) {
      WindowCounts counts =
          counted == null ? ProfileFiles.window(rows, range, profile) : counted.whole();
      reports.add(Drift.compare(profile, counts, policy));
    } else {
      DriftMonitor monitor = new DriftMonitor(profile, policy);
      (counted == null ? windows(profile, rows, range, window) : counted.windows(window))
          .forEach(
              (begin, counts) -> {
                names.add(window.label(begin));
                reports.add(monitor.add(counts));
              });
    }
    DriftReport last = reports.get(reports.size() - 1);
    List<Expected> expected =
        reports.stream().map(report -> Expected.of(profile, report.window())).toList();
    tell(names, reports, expected, counted);
    writePage(reports, expected, title.isEmpty() ? "Drift of " + last.referenceName() : title);
    if (last.verdict() == Verdict.INSUFFICIENT) {
      return Main.INSUFFICIENT;
    }
    Verdict limit = failOn == null ? Verdict.WARN : failOn;
    return last.verdict().compareTo(limit) >= 0 ? Main.WRONG : Main.OK;
  }

  private SortedMap<LocalDate, WindowCounts> windows(
      Profile profile, Path rows, LogRange range, CalendarWindow length) throws IOException {
    if (ProfileFiles.kind(rows) != ProfileFiles.Kind.LOG) {
      throw wrongCall("--window is for the rows of a prediction log, or of one of its files");
    }
    return new LogRows(rows, range).count(profile, length);
  }

  // ---- telling

  private void tell(
      List<String> names,
      List<DriftReport> reports,
      List<Expected> expected,
      @Nullable VersionRows counted) {
    DriftReport last = reports.get(reports.size() - 1);
    if (counted != null) {
      counted.problems().forEach(problem -> console().error("plumbline: " + Cells.show(problem)));
    }
    if (json()) {
      Map<String, @Nullable Object> document =
          names.isEmpty()
              ? expected.get(0).json(last)
              : document(reports, expected, last);
      if (counted != null) {
        document.put("rows_from", counted.json());
      }
      printJson(document);
    } else if (markdown) {
      for (int i = 0; i < reports.size(); i++) {
        console().print(reports.get(i).toMarkdown());
        expected.get(i).sentence().ifPresent(words -> console().line("\n" + words));
      }
      if (counted != null) {
        console().line();
        console().line(counted.sentence());
      }
    } else {
      DriftText text = new DriftText(console());
      if (!names.isEmpty()) {
        text.printWindows(names, reports, expected);
        console().line();
      }
      text.print(last);
      expected
          .get(expected.size() - 1)
          .sentence()
          .ifPresent(words -> console().line("\n" + words));
      if (counted != null) {
        console().line();
        console().line(counted.sentence());
      }
    }
  }

  private static Map<String, @Nullable Object> document(
      List<DriftReport> reports, List<Expected> expected, DriftReport last) {
    Map<String, @Nullable Object> document = new LinkedHashMap<>();
    document.put("verdict", last.verdict().toString().toLowerCase(Locale.ROOT));
    List<Object> windows = new ArrayList<>();
    for (int i = 0; i < reports.size(); i++) {
      windows.add(expected.get(i).json(reports.get(i)));
    }
    document.put("windows", windows);
    return document;
  }

  private void writePage(List<DriftReport> reports, List<Expected> expected, String title) {
    if (html != null) {
      DriftReport.writeHtml(html, title, reports, Expected.series(expected));
      console()
          .error(
              "plumbline: "
                  + Format.count(reports.size(), "window")
                  + " in "
                  + Cells.show(html.toString()));
    }
  }
}
