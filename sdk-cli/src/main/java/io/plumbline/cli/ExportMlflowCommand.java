package io.plumbline.cli;

import io.plumbline.mlflow.MlflowExport;
import io.plumbline.model.Run;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code export mlflow}: the store as a folder that MLflow opens. */
@Command(
    name = "mlflow",
    description = {
      "Writes the store as a folder of MLflow's own file store: experiments, runs with all points,"
          + " artifacts and models, and registered models.",
      "MLflow opens it with MLFLOW_ALLOW_FILE_STORE=true, and `mlflow migrate-filestore` takes it"
          + " into a database. What MLflow cannot hold is listed."
    })
final class ExportMlflowCommand extends StoreCommand {
  private static final int LISTED = 10;

  @Option(
      names = {"-e", "--experiment"},
      paramLabel = "NAME",
      description = "Only runs of this experiment, by name or id; may be given several times.")
  private List<String> experiments = new ArrayList<>();

  @Option(
      names = "--run",
      paramLabel = "ID",
      description = "Only this run, by id, its beginning, or name; may be given several times.")
  private List<String> runs = new ArrayList<>();

  @Option(
      names = "--replace",
      description =
          "Put it in the place of an earlier export, without what MLflow has written into that.")
  private boolean replace;

  @Parameters(paramLabel = "DIR", description = "The folder to write; it is empty, or not there.")
  private @Nullable Path folder;

  @Override
  public Integer call() {
    MlflowExport export =
        new MlflowExport(view())
            .experiments(experiments)
            .runs(runs.stream().map(text -> RunIds.find(view(), text)).map(Run::id).toList())
            .replace(replace);
    MlflowExport.Report report;
    try (Progress progress = console().progress()) {
      report = export.progress(progress).to(Objects.requireNonNull(folder));
    }
    tellOfDead(view().deadWriters());
    if (json()) {
      printJson(document(report));
    } else {
      tell(report);
    }
    boolean whole = report.omitted().stream().noneMatch(MlflowExport.Omitted::damaged);
    return whole ? Main.OK : Main.WRONG;
  }

  private void tell(MlflowExport.Report report) {
    console()
        .line(
            "Written to "
                + Cells.show(report.folder().toString())
                + ": "
                + Format.count(report.experiments(), "experiment")
                + ", "
                + Format.count(report.runs(), "run")
                + ", "
                + Format.count(report.points(), "point")
                + ", "
                + Format.count(report.files(), "artifact")
                + " ("
                + Format.bytes(report.bytes())
                + "), "
                + Format.count(report.loggedModels(), "model")
                + ", "
                + Format.count(report.registeredModels(), "registered model")
                + " with "
                + Format.count(report.versions(), "version")
                + ".");
    List<MlflowExport.Omitted> omitted = report.omitted();
    if (omitted.isEmpty()) {
      return;
    }
    console()
        .error(
            "plumbline: "
                + Format.count(omitted.size(), "thing")
                + " of the store cannot be in it unchanged:");
    omitted.stream().limit(LISTED).forEach(each -> console().error("  " + line(each)));
    if (omitted.size() > LISTED) {
      console()
          .error(
              "  and "
                  + (omitted.size() - LISTED)
                  + " more; "
                  + Cells.show(report.folder().resolve("plumbline-export.json").toString())
                  + " lists all");
    }
  }

  private static String line(MlflowExport.Omitted omitted) {
    return Cells.show(
        (omitted.damaged() ? "damaged: " : "") + omitted.place() + ": " + omitted.reason());
  }

  private static Map<String, @Nullable Object> document(MlflowExport.Report report) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("folder", report.folder().toString());
    json.put("experiments", (long) report.experiments());
    json.put("runs", (long) report.runs());
    json.put("points", report.points());
    json.put("artifacts", report.files());
    json.put("artifactBytes", report.bytes());
    json.put("models", (long) report.loggedModels());
    json.put("registeredModels", (long) report.registeredModels());
    json.put("versions", (long) report.versions());
    json.put(
        "omitted",
        report.omitted().stream()
            .map(
                each ->
                    Map.of(
                        "place", each.place(),
                        "reason", each.reason(),
                        "damaged", each.damaged()))
            .toList());
    return json;
  }
}
