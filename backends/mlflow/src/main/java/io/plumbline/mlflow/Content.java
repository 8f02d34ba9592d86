package io.plumbline.mlflow;

import io.plumbline.TransportException;
import io.plumbline.internal.http.HttpAnswer;
import io.plumbline.internal.http.HttpRequest;
import java.io.IOException;
import java.io.InputStream;

/** A file on its way, whose size is known: one that ends earlier or later was broken. */
final class Content extends InputStream {
  private final Rest rest;
  private final HttpRequest request;
  private final HttpAnswer answer;
  private final InputStream in;
  private final long size;
  private long at;

  /**
   * Takes an answer.
   *
   * @param at where in the file the answer begins
   * @param size the whole file's size
   */
  Content(Rest rest, HttpRequest request, HttpAnswer answer, long at, long size) {
    this.at = at;
    this.rest = rest;
    this.request = request;
    this.answer = answer;
    this.in = answer.body();
    this.size = size;
  }

  /** Passes over what comes before a byte of the file. */
  void pass(long offset) {
    try {
      skipNBytes(Math.max(0, offset - at));
    } catch (IOException e) {
      close();
      throw rest.failure(request, e);
    } catch (TransportException e) {
      close();
      throw e;
    }
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    int read;
    try {
      read = in.read(buffer, offset, length);
    } catch (IOException e) {
      throw rest.failure(request, e);
    }
    at += Math.max(read, 0);
    if (read < 0 ? at != size : at > size) {
      throw new TransportException(
          request
              + " was answered with "
              + (read < 0 ? "" : "at least ")
              + at
              + " bytes; the file has "
              + size);
    }
    return read;
  }

  @Override
  public void close() {
    answer.close();
  }
}
