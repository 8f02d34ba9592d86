package io.plumbline.mlflow;

import io.plumbline.IntegrityException;
import io.plumbline.NotFoundException;
import io.plumbline.ServerException;
import io.plumbline.StoreException;
import io.plumbline.TransportException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.http.HttpAnswer;
import io.plumbline.internal.http.HttpBody;
import io.plumbline.internal.http.HttpRequest;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.Artifact;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Files that the server passes on to where it keeps artifacts. They are streamed in both
 * directions. The server says no length with a file, so the listing is asked what it must be.
 */
final class ArtifactProxy {
  private static final int MOST_FILES = 100_000;
  private static final int MOST_LEVELS = 32;

  private final Rest rest;

  ArtifactProxy(Rest rest) {
    this.rest = rest;
  }

  private ArtifactPlace place(String root) {
    return ArtifactPlace.of(root, rest.base());
  }

  // ---- writing

  /** Sends a file. */
  void put(String root, String path, Path file) {
    long size;
    try {
      if (!Files.isRegularFile(file)) {
        throw new IllegalArgumentException("there is no file " + Printable.quote(file.toString()));
      }
      size = Files.size(file);
    } catch (IOException e) {
      throw new StoreException("cannot read " + Printable.quote(file.toString()) + ": " + e, e);
    }
    put(root, path, HttpBody.file(file, size));
  }

  /**
   * Sends a content, and asks what has arrived.
   *
   * @throws TransportException if it has not arrived whole; it may be sent again
   */
  void put(String root, String path, HttpBody content) {
    ArtifactPlace place = place(root);
    HttpRequest request = HttpRequest.of("PUT", place.file(path), content, null);
    try {
      rest.transfer(request, place.own()).close();
    } catch (Refused e) {
      throw e.refusal().exception();
    }
    long arrived = find(root, path).map(Artifact::size).orElse(-1L);
    if (arrived != content.length()) {
      throw new TransportException(
          request
              + " was accepted, but of "
              + content.length()
              + " bytes the server has "
              + (arrived < 0 ? "none" : String.valueOf(arrived)));
    }
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
      throw e.refusal().exception();
    }
  }

  /** Lists all files, those in directories too. */
  List<Artifact> tree(String root) {
    List<Artifact> files = new ArrayList<>();
    walk(root, "", 0, files);
    return files;
  }

  private void walk(String root, String directory, int level, List<Artifact> files) {
    for (Artifact each : list(root, directory)) {
      if (!each.directory()) {
        files.add(each);
      } else if (level < MOST_LEVELS) {
        walk(root, each.path(), level + 1, files);
      }
      if (files.size() > MOST_FILES || level >= MOST_LEVELS) {
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
      files.add(new Artifact(path, folder, folder ? 0 : file.longOr("file_size", 0), null));
    }
    return files;
  }

  /** A path may become a file's name: one that leads out of its directory is an attack. */
  private static void checkSaid(String path, String directory) {
    boolean below = directory.isEmpty() || path.startsWith(directory + "/");
    boolean odd = path.isEmpty() || path.indexOf('\0') >= 0;
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
    ArtifactPlace place = place(root); // what is not served is not listed either
    try {
      place.file(path);
    } catch (IllegalArgumentException e) {
      throw missing(path, of);
    }
    Artifact file =
        find(root, path).filter(each -> !each.directory()).orElseThrow(() -> missing(path, of));
    return open(root, path, of, 0, file.size());
  }

  /**
   * Opens a file's content behind its first bytes, which are read and passed over: the server gives
   * a file whole, or not at all. Reading throws {@link TransportException} if the exchange breaks,
   * or ends with another size.
   *
   * @param size the whole file's size
   */
  InputStream open(String root, String path, String of, long offset, long size) {
    ArtifactPlace place = place(root);
    String url;
    try {
      url = place.file(path);
    } catch (IllegalArgumentException e) {
      throw missing(path, of);
    }
    HttpRequest request = HttpRequest.of("GET", url, null, null);
    try {
      HttpAnswer answer = rest.transfer(request, place.own());
      Content content = new Content(rest, request, answer, size);
      content.pass(offset);
      return content;
    } catch (Refused e) {
      Refusal refusal = e.refusal();
      if (refusal.isMissing() || refusal.message().contains("refers to a directory")) {
        throw missing(path, of);
      }
      throw refusal.exception();
    }
  }

  static NotFoundException missing(String path, String of) {
    return new NotFoundException(of + " has no file " + Printable.quote(path));
  }
}
