package io.plumbline.internal.config;

import io.plumbline.internal.Printable;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/**
 * Where something is kept: a path, a {@code file:} URI or a remote address.
 *
 * <p>An address may hold a password, so no message shows more of it than its scheme.
 */
final class StoreUriType implements ValueType<StoreUri> {

  /** What MLflow's Python client can open by itself, and a client in another process can not. */
  private static final Set<String> ONLY_MLFLOW =
      Set.of("sqlite", "postgresql", "mysql", "mssql", "databricks", "databricks-uc", "uc");

  @Override
  public String accepted() {
    return "a folder, a file: URI, the http(s) address of a server, or the address of another backend that"
        + " is on the class path, without user, password, ? and #";
  }

  @Override
  public StoreUri parse(String text) throws BadValueException {
    String stripped = text.strip();
    String scheme = scheme(stripped);
    String provider = scheme.contains("+") ? scheme.substring(0, scheme.indexOf('+')) : scheme;
    if (ONLY_MLFLOW.contains(provider) || ONLY_MLFLOW.contains(stripped)) {
      throw new BadValueException(
          "'"
              + (provider.isEmpty() ? stripped : provider)
              + "' is a store that only MLflow's Python client opens; name an MLflow server that"
              + " uses it, or set the plumbline key, which wins over MLflow's variable");
    }
    if (isHostAndPort(stripped)) {
      throw new BadValueException(
          Printable.quote(stripped)
              + " is neither an address nor clearly a folder; write http://"
              + Printable.line(stripped)
              + " for a server, or ./"
              + Printable.line(stripped)
              + " for a folder of that name");
    }
    if (scheme.isEmpty()) {
      return StoreUri.of(PathType.toPath(text));
    }
    return scheme.equals("file") ? file(stripped) : remote(stripped, scheme);
  }

  @Override
  public String format(StoreUri value) {
    return value.toString();
  }

  /** Returns the scheme in lower case, or nothing for a path; one letter is a drive of Windows. */
  private static String scheme(String text) {
    int colon = text.indexOf(':');
    if (colon < 2) {
      return "";
    }
    for (int i = 0; i < colon; i++) {
      char c = text.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      boolean later = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
      if (!letter && (i == 0 || !later)) {
        return "";
      }
    }
    return text.substring(0, colon).toLowerCase(Locale.ROOT);
  }

  /** A server's address that lacks its scheme; one letter is a drive of Windows. */
  private static boolean isHostAndPort(String text) {
    int slash = text.indexOf('/');
    String authority = slash < 0 ? text : text.substring(0, slash);
    int colon = authority.lastIndexOf(':');
    int digits = authority.length() - colon - 1;
    if (colon < 2 || digits < 1 || digits > 5) {
      return false;
    }
    for (int i = 0; i < authority.length(); i++) {
      char c = authority.charAt(i);
      boolean digit = c >= '0' && c <= '9';
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!digit && (i > colon || !(letter || ".-_:[]".indexOf(c) >= 0)) && i != colon) {
        return false;
      }
    }
    return true;
  }

  private static StoreUri file(String text) throws BadValueException {
    String path = text.substring("file:".length());
    if (!path.startsWith("/")) {
      return StoreUri.of(
          PathType.toPath(path)); // file:mlruns and file:./mlruns, as MLflow has them
    }
    try {
      String local =
          path.startsWith("//localhost/") ? path.substring("//localhost".length()) : path;
      return StoreUri.of(PathType.absolute(Path.of(new URI("file:" + local))));
    } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
      throw new BadValueException(
          Printable.quote(text) + " is not a file: URI of this machine (file:///folder)");
    }
  }

  private static StoreUri remote(String text, String scheme) throws BadValueException {
    URI uri;
    try {
      uri = new URI(trimSlashes(text));
    } catch (URISyntaxException e) {
      throw new BadValueException("the address that begins with '" + scheme + ":' is not a URI");
    }
    boolean http = scheme.equals("http") || scheme.equals("https");
    if (http && uri.getHost() == null) {
      throw new BadValueException("the address that begins with '" + scheme + ":' names no host");
    }
    String authority = uri.getRawAuthority();
    if (authority != null && authority.indexOf('@') >= 0) {
      throw new BadValueException(
          "the address that begins with '"
              + scheme
              + ":' holds credentials; put them into plumbline.tracking.username and .password");
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw new BadValueException(
          "the address that begins with '" + scheme + ":' has a part behind ? or #");
    }
    return StoreUri.of(uri);
  }

  private static String trimSlashes(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == '/') {
      end--;
    }
    return text.substring(0, end);
  }
}
