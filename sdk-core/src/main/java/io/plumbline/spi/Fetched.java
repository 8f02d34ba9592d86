package io.plumbline.spi;

import io.plumbline.StoreException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.store.Names;
import io.plumbline.model.Artifact;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** Copies files of a backend that has no better way, one after the other. */
final class Fetched {
  private Fetched() {}

  static void artifacts(RunStore runs, String runId, String path, Path folder) {
    List<Artifact> below = runs.artifacts(runId, path);
    if (below.isEmpty() && !path.isEmpty()) {
      copy(runs.openArtifact(runId, path), folder, path);
    }
    for (Artifact each : below) {
      if (each.directory()) {
        artifacts(runs, runId, each.path(), folder);
      } else {
        copy(runs.openArtifact(runId, each.path()), folder, each.path());
      }
    }
  }

  /** Writes beside and renames: half a file is never seen. */
  static void copy(InputStream content, Path folder, String path) {
    Path target = folder.resolve(Names.path(path));
    try (content) {
      Files.createDirectories(target.resolveSibling("."));
      Path fresh = target.resolveSibling(target.getFileName() + ".part");
      Files.copy(content, fresh, StandardCopyOption.REPLACE_EXISTING);
      Files.move(fresh, target, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new StoreException(
          "the artifact " + Printable.quote(path) + " could not be copied to " + target + ": " + e,
          e);
    }
  }
}
