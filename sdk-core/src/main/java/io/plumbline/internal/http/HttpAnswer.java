package io.plumbline.internal.http;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** The answer to one request, whose content is still on its way; who got it closes it. */
public interface HttpAnswer extends AutoCloseable {
  /** Returns the HTTP status. */
  int status();

  /** Returns a header's value, or null; of several, the last one. */
  @Nullable String header(String name);

  /** Returns the content, as it comes. */
  InputStream body();

  /** Returns whether the request has had its effect: a status of 200 to 299. */
  default boolean successful() {
    return status() >= 200 && status() < 300;
  }

  /**
   * Reads the content, but no more than so many bytes of it.
   *
   * @return the content, or its first bytes
   */
  default byte[] start(int bytes) throws IOException {
    return body().readNBytes(bytes);
  }

  @Override
  void close();
}
