package io.plumbline.mlflow;

import io.plumbline.IntegrityException;
import io.plumbline.NotFoundException;
import io.plumbline.ServerException;
import io.plumbline.TransportException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.Artifact;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Files that the server passes on to where it keeps artifacts. They are streamed in both
 * directions. Not every server says a length with a file, so the listing is asked what it must be.
 */
final class ArtifactProxy {
  private static final int MOST_FILES = 100_000;
  private static final int MOST_LEVELS = 32;
  private static final int LONGEST_PATH = 4_096;

  private final Rest rest;

  ArtifactProxy(Rest rest) {
    this.rest = rest;
  }

  /** Returns where the files of a root are. */
  ArtifactPlace place(String root) {
    return ArtifactPlace.of(root, rest.address());
  }

  // ---- writing

  /**
   * Sends a file, and asks what has arrived.
   *
   * @throws TransportException if it has not arrived whole; it may be sent again
   */
  void put(String root, String path, Path file) {
    put(root, Map.of(path, Sending.of(file)));
  }

  /** Sends files, several at the same time, and asks what has arrived. */
  void put(String root, Map<String, ? extends Sending> files) {
    new Uploads(rest, this).all(root, files);
  }

  // ---- listing

  /** Returns the file or directory of that path, if there is one. */
  Optional<Artifact> find(String root, String path) {
    int slash = path.lastIndexOf('/');
    return list(root, slash < 0 ? "" : path.substring(0, slash)).stream()
        .filter(file -> file.path().equals(path))
        .findFirst();
  }

  /** Lists a directory; the paths are relative to the root. */
  List<Artifact> list(String root, String directory) {
    ArtifactPlace place = place(root);
    if (!directory.isEmpty()) {
      ArtifactPlace.check(directory);
    }
    try {
      String url = place.api() + Rest.query(Map.of("path", place.within(directory)));
      return listing(rest.json(url, place.own()), directory, true);
    } catch (Refused e) {
      if (e.refusal().isMissing()) {
        return List.of();
      }
      throw e.refusal().exception(place.own());
    }
  }

  /** Lists all files, those in directories too. */
  List<Artifact> tree(String root) {
    return tree(root, "");
  }

  /** Lists all files below a directory; the paths are relative to the root. */
  List<Artifact> tree(String root, String directory) {
    List<Artifact> all = new ArrayList<>();
    walk(root, directory, 0, all);
    return all.stream().filter(each -> !each.directory()).toList();
  }

  private void walk(String root, String directory, int level, List<Artifact> all) {
    for (Artifact each : list(root, directory)) {
      all.add(each); // directories count too: a server could go on with them for ever
      if (each.directory() && level < MOST_LEVELS) {
        walk(root, each.path(), level + 1, all);
      }
      if (all.size() > MOST_FILES || level >= MOST_LEVELS) {
        throw new IntegrityException(
            "there are more than "
                + MOST_FILES
                + " files or "
                + MOST_LEVELS
                + " levels of directories below "
                + Printable.line(root));
      }
    }
  }

  /**
   * Reads a listing.
   *
   * @param directory what was listed
   * @param relative whether the answer's paths are relative to it
   * @return the files, with paths relative to the root
   */
  static List<Artifact> listing(JsonObject answer, String directory, boolean relative) {
    List<Artifact> files = new ArrayList<>();
    for (JsonObject file : answer.objects("files")) {
      boolean folder = file.boolOr("is_dir", false);
      String said = file.string("path");
      String path = relative && !directory.isEmpty() ? directory + "/" + said : said;
      checkSaid(path, directory);
      files.add(new Artifact(path, folder, folder ? 0 : size(file, path), null));
    }
    return files;
  }

  /** The server leaves the size of an empty file out. */
  private static long size(JsonObject file, String path) {
    long size = file.longOr("file_size", 0);
    if (size < 0) {
      throw new ServerException(
          0, "the server lists " + Printable.quote(path) + " with " + size + " bytes");
    }
    return size;
  }

  /** A path may become a file's name: one that leads out of its directory is an attack. */
  private static void checkSaid(String path, String directory) {
    boolean below = directory.isEmpty() || path.startsWith(directory + "/");
    boolean odd = path.isEmpty() || path.length() > LONGEST_PATH || path.indexOf('\0') >= 0;
    for (String segment : path.split("/", -1)) {
      odd |= segment.isEmpty() || segment.equals(".") || segment.equals("..");
    }
    if (odd || !below) {
      throw new ServerException(
          0, "the server lists a file that is not where it says: " + Printable.quote(path));
    }
  }

  // ---- reading

  /** Opens a file whose size the listing says; the caller closes it. */
  InputStream open(String root, String path, String of) {
    return open(root, path, of, 0, known(root, path, of).size());
  }

  /** Returns what the listing says of a file. */
  Artifact known(String root, String path, String of) {
    ArtifactPlace place = place(root); // what is not served is not listed either
    try {
      place.file(path);
    } catch (IllegalArgumentException e) {
      throw missing(path, of);
    }
    return find(root, path).filter(each -> !each.directory()).orElseThrow(() -> missing(path, of));
  }

  /**
   * Opens a file's content behind its first bytes: these are left out by a server that can, else
   * read and passed over. Reading throws {@link TransportException} if the exchange breaks, or ends
   * with another size.
   *
   * @param size the whole file's size
   */
  InputStream open(String root, String path, String of, long offset, long size) {
    Content content = new Reading(rest, place(root), path, of, size).from(offset, null).content();
    content.pass(offset);
    return content;
  }

  static NotFoundException missing(String path, String of) {
    return new NotFoundException(of + " has no file " + Printable.quote(path));
  }
}
