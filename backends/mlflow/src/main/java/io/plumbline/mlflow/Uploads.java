package io.plumbline.mlflow;

import io.plumbline.PlumblineException;
import io.plumbline.TransportException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.http.HttpRequest;
import io.plumbline.model.Artifact;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Sends files: several at a time, a large one in parts if the server offers that. */
final class Uploads {
  private final Rest rest;
  private final ArtifactProxy proxy;
  private final Multipart multipart;

  Uploads(Rest rest, ArtifactProxy proxy) {
    this.rest = rest;
    this.proxy = proxy;
    this.multipart = new Multipart(rest);
  }

  /**
   * Sends files, and asks what has arrived: each directory is listed once, however many are sent
   * into it. What was there is replaced.
   *
   * @param files the contents, by their paths below the root
   * @throws TransportException if something has not arrived whole; it may be sent again
   */
  void all(String root, Map<String, ? extends Sending> files) {
    ArtifactPlace place = proxy.place(root);
    files.keySet().forEach(ArtifactPlace::check);
    List<Runnable> tasks = new ArrayList<>();
    files.entrySet().stream()
        // The longest first: at the end nothing large is waited for alone.
        .sorted(Comparator.comparingLong(file -> -file.getValue().length()))
        .forEach(file -> tasks.add(() -> send(place, file.getKey(), file.getValue())));
    if (!tasks.isEmpty()) {
      rest.files().all(tasks);
      verify(root, files);
    }
  }

  /** Sends what is not there with its size already: for a folder that has only these files. */
  void missing(String root, Map<String, ? extends Sending> files) {
    Map<String, Long> there = new HashMap<>();
    proxy.tree(root).forEach(file -> there.put(file.path(), file.size()));
    Map<String, Sending> missing = new HashMap<>();
    files.forEach(
        (path, content) -> {
          if (there.getOrDefault(path, -1L) != content.length()) {
            missing.put(path, content);
          }
        });
    all(root, missing);
  }

  private void send(ArtifactPlace place, String path, Sending content) {
    try {
      if (!multipart.send(place, path, content)) {
        HttpRequest request = HttpRequest.of("PUT", place.file(path), content, null);
        rest.accepted(request.silentFor(rest.patience(content.length())), place.own());
      }
    } catch (Refused e) {
      throw e.refusal().exception(place.own());
    } catch (PlumblineException e) {
      throw Sending.Unreadable.in(e);
    }
  }

  private void verify(String root, Map<String, ? extends Sending> files) {
    Map<String, Map<String, Long>> listed = new HashMap<>();
    files.forEach(
        (path, content) -> {
          int slash = path.lastIndexOf('/');
          String folder = slash < 0 ? "" : path.substring(0, slash);
          long arrived =
              listed.computeIfAbsent(folder, each -> sizes(root, each)).getOrDefault(path, -1L);
          if (arrived != content.length()) {
            throw new TransportException(
                "the upload of "
                    + Printable.quote(path)
                    + " to "
                    + rest.base()
                    + " was accepted, but of "
                    + content.length()
                    + " bytes the server has "
                    + (arrived < 0 ? "none" : String.valueOf(arrived)));
          }
        });
  }

  private Map<String, Long> sizes(String root, String folder) {
    Map<String, Long> sizes = new HashMap<>();
    for (Artifact file : proxy.list(root, folder)) {
      if (!file.directory()) {
        sizes.put(file.path(), file.size());
      }
    }
    return sizes;
  }
}
