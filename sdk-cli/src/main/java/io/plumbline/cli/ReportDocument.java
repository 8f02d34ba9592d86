package io.plumbline.cli;

import io.plumbline.drift.internal.page.Curve;
import io.plumbline.internal.export.RunDocument;
import io.plumbline.model.Run;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A report as a JSON document; {@code docs/cli.md} promises its fields. */
final class ReportDocument {
  private ReportDocument() {}

  static Map<String, @Nullable Object> of(ReportView report) {
    List<Run> runs = report.runs();
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("store", report.store().toString());
    json.put("made", report.made().toEpochMilli());
    json.put("points", report.points());
    json.put("metrics", report.metrics());
    json.put("params", report.params());
    json.put("runs", runs.stream().map(RunDocument::of).toList());
    json.put("curves", curves(report));
    json.put("pictures", report.pictures().stream().map(p -> picture(p, runs)).toList());
    json.put("models", report.models().stream().map(ReportDocument::model).toList());
    json.put("quarantined", report.quarantined().stream().map(ModelDocument::of).toList());
    json.put("drift", report.drift().stream().map(Path::toString).toList());
    json.put("notes", report.notes());
    return json;
  }

  private static Map<String, @Nullable Object> curves(ReportView report) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    report
        .curves()
        .forEach(
            (key, curves) -> {
              Map<String, @Nullable Object> byRun = new LinkedHashMap<>();
              curves.forEach((run, points) -> byRun.put(report.runs().get(run).id(), list(points)));
              all.put(key, byRun);
            });
    return all;
  }

  private static List<List<Object>> list(List<Curve.Point> points) {
    List<List<Object>> list = new ArrayList<>();
    points.forEach(point -> list.add(List.of(point.x(), point.y())));
    return list;
  }

  private static Map<String, @Nullable Object> picture(ReportView.Picture picture, List<Run> runs) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("run", runs.get(picture.run()).id());
    json.put("path", picture.path());
    json.put("size", picture.size());
    return json;
  }

  private static Map<String, @Nullable Object> model(ReportView.Model model) {
    Map<String, @Nullable Object> json = ModelDocument.of(model.model());
    json.put("versions", model.versions().stream().map(ModelDocument::of).toList());
    json.put("history", model.history().stream().map(ModelDocument::of).toList());
    return json;
  }
}
