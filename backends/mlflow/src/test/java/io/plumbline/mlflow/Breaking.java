package io.plumbline.mlflow;

import io.plumbline.internal.http.Http;
import io.plumbline.internal.http.HttpAnswer;
import io.plumbline.internal.http.HttpRequest;
import io.plumbline.internal.http.HttpSettings;
import io.plumbline.internal.http.HttpTransport;
import io.plumbline.internal.http.OkHttpTransport;
import io.plumbline.spi.CredentialProvider;
import io.plumbline.spi.Credentials;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Sends requests, and breaks off the one that it is told to. */
final class Breaking implements HttpTransport {
  private static final Duration LONG = Duration.ofSeconds(30); // the machine may be busy

  /** What becomes of a request. */
  enum How {
    LOST_REQUEST,
    LOST_ANSWER,
    BUSY
  }

  private final HttpTransport real =
      new OkHttpTransport(
          new HttpSettings(
              LONG,
              LONG,
              LONG,
              null,
              ProxySelector.of((InetSocketAddress) null),
              "plumbline-test"));
  private int left = -1;
  private How how = How.BUSY;

  /** Opens a backend whose requests go through this. */
  MlflowBackend open(String uri) {
    return new MlflowBackend(
        new Http(this, CredentialProvider.of(new Credentials.None()), LONG), uri);
  }

  /** Breaks off one of the requests that come now, counted from 1. */
  synchronized void at(int request, How what) {
    left = request;
    how = what;
  }

  /** Returns whether it came to that request; no other one is broken off. */
  synchronized boolean happened() {
    boolean happened = left == 0;
    left = -1;
    return happened;
  }

  private synchronized boolean isIt() {
    return left > 0 && --left == 0;
  }

  @Override
  public HttpAnswer send(HttpRequest request) throws IOException {
    if (!isIt()) {
      return real.send(request);
    }
    if (how == How.LOST_REQUEST) {
      throw new IOException("lost on the way there");
    }
    if (how == How.LOST_ANSWER) {
      real.send(request).close();
      throw new IOException("lost on the way back");
    }
    return new Busy();
  }

  @Override
  public void close() {
    real.close();
  }

  /** What a gateway says. */
  private static final class Busy implements HttpAnswer {
    @Override
    public int status() {
      return 503;
    }

    @Override
    public @Nullable String header(String name) {
      return null;
    }

    @Override
    public InputStream body() {
      return InputStream.nullInputStream();
    }

    @Override
    public void close() {}
  }
}
