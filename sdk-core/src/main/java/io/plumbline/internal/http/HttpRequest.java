package io.plumbline.internal.http;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request.
 *
 * @param method such as {@code GET}
 * @param url the whole address, encoded
 * @param headers names and values; credentials are not among them
 * @param body what is sent, or null
 * @param timeout for the whole attempt, the answer's content included; null for a transfer of any
 *     length, in which only silence is limited
 * @param silence the longest silence before the answer and in it, where that is longer than the
 *     usual one; null for the usual one
 */
public record HttpRequest(
    String method,
    String url,
    Map<String, String> headers,
    @Nullable HttpBody body,
    @Nullable Duration timeout,
    @Nullable Duration silence) {
  /** A request whose answer may be as silent as others. */
  public HttpRequest(
      String method,
      String url,
      Map<String, String> headers,
      @Nullable HttpBody body,
      @Nullable Duration timeout) {
    this(method, url, headers, body, timeout, null);
  }

  /** Copies the headers. */
  public HttpRequest {
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(url, "url");
    headers = Map.copyOf(headers);
  }

  /** A request without headers of its own. */
  public static HttpRequest of(
      String method, String url, @Nullable HttpBody body, @Nullable Duration timeout) {
    return new HttpRequest(method, url, Map.of(), body, timeout);
  }

  /** The same request with one more header. */
  public HttpRequest header(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new HttpRequest(method, url, more, body, timeout, silence);
  }

  /** The same request, whose answer may be silent for so long. */
  public HttpRequest silentFor(Duration longest) {
    return new HttpRequest(method, url, headers, body, timeout, longest);
  }

  /** Method and address, without what stands behind a question mark. */
  @Override
  public String toString() {
    int query = url.indexOf('?');
    return method + " " + (query < 0 ? url : url.substring(0, query));
  }
}
