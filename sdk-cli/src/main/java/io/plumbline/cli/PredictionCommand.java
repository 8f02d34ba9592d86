package io.plumbline.cli;

import io.plumbline.NotFoundException;
import io.plumbline.drift.Profile;
import io.plumbline.drift.log.LogFilter;
import io.plumbline.drift.log.SystemColumn;
import io.plumbline.internal.Printable;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.Run;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.serving.PredictionLogger;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code prediction REQUEST_ID}: one prediction, and all that is known of it. */
@Command(
    name = "prediction",
    description = {
      "Finds one prediction in a prediction log: when it was made and by which version, the run and"
          + " the data that this version comes from, and where each value lies among those that it"
          + " was trained on.",
      "With --replay it scores the row again, and exits with 1 if something else comes out."
    },
    footer = "%nExample: plumbline prediction 2026-03-01-17 --replay")
final class PredictionCommand extends RegistryCommand {
  @Parameters(paramLabel = "REQUEST_ID", description = "The id of the request.")
  private String requestId = "";

  @Option(
      names = "--log",
      paramLabel = "PATH",
      description =
          "The log's folder, or one of its files; the store's folder predictions unless given.")
  private @Nullable Path log;

  @Option(names = "--model", paramLabel = "NAME", description = "Only rows of this model.")
  private @Nullable String model;

  @Option(
      names = "--model-version",
      paramLabel = "VERSION",
      description = "Only rows of this version.")
  private @Nullable String version;

  @Mixin private DayRange days = new DayRange();

  @Option(names = "--open", description = "Also look into parts that are still written to.")
  private boolean open;

  @Option(
      names = "--replay",
      description = "Score the logged values again with the same version, and compare.")
  private boolean replay;

  @Override
  void check() {
    if (days.isReversed()) {
      throw wrongCall("--to is before --from");
    }
  }

  @Override
  int work(ModelRegistry models) {
    Path place = log == null ? models.store().resolve(PredictionLogger.FOLDER) : log;
    LogFilter filter = new LogRange(model, version, days.from(), days.to()).filter();
    LoggedPrediction row =
        new PredictionFinder(place, open ? filter.withOpenParts() : filter).find(requestId);
    ModelVersion made = version(models, row);
    Profile profile = made == null ? null : profile(made, row);
    Map<String, FeaturePlace> places = new LinkedHashMap<>();
    if (profile != null) {
      row.values().keySet().forEach(name -> places.put(name, FeaturePlace.of(profile, row, name)));
    }
    Replay again = replay ? replay(models, made, row) : null;
    FoundPrediction found = new FoundPrediction(row, made, run(made), places, again);
    if (json()) {
      printJson(found.document());
    } else {
      new PredictionPage(console()).print(found);
    }
    return again == null || again.same() ? Main.OK : Main.WRONG;
  }

  /** The version that has made the row; null, and a note, if the registry does not have it. */
  private static @Nullable ModelVersion version(ModelRegistry models, LoggedPrediction row) {
    String name = row.text(SystemColumn.MODEL);
    String number = row.text(SystemColumn.MODEL_VERSION);
    try {
      if (models.findModel(name).isPresent()) {
        ModelVersion made = models.version(name, Integer.parseInt(number));
        made.quarantine().ifPresent(why -> row.notes().add("the version is quarantined: " + why));
        if (made.deleted()) {
          row.notes().add("the version is deleted");
        }
        return made;
      }
    } catch (NotFoundException | IllegalArgumentException e) {
      // An unregistered model, or a log from elsewhere: said below.
    }
    row.notes().add("the registry does not have " + Printable.line(name + "/" + number));
    return null;
  }

  private @Nullable Profile profile(ModelVersion made, LoggedPrediction row) {
    Profile profile = VersionParts.profile(files(), made);
    String counted = row.text(SystemColumn.PROFILE_ID);
    if (profile == null) {
      row.notes().add("the version has no reference profile");
    } else if (!counted.isEmpty() && !counted.equals(profile.id())) {
      row.notes().add("the row names another reference profile, " + Printable.line(counted));
    }
    return profile;
  }

  /** The run that has made the version, unless it is erased or in another store. */
  private @Nullable Run run(@Nullable ModelVersion made) {
    Optional<String> id = made == null ? Optional.empty() : made.lineage().run();
    try {
      return id.isEmpty() ? null : view().runs().find(id.get()).orElse(null);
    } catch (NotFoundException e) {
      return null; // no run is in this store
    }
  }

  private static Replay replay(
      ModelRegistry models, @Nullable ModelVersion made, LoggedPrediction row) {
    if (made == null) {
      return new Replay(List.of(), "the registry does not have the version");
    }
    if (!made.usable()) {
      return new Replay(List.of(), "the version is quarantined or deleted, and is not loaded");
    }
    return Replay.of(models, made, row);
  }
}
