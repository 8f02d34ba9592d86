package io.plumbline.mlflow;

import io.plumbline.ConfigException;
import io.plumbline.ServerException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.http.UrlText;
import io.plumbline.internal.store.Names;
import java.util.regex.Pattern;

/**
 * Where a run's or a model's files are, for a server that passes them on.
 *
 * @param api the address of the server's artifacts, without a slash at the end
 * @param folder the folder in it; may be empty
 * @param own whether it is the tracking server itself, which may see our credentials
 */
record ArtifactPlace(String api, String folder, boolean own) {
  /** Of the places that the server passes on. */
  static final String SCHEME = "mlflow-artifacts:";

  private static final String SERVICE = "/api/2.0/mlflow-artifacts/";
  private static final String API = SERVICE + "artifacts";

  /** The server decodes names until nothing changes, and refuses what it then finds. */
  private static final Pattern REFUSED = Pattern.compile("#|%[0-9A-Fa-f]{2}");

  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._\\[\\]:-]{1,255}");

  /**
   * Reads where the server says that files are.
   *
   * @param root {@code mlflow-artifacts:/...}, or {@code mlflow-artifacts://host:port/...}
   * @param address the tracking server's
   * @throws ConfigException if the server does not pass them on
   */
  static ArtifactPlace of(String root, ServerAddress address) {
    if (!root.startsWith(SCHEME)) {
      throw notServed(root, address);
    }
    String base = address.base();
    String rooted = root.substring(SCHEME.length());
    String server = base;
    boolean own = true;
    if (rooted.startsWith("//")) {
      int end = rooted.indexOf('/', 2);
      String host = rooted.substring(2, end < 0 ? rooted.length() : end);
      rooted = end < 0 ? "" : rooted.substring(end);
      if (!host.isEmpty()) {
        if (!HOST.matcher(host).matches()) {
          throw notServed(root, address);
        }
        int from = base.indexOf("//") + 2;
        int to = base.indexOf('/', from);
        String path = to < 0 ? "" : base.substring(to);
        own = base.substring(from, to < 0 ? base.length() : to).equalsIgnoreCase(host);
        server = base.substring(0, from) + host + path;
      }
    }
    String folder = rooted.replaceAll("^/+|/+$", "");
    if (!folder.isEmpty()) {
      checkSaid(folder);
    }
    return new ArtifactPlace(server + API, folder, own);
  }

  private static ConfigException notServed(String root, ServerAddress address) {
    int colon = root.indexOf(':');
    return new ConfigException(
        address.key(),
        address.source(),
        "the server keeps artifacts at "
            + (colon < 0
                ? "a folder of its own"
                : Printable.line(root.substring(0, colon + 1)) + "...")
            + ", which "
            + address.base()
            + " does not pass on, and there is no backend for such places yet",
        "a server that is started with --serve-artifacts (the default) and"
            + " --artifacts-destination");
  }

  /** A place that leads elsewhere is no mistake of who has a file for it. */
  private static void checkSaid(String folder) {
    try {
      check(folder);
    } catch (IllegalArgumentException e) {
      throw new ServerException(
          200, "the server says of where it keeps artifacts: " + e.getMessage(), e);
    }
  }

  /**
   * Checks a path before it becomes part of an address, where {@code ..} would lead elsewhere.
   *
   * @throws IllegalArgumentException if the path is none that the server takes
   */
  static String check(String path) {
    Names.path(path);
    if (REFUSED.matcher(path).find()) {
      throw new IllegalArgumentException(
          "MLflow takes no artifact path with '#' or with a percent sign before two hex digits, as"
              + " in "
              + Printable.quote(path));
    }
    return path;
  }

  /**
   * Returns the address of a file.
   *
   * @throws IllegalArgumentException if the path is none that the server takes
   */
  String file(String path) {
    return api + "/" + UrlText.encodePath(within(check(path)));
  }

  /**
   * Returns the address for something that is done to a file that is sent in parts.
   *
   * @param folder the path of its folder from the server's root
   */
  String multipart(String what, String folder) {
    return service() + "mpu/" + what + "/" + UrlText.encodePath(folder);
  }

  /** Returns the address where the address of a file behind the server is asked for. */
  String signed(String path) {
    return service() + "presigned/" + UrlText.encodePath(within(check(path)));
  }

  private String service() {
    return api.substring(0, api.length() - API.length()) + SERVICE;
  }

  /** Returns the path from the server's root, of one that is checked or empty. */
  String within(String path) {
    return folder.isEmpty() ? path : path.isEmpty() ? folder : folder + "/" + path;
  }
}
