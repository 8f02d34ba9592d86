package io.plumbline.mlflow;

import io.plumbline.ConfigException;
import io.plumbline.NotFoundException;
import io.plumbline.StoreException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.http.HttpAnswer;
import io.plumbline.internal.http.HttpBody;
import io.plumbline.internal.http.HttpRequest;
import io.plumbline.internal.http.UrlText;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.internal.store.Names;
import io.plumbline.model.Artifact;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Files that the server passes on to where it keeps artifacts. */
final class ArtifactProxy {
  private static final String SCHEME = "mlflow-artifacts:";
  private static final String API = "/api/2.0/mlflow-artifacts/artifacts/";

  /** The server decodes names until nothing changes, and refuses what it then finds. */
  private static final Pattern REFUSED = Pattern.compile("#|%[0-9A-Fa-f]{2}");

  private final Rest rest;

  ArtifactProxy(Rest rest) {
    this.rest = rest;
  }

  /**
   * Returns the address of a file.
   *
   * @param root where the server keeps a run's or a model's files, as it says
   * @throws IllegalArgumentException if the path is none that the server takes
   */
  private String url(String root, String path) {
    return place(root) + UrlText.encodePath(check(path));
  }

  private String place(String root) {
    if (!root.startsWith(SCHEME)) {
      throw new ConfigException(
          "plumbline.tracking.uri",
          rest.base(),
          "the server keeps artifacts at "
              + Printable.line(scheme(root))
              + ", which it does not pass on, and there is no backend for such places yet",
          "a server that is started with --serve-artifacts (the default) and --artifacts-destination");
    }
    String rooted = root.substring(SCHEME.length());
    String server = rest.base();
    if (rooted.startsWith("//")) {
      int path = rooted.indexOf('/', 2);
      String host = rooted.substring(2, path < 0 ? rooted.length() : path);
      server = server.substring(0, server.indexOf("//")) + "//" + host;
      rooted = path < 0 ? "" : rooted.substring(path);
    }
    String clean = rooted.replaceFirst("^/+", "");
    return server + API + (clean.isEmpty() ? "" : UrlText.encodePath(clean) + "/");
  }

  private static String scheme(String root) {
    int colon = root.indexOf(':');
    return colon < 0 ? "a folder" : root.substring(0, colon + 1) + "...";
  }

  private static String check(String path) {
    Names.path(path);
    if (REFUSED.matcher(path).find()) {
      throw new IllegalArgumentException(
          "MLflow takes no artifact path with '#' or with a percent sign before two hex digits, as"
              + " in "
              + Printable.quote(path));
    }
    return path;
  }

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

  /** Sends a content. */
  void put(String root, String path, HttpBody content) {
    try {
      rest.transfer(HttpRequest.of("PUT", url(root, path), content, null)).close();
    } catch (Refused e) {
      throw e.refusal().exception();
    }
  }

  /** Opens a file's content, which the caller closes. */
  InputStream open(String root, String path, String of) {
    return open(root, path, of, 0);
  }

  /**
   * Opens a file's content behind its first bytes, which are read and passed over: the server gives
   * a file whole, or not at all.
   */
  InputStream open(String root, String path, String of, long offset) {
    String url;
    try {
      url = url(root, path);
    } catch (IllegalArgumentException e) {
      throw missing(path, of);
    }
    HttpRequest request = HttpRequest.of("GET", url, null, null);
    try {
      HttpAnswer answer = rest.transfer(request);
      try {
        answer.body().skipNBytes(offset);
      } catch (IOException e) {
        answer.close();
        throw rest.failure(request, e);
      }
      return new Content(answer);
    } catch (Refused e) {
      Refusal refusal = e.refusal();
      if (refusal.isMissing() || refusal.message().contains("refers to a directory")) {
        throw missing(path, of);
      }
      throw refusal.exception();
    }
  }

  private static NotFoundException missing(String path, String of) {
    return new NotFoundException(of + " has no file " + Printable.quote(path));
  }

  /** Reads a listing; its paths are relative to the root. */
  static List<Artifact> listing(JsonObject answer) {
    List<Artifact> files = new ArrayList<>();
    for (JsonObject file : answer.objects("files")) {
      boolean directory = file.boolOr("is_dir", false);
      files.add(
          new Artifact(
              file.string("path"), directory, directory ? 0 : file.longOr("file_size", 0), null));
    }
    return files;
  }

  /** Ends the exchange when the reader is done. */
  private static final class Content extends FilterInputStream {
    private final HttpAnswer answer;

    Content(HttpAnswer answer) {
      super(answer.body());
      this.answer = answer;
    }

    @Override
    public void close() {
      answer.close();
    }
  }
}
