package io.plumbline.internal.store;

import io.plumbline.NotFoundException;
import io.plumbline.StoreException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.journal.RunState;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.Artifact;
import java.io.ByteArrayInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Keeps and finds the files of runs. */
public final class Artifacts {
  private final Blobs blobs;
  private final RunReader reader;

  Artifacts(Blobs blobs, RunReader reader) {
    this.blobs = blobs;
    this.reader = reader;
  }

  /**
   * Captures a file, or a directory with all in it; links are followed.
   *
   * @param path where it goes in the run; {@code ""} puts a directory's content at the root
   * @throws IllegalArgumentException if there is no such file, or its name can't be a path
   */
  public Map<String, Blobs.Blob> capture(Path source, String path) {
    if (!Files.exists(source)) {
      throw new IllegalArgumentException("there is no file " + source + " to be kept");
    }
    Map<String, Blobs.Blob> captured = new LinkedHashMap<>();
    if (!Files.isDirectory(source)) {
      captured.put(Names.path(path), captureFile(source));
      return captured;
    }
    try (Stream<Path> files = Files.walk(source, FileVisitOption.FOLLOW_LINKS)) {
      List<Path> sorted = files.filter(Files::isRegularFile).sorted().toList();
      for (Path file : sorted) {
        List<String> parts = new ArrayList<>();
        source.relativize(file).forEach(part -> parts.add(part.toString()));
        String relative = String.join("/", parts);
        captured.put(
            Names.path(path.isEmpty() ? relative : path + "/" + relative), captureFile(file));
      }
    } catch (IOException | UncheckedIOException e) {
      throw new StoreException("the directory " + source + " can't be read: " + e, e);
    }
    return captured;
  }

  private Blobs.Blob captureFile(Path file) {
    try (InputStream in = new FileInputStream(file.toFile())) {
      return blobs.put(in);
    } catch (IOException e) {
      throw new StoreException("the file " + file + " can't be read: " + e, e);
    }
  }

  /** Captures some bytes. */
  public Map<String, Blobs.Blob> capture(byte[] content, String path) {
    return Map.of(Names.path(path), blobs.put(new ByteArrayInputStream(content)));
  }

  /** Lists one directory of a run's artifacts; {@code ""} is the root. */
  public List<Artifact> list(String runId, String directory) {
    String prefix = directory.isEmpty() ? "" : Names.path(directory) + "/";
    Map<String, Artifact> found = new TreeMap<>();
    all(runId)
        .forEach(
            (path, artifact) -> {
              if (path.startsWith(prefix)) {
                int slash = path.indexOf('/', prefix.length());
                String child = slash < 0 ? path : path.substring(0, slash);
                found.put(child, slash < 0 ? artifact : new Artifact(child, true, 0, null));
              }
            });
    return List.copyOf(found.values());
  }

  /** Returns all files of a run by path. */
  Map<String, Artifact> all(String runId) {
    RunState state = reader.state(runId);
    if (state == null) {
      throw EmbeddedStore.noRun(runId);
    }
    Map<String, Artifact> all = new TreeMap<>();
    for (Map.Entry<String, JsonObject> e : state.artifacts().entrySet()) {
      all.put(e.getKey(), RunJson.artifact(e.getValue()));
    }
    return all;
  }

  /** Opens a file of a run. */
  public InputStream open(String runId, String path) {
    return blobs.open(sha(file(runId, path)));
  }

  /**
   * Copies the content of a run's file, and checks it on the way.
   *
   * @throws io.plumbline.IntegrityException if the content does not have its digest any more
   */
  public void copy(Artifact file, Path target) {
    blobs.copy(sha(file), target);
  }

  private Artifact file(String runId, String path) {
    Artifact file = all(runId).get(path);
    if (file == null) {
      throw new NotFoundException("run " + runId + " has no artifact " + Printable.quote(path));
    }
    return file;
  }

  private static String sha(Artifact file) {
    return String.valueOf(file.sha256());
  }

  /** Copies a file or a directory into a folder; returns where it is then. */
  public Path download(String runId, String path, Path folder) {
    Map<String, Artifact> all = all(runId);
    String last = path.substring(path.lastIndexOf('/') + 1);
    if (all.containsKey(path)) {
      Path target = folder.resolve(last);
      blobs.copy(sha(file(runId, path)), target);
      return target;
    }
    String prefix = path.isEmpty() ? "" : Names.path(path) + "/";
    Path root = path.isEmpty() ? folder : folder.resolve(last);
    int copied = 0;
    for (Map.Entry<String, Artifact> e : all.entrySet()) {
      if (e.getKey().startsWith(prefix)) {
        Path target = root.resolve(e.getKey().substring(prefix.length())).normalize();
        if (!target.startsWith(root.normalize())) {
          throw new StoreException(
              "the artifact path " + Printable.quote(e.getKey()) + " leads out of " + folder);
        }
        blobs.copy(sha(e.getValue()), target);
        copied++;
      }
    }
    if (copied == 0 && !path.isEmpty()) {
      throw new NotFoundException("run " + runId + " has no artifact " + Printable.quote(path));
    }
    return root;
  }
}
