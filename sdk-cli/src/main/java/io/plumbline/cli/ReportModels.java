package io.plumbline.cli;

import io.plumbline.drift.internal.page.Blocks;
import io.plumbline.drift.internal.page.DataTable;
import io.plumbline.drift.internal.page.DataTable.Kind;
import io.plumbline.drift.internal.page.Html;
import io.plumbline.drift.internal.page.State;
import io.plumbline.drift.internal.page.Tag;
import io.plumbline.model.AliasChange;
import io.plumbline.model.ModelVersion;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a report's page tells of registered models, quarantines and drift. */
final class ReportModels {
  private static final int MOST_MODELS = 200;
  private static final int MOST_VERSIONS = 100;
  private static final int MOST_CHANGES = 100;
  private static final int MOST_ROWS = 2_000;

  private final ReportView report;
  private final Html html;
  private final Map<String, String> runNames = new HashMap<>();
  private int rows;

  ReportModels(ReportView report, Html html, List<String> names) {
    this.report = report;
    this.html = html;
    for (int i = 0; i < report.runs().size(); i++) {
      runNames.put(report.runs().get(i).id(), names.get(i));
    }
  }

  void models() {
    int shown = 0;
    for (ReportView.Model model : report.models()) {
      if (shown++ == MOST_MODELS || rows > MOST_ROWS) {
        break;
      }
      model(model);
    }
    if (shown <= report.models().size() && shown > MOST_MODELS || rows > MOST_ROWS) {
      html.leaf(
          Tag.P,
          "note",
          "Not all of the "
              + Format.count(report.models().size(), "model")
              + " fit on the page; `plumbline model NAME` shows any.");
    }
  }

  private void model(ReportView.Model model) {
    html.leaf(
        Tag.H3,
        ReportTexts.cut(model.model().name()) + (model.model().deleted() ? " (deleted)" : ""));
    if (!model.model().description().isEmpty()) {
      html.leaf(Tag.P, ReportTexts.cut(model.model().description()));
    }
    Map<String, String> pairs = new LinkedHashMap<>();
    if (!model.model().aliases().isEmpty()) {
      pairs.put("aliases", aliases(model.model().aliases()));
    }
    new TreeMap<>(model.model().tags())
        .entrySet().stream()
            .limit(20)
            .forEach(
                tag -> pairs.put(ReportTexts.cut(tag.getKey()), ReportTexts.cut(tag.getValue())));
    if (!pairs.isEmpty()) {
      Blocks.pairs(html, pairs);
    }
    versions(model.versions());
    history(model.history());
  }

  static String aliases(Map<String, Integer> aliases) {
    return String.join(
        ", ",
        new TreeMap<>(aliases)
            .entrySet().stream()
                .limit(20)
                .map(alias -> ReportTexts.cut(alias.getKey()) + " → " + alias.getValue())
                .toList());
  }

  private void versions(List<ModelVersion> versions) {
    DataTable table =
        new DataTable(html, "Versions", versions.size() > 20)
            .column("version", Kind.NUMBER)
            .column("state", Kind.TEXT)
            .column("aliases", Kind.TEXT)
            .column("flavor", Kind.TEXT)
            .column("size", Kind.NUMBER)
            .column("registered", Kind.TEXT)
            .column("by", Kind.TEXT)
            .column("run", Kind.TEXT)
            .column("description", Kind.PROSE);
    for (ModelVersion version : versions.subList(0, Math.min(MOST_VERSIONS, versions.size()))) {
      rows++;
      table.row().number(version.version());
      if (version.deleted()) {
        table.state(State.NONE, "deleted");
      } else if (version.quarantine().isPresent()) {
        table.state(State.BAD, "quarantined");
      } else {
        table.state(State.GOOD, "usable");
      }
      table.text(ReportTexts.cut(String.join(", ", new TreeSet<>(version.aliases()))));
      table.text(ReportTexts.cut(version.flavor()));
      table.number(version.size(), Format.bytes(version.size())).time(version.created());
      table.text(ReportTexts.cut(version.user())).text(run(version));
      table.text(ReportTexts.cut(version.description()));
    }
    table.end();
    if (versions.size() > MOST_VERSIONS) {
      html.leaf(
          Tag.P,
          "quiet",
          "The newest " + MOST_VERSIONS + " of " + Format.count(versions.size(), "version") + ".");
    }
  }

  private String run(ModelVersion version) {
    String id = version.lineage().run().orElse(null);
    String name = id == null ? "–" : runNames.get(id);
    return name != null ? name : ReportTexts.cut(RunIds.shortened(String.valueOf(id), 8));
  }

  private void history(List<AliasChange> history) {
    if (history.isEmpty()) {
      return;
    }
    html.leaf(Tag.P, "quiet", "What its aliases have pointed to, the newest change first:");
    DataTable table =
        new DataTable(html, "History of aliases", history.size() > 20)
            .column("alias", Kind.TEXT)
            .column("version", Kind.NUMBER)
            .column("before", Kind.NUMBER)
            .column("since", Kind.TEXT)
            .column("change", Kind.TEXT)
            .column("by", Kind.TEXT)
            .column("why", Kind.PROSE);
    for (AliasChange change : history.subList(0, Math.min(MOST_CHANGES, history.size()))) {
      rows++;
      table.row().text(ReportTexts.cut(change.alias()));
      number(table, change.version());
      number(table, change.previous());
      table.time(change.time());
      switch (change.kind()) {
        case SET -> table.text("set");
        case ROLLBACK -> table.state(State.WARN, "rolled back");
        case DELETE -> table.state(State.NONE, "deleted");
      }
      table.text(ReportTexts.cut(change.user())).text(ReportTexts.cut(change.reason()));
    }
    table.end();
    if (history.size() > MOST_CHANGES) {
      html.leaf(
          Tag.P,
          "quiet",
          "The newest " + MOST_CHANGES + " of " + Format.count(history.size(), "change") + ".");
    }
  }

  private static void number(DataTable table, @Nullable Integer version) {
    if (version == null) {
      table.none();
    } else {
      table.number(version);
    }
  }

  void quarantine() {
    List<ModelVersion> versions = report.quarantined();
    DataTable table =
        new DataTable(html, "Quarantined versions", versions.size() > 20)
            .column("model", Kind.TEXT)
            .column("version", Kind.NUMBER)
            .column("why", Kind.PROSE)
            .column("aliases", Kind.TEXT)
            .column("run", Kind.TEXT);
    for (ModelVersion version : versions.subList(0, Math.min(MOST_ROWS, versions.size()))) {
      table.row().text(ReportTexts.cut(version.name())).number(version.version());
      table.text(ReportTexts.cut(version.quarantine().orElse("")));
      table.text(ReportTexts.cut(String.join(", ", new TreeSet<>(version.aliases()))));
      table.text(run(version));
    }
    table.end();
  }

  void drift(@Nullable Path folder) {
    html.open(Tag.UL);
    for (Path file : report.drift()) {
      html.open(Tag.LI).open(Tag.A).linkTo(target(file, folder));
      html.text(ReportTexts.cut(file.toString())).close().close();
    }
    html.close();
  }

  /** A neighbour is linked to by its name, so that both can be moved together. */
  static URI target(Path file, @Nullable Path folder) {
    Path absolute = file.toAbsolutePath().normalize();
    if (folder == null || !absolute.startsWith(folder.normalize())) {
      return absolute.toUri();
    }
    try {
      String path = folder.normalize().relativize(absolute).toString().replace('\\', '/');
      return new URI(null, null, "./" + path, null);
    } catch (URISyntaxException e) {
      return absolute.toUri();
    }
  }
}
