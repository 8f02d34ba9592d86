package io.plumbline.internal.http;

import java.io.IOException;

/** Sends requests: the port behind which the HTTP library is. Safe for many threads. */
public interface HttpTransport extends AutoCloseable {
  /**
   * Sends a request once and waits for the head of the answer. Neither failures nor refusals nor
   * redirections are followed by another request.
   *
   * @throws IOException if there is no answer in time
   */
  HttpAnswer send(HttpRequest request) throws IOException;

  @Override
  void close();
}
