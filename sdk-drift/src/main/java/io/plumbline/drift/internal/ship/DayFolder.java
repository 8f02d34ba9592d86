package io.plumbline.drift.internal.ship;

import io.plumbline.drift.internal.log.LogPaths;
import io.plumbline.internal.digest.Sha256;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.Artifact;
import io.plumbline.spi.RunStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** One day's folder of a log, and what its destination has of it. */
final class DayFolder {
  /** Where logs are among the artifacts of a run; below it the folders are those of the log. */
  static final String ARTIFACTS = "predictions";

  private static final long LARGEST_SCHEMA = 64 << 20;

  private final RunStore runs;
  private final String run;
  private final String path;
  private final Map<String, Artifact> there = new HashMap<>();

  private DayFolder(RunStore runs, String run, String path) {
    this.runs = runs;
    this.run = run;
    this.path = path;
    for (Artifact artifact : runs.artifacts(run, path)) {
      there.put(artifact.path(), artifact);
    }
  }

  /**
   * Looks at a day's folder and at what its destination has of it, and sees to it that this has the
   * folder's {@code _schema.json}.
   *
   * @throws Refused if the folder is none of a log, or does not say whose it is
   */
  static DayFolder of(Path root, Path folder, Homes homes, RunStore runs)
      throws Refused, IOException {
    Path below = root.relativize(folder);
    Path schema = folder.resolve(LogPaths.SCHEMA_FILE);
    JsonObject said = read(schema);
    String model;
    String version;
    try {
      model = said.string("model");
      version = said.string("version");
    } catch (JsonException e) {
      throw new Refused(schema + " is damaged: " + e.getMessage());
    }
    // Nothing is trusted from files: what this one says must be what its folder is called.
    if (below.getNameCount() != 3
        || !below.getName(0).toString().equals(LogPaths.MODEL + LogPaths.encode(model))
        || !below.getName(1).toString().equals(LogPaths.VERSION + LogPaths.encode(version))) {
      throw new Refused(schema + " is of another model or version than its folder");
    }
    StringBuilder path = new StringBuilder(ARTIFACTS);
    below.forEach(name -> path.append('/').append(name));
    DayFolder day = new DayFolder(runs, homes.runOf(runs, model, version), path.toString());
    day.put(schema, true);
    return day;
  }

  private static JsonObject read(Path schema) throws Refused, IOException {
    try {
      if (Files.size(schema) > LARGEST_SCHEMA) {
        throw new Refused(schema + " is too large to be what it says");
      }
      return JsonObject.of(Json.parse(Files.readAllBytes(schema)), LogPaths.SCHEMA_FILE);
    } catch (NoSuchFileException e) {
      throw new Refused(schema + " is gone: it says whose the parts beside it are");
    } catch (JsonException e) {
      throw new Refused(schema + " is damaged: " + e.getMessage());
    }
  }

  String run() {
    return run;
  }

  String pathOf(Path file) {
    return path + "/" + file.getFileName();
  }

  /**
   * Sees to it that the destination has a file; returns the file's digest.
   *
   * @param changes whether the file may have had another content before
   * @throws Refused if the destination has another content in its place
   */
  String put(Path file, boolean changes) throws Refused, IOException {
    String to = pathOf(file);
    Sha256.FileDigest digest = Sha256.of(file);
    Artifact known = there.get(to);
    if (known != null) {
      // It has arrived before, and whoever sent it did not live to note that.
      boolean same =
          known.sha256() == null
              ? !changes && known.size() == digest.size()
              : Objects.equals(known.sha256(), digest.sha256());
      if (same) {
        return digest.sha256();
      }
      if (known.sha256() != null && !changes) {
        throw new Refused(
            "run " + run + " has another content at " + to + "; " + file + " is kept here");
      }
    }
    runs.putArtifact(run, to, file);
    there.put(to, new Artifact(to, false, digest.size(), digest.sha256()));
    return digest.sha256();
  }
}
