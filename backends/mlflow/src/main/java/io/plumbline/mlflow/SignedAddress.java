package io.plumbline.mlflow;

import io.plumbline.internal.http.HttpBody;
import io.plumbline.internal.http.HttpRequest;
import io.plumbline.internal.json.JsonObject;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An address of the place behind the server, which may be used for one thing for a while: whoever
 * has it needs no other credentials, and gets none of ours.
 *
 * @param headers what must be sent with it
 */
record SignedAddress(String url, Map<String, String> headers) {
  private static final int LONGEST = 16_384;
  private static final int MOST_HEADERS = 32;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9-]{1,100}");
  private static final Pattern VALUE = Pattern.compile("[ -~]{0,4000}");
  private static final Pattern LOOPBACK = Pattern.compile("localhost|127\\.[0-9.]+|\\[::1]");

  /** What the HTTP library says, or what would be said in our name. */
  private static final Set<String> NOT_THEIRS =
      Set.of(
          "host",
          "content-length",
          "transfer-encoding",
          "connection",
          "authorization",
          "cookie",
          "proxy-authorization",
          "range",
          "if-range",
          "accept-encoding",
          "user-agent");

  /**
   * Reads an address that a server gives.
   *
   * @param json has {@code url} and {@code headers}
   * @param server the server's own address
   * @return nothing if it is not one that contents may be sent to: it must be https, or http where
   *     the server is that too, or of this machine
   */
  static Optional<SignedAddress> of(JsonObject json, String server) {
    String url = json.stringOrEmpty("url");
    Map<String, String> headers = new LinkedHashMap<>();
    JsonObject said = json.objectOrNull("headers");
    if (said != null) {
      for (Map.Entry<String, ? extends @Nullable Object> each : said.asMap().entrySet()) {
        String value = String.valueOf(each.getValue());
        if (!NAME.matcher(each.getKey()).matches()
            || NOT_THEIRS.contains(each.getKey().toLowerCase(Locale.ROOT))
            || !VALUE.matcher(value).matches()
            || headers.size() == MOST_HEADERS) {
          return Optional.empty();
        }
        headers.put(each.getKey(), value);
      }
    }
    return isAcceptable(url, server)
        ? Optional.of(new SignedAddress(url, headers))
        : Optional.empty();
  }

  private static boolean isAcceptable(String url, String server) {
    if (url.length() > LONGEST) {
      return false;
    }
    try {
      URI uri = new URI(url);
      String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
      String host = uri.getHost();
      if (host == null || uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
        return false;
      }
      boolean plain = server.startsWith("http:") || LOOPBACK.matcher(host).matches();
      return scheme.equals("https") || (scheme.equals("http") && plain);
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /**
   * Returns a request to it; of any length in time, because it is for large contents. Nothing packs
   * the answer on its way: it would get another tag.
   */
  HttpRequest request(String method, @Nullable HttpBody body) {
    return new HttpRequest(method, url, headers, body, null).header("Accept-Encoding", "identity");
  }
}
